import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml'
import { isGpuIndex, cdiDevice, readCudaVisible } from '../../files/gpus'
import { interpolate } from '../../files/interpolation'
import type { Project, ServiceView } from '../model'
import { at, fixIn, ownPart, serviceRule, type Draft, type FixDraft } from '../rule'
import { environmentOf, find, findEntry } from '../service'
import type { TextEdit } from '../text'
import {
  appendItem,
  contentOf,
  entryOf,
  insertInto,
  itemsOf,
  rangeOf,
  removeEntry,
  replaceNode,
  textOf,
  valueOf,
  type YamlFile,
} from '../yaml'

interface DeviceNode {
  file: YamlFile
  device: YAMLMap
  /** Under `gpus:` capabilities need not be said. */
  isShort: boolean
}

/** Requests for GPUs, under `deploy` and under `gpus:`. */
function devicesOf(service: ServiceView): DeviceNode[] {
  const places = [
    { found: find(service, 'deploy', 'resources', 'reservations', 'devices'), isShort: false },
    { found: find(service, 'gpus'), isShort: true },
  ]
  return places.flatMap(({ found, isShort }) =>
    found
      ? itemsOf(found.file, found.node).flatMap((device) =>
          isMap(device) ? [{ file: found.file, device, isShort }] : [],
        )
      : [],
  )
}

/** GPUs by CDI, in `devices:`. */
function cdiNodes(service: ServiceView, project: Project): { file: YamlFile; item: Node; text: string }[] {
  const found = find(service, 'devices')
  if (!found) return []
  return itemsOf(found.file, found.node).flatMap((item) => {
    const text = interpolate(textOf(item) ?? '', project.variables)
    return cdiDevice(text) === null ? [] : [{ file: found.file, item, text }]
  })
}

/** A device without capabilities, which Compose refuses. */
export const gpuCapabilities = serviceRule('gpu-capabilities', (service) =>
  devicesOf(service).flatMap(({ file, device, isShort }, index): Draft[] => {
    if (isShort || valueOf(file, device, 'capabilities')) return []
    const fix = fixIn(file, [insertInto(file, device, ['capabilities: [gpu]'])], {
      problem: 'lint.fix-capabilities',
      needs: 'recreate',
    })
    return [
      { ...at(file, device), severity: 'danger', problem: 'lint.gpu-capabilities', key: String(index), fixes: [fix] },
    ]
  }),
)

/** Both, which Compose refuses. */
export const gpuCountAndIds = serviceRule('gpu-count-and-ids', (service) =>
  devicesOf(service).flatMap(({ file, device }, index): Draft[] => {
    const count = entryOf(file, device, 'count')
    if (!count || !valueOf(file, device, 'device_ids')) return []
    const fix = fixIn(file, [removeEntry(file, count)], { problem: 'lint.fix-count', needs: 'recreate' })
    return [
      {
        ...at(file, count.keyNode),
        severity: 'danger',
        problem: 'lint.gpu-count-and-ids',
        key: String(index),
        fixes: [fix],
      },
    ]
  }),
)

const isIndexList = (text: string) => text.split(',').every(isGpuIndex)

/** GPUs that are chosen by their number, in device_ids or in a variable. */
export const gpuByIndex = serviceRule('gpu-by-index', (service, project): Draft[] => {
  const { variables } = project
  const ids = devicesOf(service).flatMap(({ file, device }) => {
    const node = valueOf(file, device, 'device_ids')
    return itemsOf(file, node).map((item) => ({ file, item, text: interpolate(textOf(item) ?? '', variables) }))
  })
  const byIndex = [...ids, ...cdiNodes(service, project)].find(({ text }) => isIndexList(text))
  const variable = environmentOf(service, variables).find(
    ({ key, value }) => (key === 'CUDA_VISIBLE_DEVICES' || key === 'NVIDIA_VISIBLE_DEVICES') && isIndexList(value),
  )
  const place = byIndex ? at(byIndex.file, byIndex.item) : variable ? at(variable.file, variable.node) : null
  if (!place) return []
  const index = (byIndex && (cdiDevice(byIndex.text) ?? byIndex.text)) ?? variable?.value ?? ''
  return [
    {
      ...place,
      severity: 'warning',
      problem: 'lint.gpu-by-index',
      params: { index },
      key: 'index',
      // A name by CDI is whatever this machine's list of devices says: only a person knows it.
      fixes: cdiNodes(service, project).length > 0 ? [] : gpuFixes(service, project),
    },
  ]
})

/** A word that CUDA does not know, such as `all`: it then sees no GPU, or not those behind it. */
export const cudaVisible = serviceRule('cuda-visible', (service, project): Draft[] => {
  const variable = environmentOf(service, project.variables).find(({ key }) => key === 'CUDA_VISIBLE_DEVICES')
  const read = variable?.written === null ? null : readCudaVisible(variable?.value)
  // Empty and -1 are how GPUs are hidden on purpose.
  if (!variable || !read || read.stopsAt === null || /^(?:-\d+)?$/.test(read.stopsAt)) return []
  return [
    {
      ...at(variable.file, variable.node),
      severity: 'danger',
      problem: 'lint.cuda-visible',
      params: { value: read.stopsAt.slice(0, 60) },
      key: 'cuda',
      fixes: gpuFixes(service, project),
    },
  ]
})

