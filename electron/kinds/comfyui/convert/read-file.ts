import { Problem } from '../../../../shared/problems'
import type { WorkflowFormat } from '../../../../shared/contract'
import { apiGraphOf } from './api-format'
import { isObject, own, readJson, type JsonObject } from './json'
import { refuseMore } from './limits'
import { textsInPicture } from './picture'
import type { WorkflowFile } from './types'

/** What stands in a file, before a node of it is looked at. */
export type Found = { format: WorkflowFormat; version: string | null } & ({ api: JsonObject } | { editor: JsonObject })

const isEditor = (json: unknown): json is JsonObject => isObject(json) && Array.isArray(own(json, 'nodes'))

function versionOf(json: JsonObject): string | null {
  const version = own(json, 'version')
  return typeof version === 'number' || typeof version === 'string' ? String(version).slice(0, 20) : null
}

/** What JSON of ComfyUI is; null for anything else. */
function foundIn(json: unknown): Found | null {
  if (isEditor(json)) {
    const extra = own(json, 'extra')
    const isApp = isObject(extra) && isObject(own(extra, 'linearData'))
    return { format: isApp ? 'app' : 'editor', version: versionOf(json), editor: json }
  }
  const api = apiGraphOf(json)
  const inside = isObject(json) ? own(json, 'workflow') : null
  if (!api && isEditor(inside)) return foundIn(inside)
  return api && { format: 'api', version: null, api }
}

/** What is in one text of a picture; null where that is no JSON, which leaves the others. */
function foundInText(name: string, text: string): Found | null {
  try {
    return foundIn(readJson(name, text))
  } catch (error) {
    if (error instanceof Problem && error.id === 'workflow-file.not-one') return null
    throw error
  }
}

/** The graph as it ran goes first: what the editor keeps beside it would have to be converted. */
function foundInPicture(name: string, texts: ReadonlyMap<string, string>): Found {
  for (const keyword of ['prompt', 'workflow', 'json']) {
    const text = texts.get(keyword)
    const found = text === undefined ? null : foundInText(name, text)
    if (found) return { ...found, format: 'image' }
  }
  throw new Problem(texts.has('parameters') ? 'workflow-file.infotext' : 'workflow-file.picture-without', { name })
}

/**
 * What is in a file. Throws `workflow-file.too-large`, `workflow-file.too-deep`, `workflow-file.not-one`,
 * `workflow-file.picture-without` and `workflow-file.infotext`.
 */
export function findWorkflow({ name, bytes }: WorkflowFile): Found {
  refuseMore(name, 'bytes', bytes.length)
  const texts = textsInPicture(bytes)
  if (texts) return foundInPicture(name, texts)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new Problem('workflow-file.not-one', { name }, { cause: error })
  }
  const found = foundIn(readJson(name, text))
  if (!found) throw new Problem('workflow-file.not-one', { name })
  return found
}
