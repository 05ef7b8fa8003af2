import type { NodeClasses } from './class-inputs'
import type { Graph } from './graph'
import { loopsOf } from './loops'
import { Refused, type NodeErrors } from './schemas'

/** An input of a node. */
interface Place {
  node: string
  input: string
}

/** A graph that no ComfyUI runs, and the faults in it that were made on purpose. */
export interface DryRun {
  graph: Graph
  made: Place[]
}

/** Neither a value nor a link, which has two parts: refused wherever it stands, and never mended by a default. */
const fault = ['asked', 'not', 'run'] as const

/** Those that grow or change with others are left alone; and files that were given, which a class looks for by itself. */
const isPlain = ([type, options]: readonly unknown[]): boolean =>
  (Array.isArray(type) || (typeof type === 'string' && !type.startsWith('COMFY_'))) &&
  !uploads.some((name) => typeof options === 'object' && options !== null && Object.hasOwn(options, name))

const uploads = ['image_upload', 'video_upload', 'audio_upload', 'file_upload']

/** How an input was declared; null for one that the class does not have, which is passed over by validation. */
function specOf(classes: NodeClasses, type: string, input: string): readonly unknown[] | null {
  const inputs = classes[type]?.input
  return inputs?.required?.[input] ?? inputs?.optional?.[input] ?? null
}

/** An input of a node that a fault can be put into: a plain one with a value of its own. */
function breakable(graph: Graph, classes: NodeClasses, node: string): Place | null {
  const found = graph[node]
  if (!found) return null
  const input = Object.keys(found.inputs).find((name) => {
    const spec = specOf(classes, found.class_type, name)
    return spec !== null && isPlain(spec) && !Array.isArray(found.inputs[name])
  })
  return input === undefined ? null : { node, input }
}

/** The node that a value is a link to; null for every other value. */
const linkedTo = (value: unknown): string | null =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' ? value[0] : null

/** The nodes that a node's declared inputs are linked to. */
function sourcesOf(graph: Graph, classes: NodeClasses, node: string): string[] {
  const found = graph[node]
  if (!found) return []
  return Object.entries(found.inputs).flatMap(([input, value]) => {
    const source = linkedTo(value)
    return source !== null && specOf(classes, found.class_type, input) ? [source] : []
  })
}

/** The nearest place that a node depends on for certain, itself first; null where there is none. */
function nearest(graph: Graph, classes: NodeClasses, from: string): Place | null {
  const seen = new Set([from])
  // The set grows while it is walked: nearest first.
  for (const node of seen) {
    const place = breakable(graph, classes, node)
    if (place) return place
    for (const source of sourcesOf(graph, classes, node)) seen.add(source)
  }
  return null
}

/** Whether links lead round: releases up to 0.3.64 say nothing of it beside another fault. */
const goesRound = (graph: Graph, classes: NodeClasses): boolean =>
  loopsOf(new Map(Object.keys(graph).map((node) => [node, sourcesOf(graph, classes, node)]))).length > 0

/**
 * What asks a ComfyUI whether it takes a graph, without running it. There is no such call: `POST /prompt` queues what it
 * takes as soon as one output fits. So each output is given a fault, in itself or in what it depends on. The server goes
 * on looking after a fault (execution.py, `validate_inputs`: shown with 0.3.64 and 0.33): it names all the others, queues nothing,
 * and where it names none but those that were made, it takes the rest. What stands in the place of a fault is not looked
 * at; `checkGraph` does that.
 *
 * `classes` must be of now: a class that the server does not have could be replaced by another one, with other inputs.
 * Null where that cannot be made sure: a class is unknown, there is no output, one has no place for a fault, or
 * links lead round.
 */
export function dryRunOf(graph: Graph, classes: NodeClasses): DryRun | null {
  const nodes = Object.entries(graph)
  if (nodes.some(([, { class_type: type }]) => !classes[type]) || goesRound(graph, classes)) return null
  const outputs = nodes.filter(([, { class_type: type }]) => classes[type]?.output_node === true).map(([id]) => id)
  const made = outputs.map((output) => nearest(graph, classes, output))
  const places = made.filter((place) => place !== null)
  if (outputs.length === 0 || places.length < outputs.length) return null
  const broken = { ...graph }
  for (const { node, input } of places) {
    const found = broken[node]
    if (found) broken[node] = { ...found, inputs: { ...found.inputs, [input]: [...fault] } }
  }
  const single = new Map(places.map((place) => [`${place.node}.${place.input}`, place]))
  return { graph: broken, made: [...single.values()] }
}

/**
 * What an answer to a dry run says. `unknown`: it is none that this program gives. `queued`: the promise was broken; the
 * job has to be taken off.
 */
export type DryRunAnswer =
  | { verdict: 'accepted' }
  | { verdict: 'refused'; answer: Refused }
  | { verdict: 'unknown' }
  | { verdict: 'queued' }

const isMade = (made: readonly Place[], node: string, error: NodeErrors[string]['errors'][number]) =>
  error.type === 'bad_linked_input' &&
  made.some((place) => place.node === node && place.input === error.extra_info?.input_name)

/** Reads the answer to a dry run. */
export function readDryRun({ made }: Pick<DryRun, 'made'>, status: number, body: unknown): DryRunAnswer {
  if (status === 200) return { verdict: 'queued' }
  const refused = Refused.safeParse(body)
  if (status !== 400 || !refused.success) return { verdict: 'unknown' }
  const { error, node_errors: named } = refused.data
  if (typeof error === 'string') return { verdict: 'unknown' }
  // Refused as a whole: a class that went meanwhile, or whatever else is looked at before the nodes are.
  if (error.type !== 'prompt_outputs_failed_validation') return { verdict: 'refused', answer: refused.data }
  const seen = made.filter(({ node }) => named[node]?.errors.some((one) => isMade(made, node, one)))
  // A fault that is not found was not looked for: then nothing is known of the rest either.
  const others = Object.entries(named).flatMap(([node, about]) => {
    const errors = about.errors.filter((one) => !isMade(made, node, one))
    return errors.length === 0 ? [] : [[node, { ...about, errors }] as const]
  })
  if (others.length > 0) return { verdict: 'refused', answer: { error, node_errors: Object.fromEntries(others) } }
  return { verdict: seen.length === made.length ? 'accepted' : 'unknown' }
}
