import { convertWorkflow, parseWorkflow, type ParsedWorkflow } from '../../../electron/kinds/comfyui/convert'
import type { Graph } from '../../../electron/kinds/comfyui/graph'
import { Problem } from '../../../shared/problems'
import { faultsBy, recorded, type Fault, type Judge } from './classes'
import type { Template } from './templates'

/** How far a template came, and why not farther. */
export interface Outcome extends Omit<Template, 'bytes'> {
  read: boolean
  converted: boolean
  /** Whether it fits the recorded classes. */
  fits: boolean
  /** By the ComfyUI that was asked; null where none could be. */
  accepted: boolean | null
  /** Whether the files that it says it needs are those that its graph names and a ComfyUI without any lacks. */
  needsExact: boolean
  why: string
}

/** Files that classes say are uploaded: they are given when a workflow is run. */
const isGiven = (detail: string) => detail.startsWith('custom_validation_failed') && /Invalid image file/.test(detail)

function parsed({ name, bytes }: Template): ParsedWorkflow | Problem {
  try {
    return parseWorkflow({ name: `${name}.json`, bytes })
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

/** Of choices that are not offered, those that are files; a choice may also be of a later version. */
const isModel = (name: string) => /\.(?:safetensors|ckpt|pth|pt|gguf|bin)$/i.test(name)

/** The texts of nodes whose class is not known: which of their inputs are files, nobody tells. */
const textsOfUnknown = (graph: Graph): string[] =>
  Object.values(graph)
    .filter((node) => !recorded[node.class_type])
    .flatMap(({ inputs }) => Object.values(inputs).filter((value) => typeof value === 'string'))

const equal = (a: ReadonlySet<string>, b: ReadonlySet<string>) => a.size === b.size && [...a].every((one) => b.has(one))

/** Parses, converts and asks. Nothing is run. */
export async function judgeTemplate(template: Template, { classes, judge }: Judge): Promise<Outcome> {
  const { name, part, usage, isTop } = template
  const about = { name, part, usage, isTop }
  const nothing = { ...about, read: false, needsExact: false, converted: false, fits: false, accepted: false }
  const file = parsed(template)
  if (file instanceof Problem) return { ...nothing, why: file.message }
  const { workflow, reason, refused } = convertWorkflow(file, classes)
  if (!workflow) {
    const reasons = reason ? [reason] : refused.map((one) => one.reason)
    return { ...nothing, read: true, why: [...new Set(reasons.map(({ message }) => message))].join(' ') }
  }
  const needed = new Set(workflow.needs.flatMap(({ need }) => (need.type === 'file' ? [need.name] : [])))
  const real = ({ detail, file: lacking }: Fault) => !isGiven(detail) && !(lacking !== null && needed.has(lacking))
  const byRecord = faultsBy(workflow.api, recorded)
  const listed = byRecord.flatMap((fault) => fault.file ?? [])
  const named = new Set([...listed, ...textsOfUnknown(workflow.api)].filter(isModel))
  const asked = await judge(workflow.api)
  const faults = (asked ?? byRecord).filter(real)
  return {
    ...nothing,
    read: true,
    converted: true,
    needsExact: equal(needed, named),
    fits: !byRecord.some(real),
    accepted: asked && faults.length === 0,
    why: faults.map(({ node, detail }) => `#${node}: ${detail}`).join('; '),
  }
}
