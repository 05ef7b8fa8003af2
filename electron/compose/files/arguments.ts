import { dollarsOf, interpolate, type Dollar, type Lookup } from './interpolation'

// The arguments of a program: of a command or an entry point (a string, or a list), and of variables such as
// COMMANDLINE_ARGS, in whatever form they are written. Pure; `Place` is whatever the caller knows a text by.

/** A text that holds arguments. */
export interface ArgumentSource<Place> {
  place: Place
  /** As it is written, with its variables. */
  written: string
  /** `item`: one word of a list. `line`: a string that is cut into words as a shell does. */
  form: 'item' | 'line'
  /** False for what is delivered already, e.g. the values of an `env_file`, or a container's. */
  hasVariables?: boolean
}

/** One word, as it is written (quotes taken away, variables left) and as the program gets it. */
export interface Word<Place> {
  place: Place
  written: string
  value: string
  /** Where it lies in the source's text, quotes included. */
  start: number
  end: number
}

/** `--name`, `--name value` or `--name=value`. */
export interface Flag<Place> {
  name: string
  word: Word<Place>
  /** Null for a flag without a value. */
  value: Word<Place> | null
}

/** A text and what it becomes. */
export interface Filled {
  written: string
  value: string
}

/** One `user:password` of `--api-auth` or `--gradio-auth`. */
export interface Login<Place> {
  flag: string
  user: Filled
  password: Filled
  /** Characters at which Forge cuts the password: it would be another one, or Forge would not start. */
  unsafe: string[]
  word: Word<Place>
}

/** Variables that images hand to their program. */
const argumentVariable = /(?:^|_)(?:ARGS|ARGUMENTS|FLAGS|OPTS|OPTIONS)$|(?:^|_)CMDLINE(?:_|$)/

/** Whether a variable of this name holds a program's arguments. */
export const holdsArguments = (name: string): boolean => argumentVariable.test(name)

interface Cut {
  written: string
  start: number
  end: number
}

/** Words of a line, by a shell's rules; what lies in one of the ranges is no blank, no quote and no backslash. */
function cut(line: string, opaque: readonly Dollar[]): Cut[] {
  const words: Cut[] = []
  let begun: Cut | null = null
  let quote = ''
  let next = 0
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at)
    while (next < opaque.length && (opaque[next]?.end ?? 0) <= at) next++
    const isOpaque = (opaque[next]?.start ?? line.length) <= at
    if (!isOpaque && quote === '' && /[ \t\r\n;&|<>]/.test(character)) {
      begun = null
      // Behind `;`, `|` and the like another command begins.
      if (/[;&|<>]/.test(character)) break
      continue
    }
    if (begun === null) {
      begun = { written: '', start: at, end: at }
      words.push(begun)
    }
    if (!isOpaque && character === '\\' && quote !== "'" && at + 1 < line.length) {
      at++
      begun.written += line.charAt(at)
    } else if (!isOpaque && quote === character) quote = ''
    else if (!isOpaque && quote === '' && (character === '"' || character === "'")) quote = character
    else begun.written += character
    begun.end = at + 1
  }
  return words
}

/** An item that holds several words all the same: a script behind `sh -c`, or flags that were written into one. */
const isLine = (written: string, before: string | undefined) =>
  /^-[a-z]*c$/.test(before ?? '') || /\s--?[a-z]/i.test(written)

