import type { Behaviour } from '../../behaviour'
import type { PictureRequest } from '../../picture'
import type { ModelLists } from '../catalog'
import type { ShownImage, Value } from '../values'

/** `[type, options?]`; the type is a name, or the list of allowed values (a combo). */
export type InputSpec = readonly [type: string | readonly string[], options?: Readonly<Record<string, unknown>>]

/** The choices of a drop-down, old (`[[…]]`) or new (`["COMBO", {options}]`); null for any other input. */
export function choicesOf([type, options]: InputSpec): readonly unknown[] | null {
  if (typeof type !== 'string') return type
  if (type !== 'COMBO') return null
  const listed: unknown = options?.['options']
  return Array.isArray(listed) ? (listed as unknown[]) : [] // JSON
}

export interface NodeInputs {
  required: Record<string, InputSpec>
  optional: Record<string, InputSpec>
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
  values: Argument[]
  shown?: ShownImage[]
}

/** How a class is played. What it takes and gives is recorded (`recorded.ts`). */
export interface NodeClass {
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
  /** Whatever it is, to be handed on. */
  any: (name: string) => Argument
  /** Of an input that grows: what its single ones have, in their order. */
  every: <K extends Value['kind']>(name: string, kind: K) => Extract<Value, { kind: K }>[]
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
    any: (name) => given.get(name) ?? null,
    every: (name, kind) =>
      [...given.keys()]
        .filter((key) => key.startsWith(`${name}.`))
        .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
        .flatMap((key) => optional(key, kind) ?? []),
    value: (name, kind) => {
      const value = optional(name, kind)
      if (!value) throw new Error(`input ${name} is no ${kind}`)
      return value
    },
  }
}

/** A class that hands one of its inputs on as it is. */
export const passes = (name: string): NodeClass => ({ run: (args) => ({ values: [args.any(name)] }) })
