import { isObject, type Json } from '../graph'
import type { ModelFolder } from '../catalog'
import recorded from './recorded.json'
import type { InputSpec, Lists, NodeInputs } from './node'

/** What `/object_info` of the real program tells of a class, as recorded. */
export interface ClassFacts {
  input: Partial<Record<'required' | 'optional', Record<string, InputSpec>>>
  output: readonly string[]
  output_node: boolean
}

/** Every class that is played, as the recording has it (`tests/conformance/workflows/record.mjs`). */
// The compiler's view of a JSON file knows no tuples: a specification is an array of a type and its options.
const classes = recorded.classes as unknown as Readonly<Record<string, ClassFacts>>

export const recordedNames: readonly string[] = Object.keys(classes)

/** What is recorded of a class; throws an Error for one that is not. */
export function factsOf(name: string): ClassFacts {
  const facts = classes[name]
  if (!facts) throw new Error(`nothing is recorded of the class ${name}`)
  return facts
}

/** Which folder an input lists the files of. */
const folderOf = (input: string): ModelFolder | null => {
  if (input === 'ckpt_name') return 'checkpoints'
  if (input === 'unet_name') return 'diffusion_models'
  if (/^clip_name\d?$/.test(input)) return 'text_encoders'
  if (input === 'vae_name') return 'vae'
  return input === 'lora_name' ? 'loras' : null
}

/** A drop-down of files: what lies in the folder, then what the program itself offers. */
function withFiles(name: string, spec: InputSpec, { models, inputImages }: Lists): InputSpec {
  const [type, ...options] = spec
  if (typeof type === 'string') return spec
  const folder = folderOf(name)
  if (folder) return [[...models[folder], ...type], ...options]
  return options[0]?.['image_upload'] === true ? [inputImages, ...options] : spec
}

const filled = (specs: Record<string, InputSpec> = {}, lists: Lists) =>
  Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, withFiles(name, spec, lists)]))

/** A class as `/object_info` answers it. */
export function describeNode(name: string, lists: Lists): Json {
  const facts = factsOf(name)
  const groups = Object.entries(facts.input).map(([group, specs]) => [
    group,
    group === 'hidden' ? specs : filled(specs, lists),
  ])
  return { ...facts, input: Object.fromEntries(groups) as Json }
}

type Group = Record<string, InputSpec>

const groupsIn = (value: unknown): { required: Group; optional: Group } => {
  const { required, optional } = isObject(value) ? value : {}
  const group = (specs: unknown) => (isObject(specs) ? specs : {}) as Group // recorded of the real program
  return { required: group(required), optional: group(optional) }
}

/** The inputs that one which grows stands for: `images.image_1`, … The first `min` of them are required. */
function grown(name: string, { template }: Json): { required: Group; optional: Group } {
  const { input, names, prefix, min, max } = isObject(template) ? template : {}
  const { required, optional } = groupsIn(input)
  const [spec] = Object.values({ ...required, ...optional })
  const all = Array.isArray(names) ? names : Array.from({ length: Number(max) }, (_, i) => `${String(prefix)}${i}`)
  const least = Object.keys(required).length > 0 ? Number(min) : 0
  const made = (from: number, to: number): Group =>
    Object.fromEntries(spec ? all.slice(from, to).map((one) => [`${name}.${String(one)}`, spec]) : [])
  return { required: made(0, least), optional: made(least, all.length) }
}

/** The inputs that a class takes: one that grows as the single ones that it stands for. */
export function inputsOf(name: string, lists: Lists): NodeInputs {
  const facts = factsOf(name)
  const inputs: NodeInputs = { required: {}, optional: {} }
  for (const group of ['required', 'optional'] as const)
    for (const [input, spec] of Object.entries(facts.input[group] ?? {})) {
      const [type, options = {}] = spec
      if (type !== 'COMFY_AUTOGROW_V3') {
        inputs[group][input] = withFiles(input, spec, lists)
        continue
      }
      const { required, optional } = grown(input, options)
      Object.assign(inputs.required, required)
      Object.assign(inputs.optional, optional)
    }
  return inputs
}
