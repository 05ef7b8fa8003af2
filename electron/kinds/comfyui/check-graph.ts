import * as z from 'zod'
import { choicesOf, classIn, inputsOf, type NodeClasses, type Spec } from './class-inputs'
import type { Graph } from './graph'
import { loopsOf } from './loops'

/** One way in which a graph does not fit a ComfyUI: the faults that its own validation knows (execution.py). */
export interface GraphFault {
  fault:
    | 'class-unknown'
    | 'input-missing'
    | 'link-broken'
    | 'type-differs'
    | 'value-wrong'
    | 'value-out-of-range'
    | 'choice-unknown'
    | 'output-missing'
    | 'loop'
  node: string
  input: string | null
  detail: string
}

const Range = z.object({ min: z.number().optional().catch(undefined), max: z.number().optional().catch(undefined) })
const Uploaded = z.object({ image_upload: z.literal(true) })
const typesOf = (type: unknown) => (typeof type === 'string' ? type.split(',') : ['COMBO'])

/** `*`, and the types that are worked out while a graph runs, fit everything. */
const isAny = (type: string) => type === '*' || type.startsWith('COMFY_')

/** A type of several fits where one of them does. */
function fits(given: unknown, wanted: unknown): boolean {
  const [from, to] = [typesOf(given), typesOf(wanted)]
  return from.some(isAny) || to.some(isAny) || from.some((type) => to.includes(type))
}

const Link = z.tuple([z.string(), z.number().int().nonnegative()])

type Found = Pick<GraphFault, 'fault' | 'detail'> | null

/** What is wrong with a number, a text or a choice that stands in a graph; other types take anything. */
function literalFault(value: unknown, spec: Spec): Found {
  const choices = choicesOf(spec)
  // Files that were uploaded lie in folders that are not listed; the class looks for them itself.
  if (choices && Uploaded.safeParse(spec[1]).success) return null
  if (choices) return choices.includes(value) ? null : { fault: 'choice-unknown', detail: String(value) }
  const [type, options] = spec
  const wrong: Found = { fault: 'value-wrong', detail: `${JSON.stringify(value)} for ${String(type)}` }
  if (type === 'INT' || type === 'FLOAT') {
    if (typeof value !== 'number' || (type === 'INT' && !Number.isInteger(value))) return wrong
    const { min = -Infinity, max = Infinity } = Range.safeParse(options).data ?? {}
    return value < min || value > max ? { fault: 'value-out-of-range', detail: `${value}: ${min} to ${max}` } : null
  }
  if (type === 'STRING') return typeof value === 'string' ? null : wrong
  return type === 'BOOLEAN' && typeof value !== 'boolean' ? wrong : null
}

function linkFault([node, slot]: z.infer<typeof Link>, spec: Spec, graph: Graph, classes: NodeClasses): Found {
  const source = Object.hasOwn(graph, node) ? graph[node] : undefined
  if (!source) return { fault: 'link-broken', detail: `#${node}` }
  const known = classIn(classes, source.class_type)
  // An unknown class is a fault of its own.
  if (!known) return null
  const given = known.output?.[slot]
  if (given === undefined) return { fault: 'link-broken', detail: `#${node}, output ${slot}` }
  const wanted = Array.isArray(spec[0]) ? 'COMBO' : spec[0]
  return fits(given, wanted)
    ? null
    : { fault: 'type-differs', detail: `${JSON.stringify(given)} for ${JSON.stringify(wanted)}` }
}

/** The nodes that each node takes something from. */
const sourcesIn = (graph: Graph): ReadonlyMap<string, string[]> =>
  new Map(
    Object.entries(graph).map(([id, { inputs }]) => [
      id,
      Object.values(inputs).flatMap((value) => Link.safeParse(value).data?.[0] ?? []),
    ]),
  )

/**
 * Holds a graph against the classes of a ComfyUI, as its own validation does: every required input there, links to
 * outputs of the right type, values of the right type, in range and among the choices, no links that lead round, and an output to run for. Files
 * are choices too: a file that is not listed is a `choice-unknown`. What custom nodes check by themselves is not known.
 */
export function checkGraph(graph: Graph, classes: NodeClasses): GraphFault[] {
  const faults: GraphFault[] = []
  for (const [node, { class_type: type, inputs }] of Object.entries(graph)) {
    const known = classIn(classes, type)
    if (!known) {
      faults.push({ fault: 'class-unknown', node, input: null, detail: type })
      continue
    }
    const valueOf = (name: string) => (Object.hasOwn(inputs, name) ? inputs[name] : undefined)
    for (const { name, spec, isRequired } of inputsOf(known, valueOf)) {
      const value = valueOf(name)
      const link = Link.safeParse(value)
      if (value === undefined) {
        if (isRequired) faults.push({ fault: 'input-missing', node, input: name, detail: type })
        continue
      }
      const found = link.success ? linkFault(link.data, spec, graph, classes) : literalFault(value, spec)
      if (found) faults.push({ ...found, node, input: name })
    }
  }
  for (const node of loopsOf(sourcesIn(graph))) faults.push({ fault: 'loop', node, input: null, detail: '' })
  const hasOutput = Object.values(graph).some(({ class_type: type }) => classIn(classes, type)?.output_node === true)
  if (!hasOutput) faults.push({ fault: 'output-missing', node: '', input: null, detail: '' })
  return faults
}
