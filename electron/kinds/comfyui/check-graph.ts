import * as z from 'zod'
import type { Graph } from './graph'

const Inputs = z.record(z.string(), z.array(z.unknown()))

/** What `GET /object_info` tells of a class, as far as a graph is held against it. */
export const NodeClass = z.object({
  input: z.object({ required: Inputs.optional(), optional: Inputs.optional() }).optional(),
  output: z.array(z.unknown()).catch([]).optional(),
  output_node: z.boolean().catch(false).optional(),
})
export type NodeClass = z.infer<typeof NodeClass>
export type NodeClasses = Readonly<Record<string, NodeClass>>

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
  node: string
  input: string | null
  detail: string
}

type Spec = readonly unknown[]

const Range = z.object({ min: z.number().optional().catch(undefined), max: z.number().optional().catch(undefined) })
const Uploaded = z.object({ image_upload: z.literal(true) })
const Options = z.object({ options: z.array(z.unknown()) })
/** An input that grows by names or by a prefix: `images.image_1`, … (comfy_api, Autogrow). */
const Growing = z.object({
  template: z.object({
    input: z.object({ required: Inputs.optional(), optional: Inputs.optional() }),
    names: z.array(z.string()).optional(),
    prefix: z.string().optional(),
    min: z.number().catch(0),
  }),
})

/** The choices of a drop-down, old (`[[…]]`) or new (`["COMBO", {options}]`); null for any other input. */
function choicesOf([type, options]: Spec): readonly unknown[] | null {
  const old = z.array(z.unknown()).safeParse(type)
  if (old.success) return old.data
  if (type !== 'COMBO') return null
  return Options.safeParse(options).data?.options ?? []
}

const typesOf = (type: unknown) => (typeof type === 'string' ? type.split(',') : ['COMBO'])

/** `*`, and the types that are worked out while a graph runs, fit everything. */
const isAny = (type: string) => type === '*' || type.startsWith('COMFY_')

/** A type of several fits where one of them does. */
function fits(given: unknown, wanted: unknown): boolean {
  const [from, to] = [typesOf(given), typesOf(wanted)]
  return from.some(isAny) || to.some(isAny) || from.some((type) => to.includes(type))
}

/** Names of inputs that a growing one stands for, each with its type; null for any other input. */
function grown(name: string, [type, options]: Spec): { specs: [string, Spec][]; min: number } | null {
  if (type !== 'COMFY_AUTOGROW_V3') return null
  const { data } = Growing.safeParse(options)
  if (!data) return { specs: [], min: 0 }
  const { input, names, prefix, min } = data.template
  const [spec] = Object.values({ ...input.required, ...input.optional })
  const own = names ?? Array.from({ length: 100 }, (_, index) => `${prefix ?? name}${index}`)
  return { specs: own.map((one) => [`${name}.${one}`, spec ?? ['*']]), min }
}

/** Every input that a class takes, growing ones as their single names. */
function inputsOf(known: NodeClasses[string]): { name: string; spec: Spec; isRequired: boolean }[] {
  const of = (inputs: Record<string, Spec> = {}, isRequired: boolean) =>
    Object.entries(inputs).flatMap(([name, spec]) => {
      const many = grown(name, spec)
      if (!many) return [{ name, spec, isRequired }]
      return many.specs.map(([one, its], index) => ({ name: one, spec: its, isRequired: index < many.min }))
    })
  return [...of(known.input?.required, true), ...of(known.input?.optional, false)]
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
  const source = graph[node]
  if (!source) return { fault: 'link-broken', detail: `#${node}` }
  const known = classes[source.class_type]
  // An unknown class is a fault of its own.
  if (!known) return null
  const given = known.output?.[slot]
  if (given === undefined) return { fault: 'link-broken', detail: `#${node}, output ${slot}` }
  const wanted = choicesOf(spec) ? 'COMBO' : spec[0]
  return fits(given, wanted)
    ? null
    : { fault: 'type-differs', detail: `${JSON.stringify(given)} for ${JSON.stringify(wanted)}` }
}

/**
 * Holds a graph against the classes of a ComfyUI, as its own validation does: every required input there, links to
 * outputs of the right type, values of the right type, in range and among the choices, and an output to run for. Files
 * are choices too: a file that is not listed is a `choice-unknown`. What custom nodes check by themselves is not known.
 */
export function checkGraph(graph: Graph, classes: NodeClasses): GraphFault[] {
  const faults: GraphFault[] = []
  for (const [node, { class_type: type, inputs }] of Object.entries(graph)) {
    const known = classes[type]
    if (!known) {
      faults.push({ fault: 'class-unknown', node, input: null, detail: type })
      continue
    }
    for (const { name, spec, isRequired } of inputsOf(known)) {
      const value = inputs[name]
      const link = Link.safeParse(value)
      if (value === undefined) {
        if (isRequired) faults.push({ fault: 'input-missing', node, input: name, detail: type })
        continue
      }
      const found = link.success ? linkFault(link.data, spec, graph, classes) : literalFault(value, spec)
      if (found) faults.push({ ...found, node, input: name })
    }
  }
  const hasOutput = Object.values(graph).some(({ class_type: type }) => classes[type]?.output_node === true)
  if (!hasOutput) faults.push({ fault: 'output-missing', node: '', input: null, detail: '' })
  return faults
}
