import * as z from 'zod'

const Inputs = z.record(z.string(), z.array(z.unknown()))
type Inputs = z.infer<typeof Inputs>

/** What `GET /object_info` tells of a class, as far as a graph is held against it. */
export const NodeClass = z.object({
  input: z.object({ required: Inputs.optional(), optional: Inputs.optional() }).optional(),
  output: z.array(z.unknown()).catch([]).optional(),
  output_node: z.boolean().catch(false).optional(),
  /** Where it comes from, e.g. `nodes`, `custom_nodes.ComfyUI-KJNodes`. */
  python_module: z.string().optional().catch(undefined),
})
export type NodeClass = z.infer<typeof NodeClass>
export type NodeClasses = Readonly<Record<string, NodeClass>>

/** The class of a name that a file gives: what objects inherit is none. */
export const classIn = (classes: NodeClasses, type: string): NodeClass | undefined =>
  Object.hasOwn(classes, type) ? classes[type] : undefined

/** How an input is declared: `[type, options?]`. */
export type Spec = readonly unknown[]

/** An input that a class takes. */
export interface ClassInput {
  /** As a graph names it, e.g. `images.image0`. */
  name: string
  spec: Spec
  isRequired: boolean
}

/** ComfyUI takes so many names at most. */
const mostGrown = 100

/** An input that grows by names or by a prefix: `images.image0`, … (comfy_api, Autogrow). */
const Growing = z.object({
  template: z.object({
    input: z.object({ required: Inputs.optional(), optional: Inputs.optional() }),
    names: z.array(z.string()).optional(),
    prefix: z.string().optional(),
    min: z.number().catch(0),
    max: z.number().catch(mostGrown),
  }),
})

/** A choice that brings inputs of its own: `model`, `model.seed`, … (comfy_api, DynamicCombo). */
const Dynamic = z.object({
  options: z.array(
    z.object({
      key: z.string(),
      inputs: z.object({ required: Inputs.optional(), optional: Inputs.optional() }).catch({}).optional(),
    }),
  ),
})

/** Choices that bring inputs stand in each other hardly ever, and the deeper ones are told by no server. */
const deepest = 10

/** The choices of a drop-down, old (`[[…]]`) or new (`["COMBO", {options}]`), or one that brings inputs; null for any other input. */
export function choicesOf([type, options]: Spec): readonly unknown[] | null {
  if (Array.isArray(type)) return type as unknown[] // whose elements Array.isArray calls any
  if (type === 'COMFY_DYNAMICCOMBO_V3') return Dynamic.safeParse(options).data?.options.map(({ key }) => key) ?? []
  if (type !== 'COMBO') return null
  return z.object({ options: z.array(z.unknown()) }).safeParse(options).data?.options ?? []
}

/** What a growing input may be called, each with how it is declared. */
function grown(name: string, options: unknown): ClassInput[] {
  const { data } = Growing.safeParse(options)
  if (!data) return []
  const { input, names, prefix, min, max } = data.template
  const isRequired = Object.keys(input.required ?? {}).length > 0
  const [spec] = Object.values(isRequired ? (input.required ?? {}) : (input.optional ?? {}))
  const count = Math.min(Math.max(0, Math.floor(max)), mostGrown)
  const own = names?.slice(0, mostGrown) ?? Array.from({ length: count }, (_, at) => `${prefix ?? ''}${at}`)
  return own.map((one, at) => ({
    name: `${name}.${one}`,
    // One that grows is never a widget (comfy_api: force_input).
    spec: spec ? [spec[0], { ...(typeof spec[1] === 'object' ? spec[1] : {}), forceInput: true }] : ['*'],
    isRequired: isRequired && at < min,
  }))
}

type Group = { required?: Inputs | undefined; optional?: Inputs | undefined } | undefined

function* expanded(input: ClassInput, valueOf: (name: string) => unknown, depth: number): Generator<ClassInput> {
  const [type, options] = input.spec
  if (type === 'COMFY_AUTOGROW_V3') {
    yield* grown(input.name, options)
    return
  }
  yield input
  if (type !== 'COMFY_DYNAMICCOMBO_V3' || depth > deepest) return
  // What is chosen is asked for only now: whoever walks along may just have found it out.
  const chosen = Dynamic.safeParse(options).data?.options.find(({ key }) => key === valueOf(input.name))
  yield* inputsIn(chosen?.inputs, valueOf, `${input.name}.`, depth + 1)
}

function* inputsIn(
  group: Group,
  valueOf: (name: string) => unknown,
  prefix: string,
  depth: number,
): Generator<ClassInput> {
  for (const [some, isRequired] of [[group?.required, true] as const, [group?.optional, false] as const])
    for (const [name, spec] of Object.entries(some ?? {}))
      yield* expanded({ name: `${prefix}${name}`, spec, isRequired }, valueOf, depth)
}

/**
 * Every input that a class takes, in the order in which it declares them: growing ones as their single names, and those
 * that a choice brings after it, by what is chosen.
 */
export const inputsOf = (known: NodeClass, valueOf: (name: string) => unknown): Iterable<ClassInput> =>
  inputsIn(known.input, valueOf, '', 0)