/** Every word of some texts, in their order. */
export function wordsOf<Place>(sources: readonly ArgumentSource<Place>[], variables: Lookup): Word<Place>[] {
  return sources.flatMap((source, index): Word<Place>[] => {
    const { place, written, form, hasVariables = true } = source
    const dollars = hasVariables ? dollarsOf(written) : []
    const fill = (text: string) => (hasVariables ? interpolate(text, variables) : text)
    const before = sources[index - 1]
    if (form === 'item' && !isLine(written, before?.form === 'item' ? before.written : undefined))
      return [{ place, written, value: fill(written), start: 0, end: written.length }]
    return cut(written, dollars).flatMap(({ written: word, start, end }) => {
      const value = fill(word)
      // A variable by itself is filled in before the line is cut: `${ARGS}` may be many words.
      const isAlone = dollars.some((dollar) => dollar.start === start && dollar.end === end)
      if (!isAlone) return [{ place, written: word, value, start, end }]
      return cut(value, []).map((part) => ({ place, written: part.written, value: part.written, start, end }))
    })
  })
}

/** The flags among words. What stands behind one is its value unless it looks like a flag itself. */
export function flagsOf<Place>(words: readonly Word<Place>[]): Flag<Place>[] {
  return words.flatMap((word, index): Flag<Place>[] => {
    if (!word.value.startsWith('--') || word.value === '--') return []
    const at = word.value.indexOf('=')
    if (at !== -1) {
      const written = word.written.slice(word.written.indexOf('=') + 1)
      return [{ name: word.value.slice(0, at), word, value: { ...word, written, value: word.value.slice(at + 1) } }]
    }
    const following = words[index + 1]
    return [{ name: word.value, word, value: following?.value.startsWith('-') === false ? following : null }]
  })
}

export const hasFlag = (flags: readonly Flag<unknown>[], ...names: string[]): boolean =>
  flags.some(({ name }) => names.includes(name))

/** Whether logins of Forge and its family stand behind a flag. */
export const isLoginFlag = (name: string): boolean => name === '--api-auth' || name === '--gradio-auth'

/**
 * Every login in flags of Forge and its family, with the characters that break it: `--api-auth` is cut at every `,` and
 * `:`, `--gradio-auth` at `,` and the first `:` (forge-api.md §1.1). A part without `:` is the rest of the password
 * before it, whose `,` was not meant to part two logins.
 */
export function loginsOf<Place>(flags: readonly Flag<Place>[], variables: Lookup): Login<Place>[] {
  return flags.flatMap(({ name, value }): Login<Place>[] => {
    if (!isLoginFlag(name) || value === null) return []
    const filled = (written: string): Filled => ({
      written,
      value: value.written === value.value ? written : interpolate(written, variables),
    })
    return pairsIn(value.written === value.value ? { text: value.value, dollars: [] } : withDollars(value.written)).map(
      ({ user, password }) => {
        const secret = filled(password)
        return { flag: name, user: filled(user), password: secret, unsafe: unsafeIn(secret.value, name), word: value }
      },
    )
  })
}

const withDollars = (text: string) => ({ text, dollars: dollarsOf(text) })

/** `a:b,c:d` into pairs; separators inside `${…}` part nothing. */
function pairsIn({
  text,
  dollars,
}: {
  text: string
  dollars: readonly Dollar[]
}): { user: string; password: string }[] {
  const isFree = (at: number) => !dollars.some(({ start, end }) => start <= at && at < end)
  const indexOf = (separator: string, from: number, to: number) => {
    for (let at = text.indexOf(separator, from); at !== -1 && at < to; at = text.indexOf(separator, at + 1))
      if (isFree(at)) return at
    return -1
  }
  const pairs: { user: string; password: string }[] = []
  for (let start = 0; start <= text.length;) {
    const comma = indexOf(',', start, text.length)
    const end = comma === -1 ? text.length : comma
    const colon = indexOf(':', start, end)
    const last = pairs.at(-1)
    if (colon !== -1) pairs.push({ user: text.slice(start, colon), password: text.slice(colon + 1, end) })
    else if (last) last.password += `,${text.slice(start, end)}`
    start = end + 1
  }
  return pairs
}

/** Gradio's login takes a colon; the API's does not. */
function unsafeIn(password: string, flag: string): string[] {
  return [',', ':', ' '].filter((one) => password.includes(one) && !(one === ':' && flag === '--gradio-auth'))
}
