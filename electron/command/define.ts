import type { Language } from '../../shared/problems'
import type { Machine } from './machine'
import type { Output } from './output'
import type { Panel } from './panel'
import type { Aim } from './target'
import type { Say, WordKey } from './words'

/** What a shell offers for a value: files, folders, ids that the panel knows, or one of a list. */
export type Completes = 'file' | 'folder' | 'service' | 'credential' | readonly string[]

export interface OptionDefinition {
  type: 'string' | 'boolean'
  hint: WordKey
  short?: string
  multiple?: boolean
  /** How its value is called in the help. */
  value?: string
  completes?: Completes
}
export type Options = Readonly<Record<string, OptionDefinition>>

type ValueOf<O extends OptionDefinition> = O['type'] extends 'boolean'
  ? boolean
  : O extends { multiple: true }
    ? readonly string[]
    : string | undefined

/** What was given of these options; of a switch that is not there: false. */
export type Values<O extends Options> = { readonly [K in keyof O]: ValueOf<O[K]> }

export interface Argument {
  name: string
  completes?: Completes
  isOptional?: boolean
  repeats?: boolean
}

/** A command line as it was read. */
export interface Parsed {
  values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>
  positionals: readonly string[]
}

/** What a command has of the machine, of its caller and of the panel. */
export interface Context {
  say: Say
  language: Language
  output: Output
  machine: Machine
  aim: Aim
  /** Aborts when the person stops waiting, or when nobody reads the output any more. */
  signal: AbortSignal
  /** Finds the panel and is known to it. Throws a CommandFailure. */
  connect: () => Promise<Panel>
  /** All that there is to complete. */
  described: readonly Described[]
  /** What to tell whoever stops waiting now; null while nothing goes on without them. */
  goesOn: (words: string | null) => void
}

interface Definition<O extends Options> {
  /** Its words, e.g. `keys make`. */
  path: readonly [string, ...string[]]
  summary: WordKey
  arguments: readonly Argument[]
  options: O
  /** Whether it speaks to a panel: it then takes `--url`, `--ca`, `--profile`, `--data` and `--json` too. */
  isRemote: boolean
  /** Resolves with the exit code. */
  run: (asked: { values: Values<O>; positionals: readonly string[] }, context: Context) => Promise<number>
}

/** What help and completions need of a command. */
export type Described = Omit<Definition<Options>, 'run'>

/** A command of the table, from which the command line, the help and the completions derive. */
export interface Command extends Described {
  run: (parsed: Parsed, context: Context) => Promise<number>
}

/** Defines a command, whose `run` is given its own options by their types. */
export const command = <const O extends Options>({ run, ...definition }: Definition<O>): Command => ({
  ...definition,
  // parse.ts reads each option by this definition, so what it has read is of these types.
  run: ({ values, positionals }, context) => run({ values: values as Values<O>, positionals }, context),
})

/** How a list is shown by its ids alone, for scripts and completions. */
export const listOptions = { ids: { type: 'boolean', hint: 'option.ids' } } as const satisfies Options

export const waitOptions = {
  wait: { type: 'boolean', hint: 'option.wait' },
  timeout: { type: 'string', value: 'SECONDS', hint: 'option.timeout' },
} as const satisfies Options