/** `count` alone: the first cards, whoever uses them. */
export const gpuCount = serviceRule('gpu-count', (service, project) =>
  devicesOf(service).flatMap(({ file, device }, index): Draft[] => {
    const count = entryOf(file, device, 'count')
    const text = textOf(count?.value ?? null)
    if (!count || text === null || !/^\d+$/.test(text) || valueOf(file, device, 'device_ids')) return []
    const severity = project.facts.gpus.length === 1 ? 'hint' : 'warning'
    return [
      {
        ...at(file, count.keyNode),
        severity,
        problem: 'lint.gpu-count',
        params: { count: text },
        key: String(index),
        fixes: gpuFixes(service, project),
      },
    ]
  }),
)

/** One fix for each card of this machine: which one is meant, only a person knows. The service's own comes first. */
function gpuFixes(service: ServiceView, project: Project): (FixDraft | null)[] {
  const { gpus, gpuUuid } = project.facts
  const sorted = [...gpus].sort((a, b) => Number(b.uuid === gpuUuid) - Number(a.uuid === gpuUuid) || a.index - b.index)
  return sorted.map(({ uuid, name }) => {
    const edits = [...deviceEdits(service, uuid), ...variableEdits(service, project, uuid)]
    const short = `${uuid.slice(0, 12)}…`
    const changes = new Map<YamlFile, TextEdit[]>()
    for (const edit of edits) {
      if (edit === null) return null
      changes.set(edit.file, [...(changes.get(edit.file) ?? []), edit.edit])
    }
    return {
      problem: 'lint.fix-gpu',
      params: { name, short },
      needs: 'recreate',
      changes: [...changes].map(([file, all]) => ({ source: file.source, edits: all })),
    }
  })
}

type FileEdit = { file: YamlFile; edit: TextEdit } | null
const inFile = (file: YamlFile, edit: TextEdit | null): FileEdit => edit && { file, edit }

function deviceEdits(service: ServiceView, uuid: string): FileEdit[] {
  return devicesOf(service).flatMap(({ file, device }) => {
    const ids = valueOf(file, device, 'device_ids')
    const count = entryOf(file, device, 'count')
    if (isSeq(ids)) {
      const [first, ...others] = itemsOf(file, ids)
      if (!first || others.length > 0) return [inFile(file, ids.flow ? replaceNode(ids, `['${uuid}']`) : null)]
      return [inFile(file, replaceNode(first, `'${uuid}'`))]
    }
    if (!count?.value) return [inFile(file, insertInto(file, device, [`device_ids: ['${uuid}']`]))]
    const edit = { start: rangeOf(count.keyNode).start, end: rangeOf(count.value).end, text: `device_ids: ['${uuid}']` }
    return [inFile(file, edit)]
  })
}

function variableEdits(service: ServiceView, project: Project, uuid: string): FileEdit[] {
  const present = environmentOf(service, project.variables)
  const wanted = { CUDA_VISIBLE_DEVICES: uuid, CUDA_DEVICE_ORDER: 'PCI_BUS_ID' }
  const edits: FileEdit[] = []
  const missing: [string, string][] = []
  for (const [key, value] of Object.entries(wanted)) {
    const found = present.find((variable) => variable.key === key)
    if (!found) missing.push([key, value])
    else if (found.value !== value) edits.push(inFile(found.file, setVariable(found, value)))
  }
  const nvidia = present.find(({ key, value }) => key === 'NVIDIA_VISIBLE_DEVICES' && isIndexList(value))
  if (nvidia) edits.push(inFile(nvidia.file, setVariable(nvidia, uuid)))
  if (missing.length > 0) edits.push(...addVariables(service, missing))
  return edits
}

function setVariable(
  found: { file: YamlFile; node: Node; key: string; isListItem: boolean },
  value: string,
): TextEdit | null {
  const content = isScalar(found.node) ? contentOf(found.file, found.node) : null
  if (content === null) return null
  return { start: content.start, end: content.end, text: found.isListItem ? `${found.key}=${value}` : value }
}

function addVariables(service: ServiceView, missing: [string, string][]): FileEdit[] {
  const environment = findEntry(service, 'environment')
  const part = ownPart(service)
  if (!environment) {
    const lines = missing.map(([key, value]) => `  ${key}: ${value}`)
    return part ? [inFile(part.file, insertInto(part.file, part.map, ['environment:', ...lines]))] : [null]
  }
  const { file, entry } = environment
  const node = entry.value
  if (isMap(node))
    return [
      inFile(
        file,
        insertInto(
          file,
          node,
          missing.map(([key, value]) => `${key}: ${value}`),
        ),
      ),
    ]
  return missing.map(([key, value]) => inFile(file, node && appendItem(file, node, `${key}=${value}`)))
}
