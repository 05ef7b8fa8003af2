import { parseArgs } from 'node:util'
import { usageError } from './exits'
import type { Command, Described, Options, Parsed } from './define'

/** Of every command that speaks to a panel. */
export const remoteOptions = {
  url: { type: 'string', value: 'URL', hint: 'option.url' },
  profile: { type: 'string', value: 'NAME', hint: 'option.profile' },
  ca: { type: 'string', value: 'FILE', completes: 'file', hint: 'option.ca' },
  data: { type: 'string', value: 'FOLDER', completes: 'folder', hint: 'option.data' },
  json: { type: 'boolean', hint: 'option.json' },
} as const satisfies Options

/** Of every command. */
export const commonOptions = { help: { type: 'boolean', short: 'h', hint: 'option.help' } } as const satisfies Options

/** All options that a command takes. */
export const optionsOf = ({ options, isRemote }: Pick<Described, 'options' | 'isRemote'>): Options => ({
  ...options,
  ...(isRemote ? remoteOptions : {}),
  ...commonOptions,
})

/**
 * Finds the command that a line begins with, and what is left of the line. A group alone lists: `regie keys`. Null where
 * there is none.
 */
export function findCommand(
  commands: readonly Command[],
  args: readonly string[],
): { found: Command; rest: readonly string[] } | null {
  const fits = commands
    .filter(({ path }) => path.every((word, at) => args[at] === word))
    .toSorted((a, b) => b.path.length - a.path.length)
  const [found] = fits
  if (found) return { found, rest: args.slice(found.path.length) }
  const next = args[1]
  const list = commands.find(({ path }) => path[0] === args[0] && path[1] === 'list')
  return list && (next === undefined || next.startsWith('-')) ? { found: list, rest: args.slice(1) } : null
}

/** Reads the options and arguments of a command. Throws a usage error that names what does not fit. */
export function parseCommand(command: Command, args: readonly string[]): Parsed {
  const options = optionsOf(command)
  // Not strict: it would say what is wrong in English alone.
  const { tokens, values } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const option = options[token.name]
    if (option === undefined || !Object.hasOwn(options, token.name))
      throw usageError('usage.unknownOption', { option: token.rawName })
    if (option.type === 'boolean' && token.value !== undefined)
      throw usageError('usage.noValue', { option: token.rawName })
    // "--prompt --wait" forgot the prompt; a value that begins so is given as "--prompt=--wait".
    const isForgotten = token.value === undefined || (!token.inlineValue && /^-./.test(token.value))
    if (option.type === 'string' && isForgotten) throw usageError('usage.needsValue', { option: token.rawName })
  }
  const positionals = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []))
  const isHelp = values['help'] === true
  if (!isHelp) checkArguments(command, positionals)
  const read: Record<string, Parsed['values'][string]> = {}
  for (const [name, { type, multiple }] of Object.entries(options))
    read[name] = valueOf(values[name], { type, multiple })
  return { values: read, positionals }
}

type Read = ReturnType<typeof parseArgs>['values'][string]

function valueOf(
  given: Read,
  { type, multiple = false }: { type: 'string' | 'boolean'; multiple?: boolean | undefined },
) {
  if (type === 'boolean') return given === true
  const texts = [given].flat().filter((value) => typeof value === 'string')
  return multiple ? texts : texts.at(-1)
}

function checkArguments({ path, arguments: wanted }: Command, given: readonly string[]): void {
  const missing = wanted.find(({ isOptional = false }, at) => !isOptional && given[at] === undefined)
  if (missing) throw usageError('usage.needsArgument', { command: path.join(' '), name: missing.name })
  const repeats = wanted.at(-1)?.repeats === true
  const more = given[wanted.length]
  if (!repeats && more !== undefined) throw usageError('usage.tooMany', { command: path.join(' '), argument: more })
}

/** A whole number that an option was given. Throws a usage error. */
export function readNumber(text: string | undefined, option: string, least = 0): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,16}$/.test(text) || Number(text) < least) throw usageError('usage.number', { option, text, least })
  return Number(text)
}
