import type { Behaviour } from '../../behaviour'
import type { PictureRequest } from '../../picture'
import type { ModelLists } from '../catalog'
import type { ShownImage, Value } from '../values'

/** `[type, options?]`; the type is a name, or the list of allowed values (a combo). */
export type InputSpec = readonly [type: string | readonly string[], options?: Readonly<Record<string, unknown>>]

export interface NodeInputs {
  required: Record<string, InputSpec>
  optional?: Record<string, InputSpec>
  hidden?: Record<string, string>
}

/** Lists that a node's drop-downs show. */
export interface Lists {
  models: ModelLists
  inputImages: string[]
}

/** A literal from the graph, or what a linked node produced. */
export type Argument = Value | string | number | boolean | null

/** What a running node may use. */
export interface NodeContext {
  folder: string
  behaviour: Behaviour
  /** PNG text chunks: the graph, and each key of `extra_pnginfo`. */
  texts: Record<string, string>
  /** Waits as long as loading a model takes; a model in memory loads at once. */
  load: (file: string) => Promise<void>
  /** Runs the sampling steps with progress, previews and planned failures. */
  sample: (steps: number, first: PictureRequest) => Promise<void>
}

export interface NodeResult {
  values: Value[]
  shown?: ShownImage[]
}

export interface NodeClass {
  displayName: string
  category: string
  module: string
  outputNode: boolean
  outputs: readonly string[]
  inputs: (lists: Lists) => NodeInputs
  /** Custom validation: a complaint by input name. Inputs named here are not range-checked (ComfyUI's VALIDATE_INPUTS). */
  check?: { input: string; complain: (value: unknown, folder: string) => string | null }
  /** What besides the inputs decides whether a cached result may be reused (ComfyUI's IS_CHANGED). */
  changed?: (inputs: Record<string, unknown>, folder: string) => string
  run: (args: Arguments, context: NodeContext) => Promise<NodeResult> | NodeResult
}

/** A node's inputs, read by name and kind. A kind that does not fit is a defect of validation, hence an Error. */
export interface Arguments {
  text: (name: string) => string
  number: (name: string, otherwise?: number) => number
  value: <K extends Value['kind']>(name: string, kind: K) => Extract<Value, { kind: K }>
  optional: <K extends Value['kind']>(name: string, kind: K) => Extract<Value, { kind: K }> | null
}

export function argumentsOf(given: ReadonlyMap<string, Argument>): Arguments {
  const optional = <K extends Value['kind']>(name: string, kind: K) => {
    const value = given.get(name)
    const fits = typeof value === 'object' && value !== null && value.kind === kind
    return fits ? (value as Extract<Value, { kind: K }>) : null // the kind was just compared
  }
  return {
    text: (name) => {
      const value = given.get(name)
      return typeof value === 'object' || value === undefined ? '' : String(value)
    },
    number: (name, otherwise = 0) => {
      const value = given.get(name)
      return typeof value === 'number' ? value : otherwise
    },
    optional,
    value: (name, kind) => {
      const value = optional(name, kind)
      if (!value) throw new Error(`input ${name} is no ${kind}`)
      return value
    },
  }
}

export const int = (fallback: number, min: number, max: number, step?: number): InputSpec => [
  'INT',
  { default: fallback, min, max, ...(step === undefined ? {} : { step }) },
]

export const float = (fallback: number, min: number, max: number, step = 0.01): InputSpec => [
  'FLOAT',
  { default: fallback, min, max, step },
]
