import { readStatements, valueInGo, type EnvEntry, type EnvRefusal, type Quote } from './env-go'
import { fillPython, readPython } from './env-python'
import { bom, lineAt } from './env-text'
import type { Lookup, Variables } from './interpolation'

// Reading and editing .env files without a change to anything but one key's value. Texts are "binary" strings (one
// character a byte, as Buffer's latin1), so that other bytes survive whatever their encoding.

export type { EnvEntry, EnvRefusal, Quote } from './env-go'

/** A quote that is never closed; `line` counts from 1. */
export class UnterminatedQuote extends Error {
  constructor(readonly line: number) {
    super(`unterminated quoted value at line ${line}`)
  }
}

/** Every assignment of an .env file, in order. Throws UnterminatedQuote, as Compose refuses the file. */
export function parseEnv(text: string): EnvEntry[] {
  const { entries, refusals } = readStatements(text)
  const open = refusals.find(({ kind }) => kind === 'quote')
  if (open) throw new UnterminatedQuote(lineAt(text, open.offset))
  return entries
}

/** Whether a value can be written so that both generations of Compose, and a shell, read it back alike. */
export const canStandInEnv = (value: string): boolean => !/['\\\p{Cc}]/u.test(value)

/**
 * Sets a key wherever it stands, in single quotes; a key that is absent is appended. Comments, order, other values and
 * their line ends stay; the lines written here end in LF, and a byte order mark goes.
 * `value` must pass `canStandInEnv`. Throws UnterminatedQuote.
 */
export function setEnvValue(text: string, key: string, value: string): string {
  const places = parseEnv(text).filter((entry) => entry.key === key)
  let result = text
  // From the end, so that the offsets of the earlier ones stay right.
  for (const { keyEnd, valueEnd, lineEnd } of places.reverse()) {
    const rest = result.slice(valueEnd, lineEnd).replace(/\r\n$/, '\n')
    result = `${result.slice(0, keyEnd)}='${value}'${rest}${result.slice(lineEnd)}`
  }
  if (result.startsWith(bom)) result = result.slice(bom.length)
  if (places.length > 0) return result
  const gap = result === '' || result.endsWith('\n') ? '' : '\n'
  return `${result}${gap}${key}='${value}'\n`
}

/** What stands for itself without quotes, for both generations and for a shell. */
const isPlain = (value: string) => /^[\w.:/@%+,=-]*$/.test(value)

/**
 * Sets a key in a file that is the user's: line ends, byte order mark and way of quoting stay where they can. `null`
 * when the value cannot be written so that both generations of Compose read it alike. Throws UnterminatedQuote.
 */
export function writeEnvValue(text: string, key: string, value: string): string | null {
  const places = parseEnv(text).filter((entry) => entry.key === key)
  const written = (quote: Quote | null): string | null => {
    if (isPlain(value) && quote !== 'single') return quote === 'double' ? `"${value}"` : value
    // In quotes two backslashes mean one to some; without quotes a network path means itself.
    if (value.includes('\\\\') || value.endsWith('\\')) return /^[\w.:/\\@%+,=-]+$/.test(value) ? value : null
    if (/['\p{Cc}]/u.test(value)) return null
    return `'${value}'`
  }
  let result = text
  for (const { quote, keyEnd, valueEnd } of places.toReversed()) {
    const as = written(quote)
    if (as === null) return null
    result = `${result.slice(0, keyEnd)}=${as}${result.slice(valueEnd)}`
  }
  if (places.length > 0) return result
  const as = written(null)
  if (as === null) return null
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const gap = result === '' || result === bom || result.endsWith('\n') ? '' : end
  return `${result}${gap}${key}=${as}${end}`
}

/** A value as each generation of Compose reads it; null where that one does not take the line. */
export interface EnvReading {
  /** Compose 1 passes over a line that it cannot read. */
  compose1: string | null
  /** Compose 2 refuses the whole file. */
  compose2: string | null
}

export type EnvLine = EnvEntry & { read: EnvReading | null }

/** What the program that runs Compose has in its environment; for an `env_file`, Compose 2 adds the project's `.env`. */
export interface OuterVariables {
  compose1: Variables
  compose2: Variables
}

const nothing: OuterVariables = { compose1: new Map(), compose2: new Map() }

/** A key's value as each generation of Compose reads it; the last assignment wins. Null when the key is absent. */
export function readEnvValue(text: string, key: string): EnvReading | null {
  const found = readEnvEntries(text).findLast((entry) => entry.key === key && entry.read !== null)
  return found?.read ?? null
}

/**
 * Every assignment with its value as each generation of Compose reads it: null for a key that only inherits. Throws
 * UnterminatedQuote.
 */
export function readEnvEntries(text: string, outer: OuterVariables = nothing): EnvLine[] {
  parseEnv(text)
  return readEnvFile(text, outer).entries
}

/** What a line most likely means to say, also where a generation of Compose does not take it. */
export const meantBy = ({ raw, read }: Pick<EnvLine, 'raw' | 'read'>): string =>
  read?.compose2 ?? read?.compose1 ?? raw ?? ''

/** Every assignment, and every line for which Compose 2 refuses the file, in their order. */
export function readEnvFile(
  text: string,
  outer: OuterVariables = nothing,
): { entries: EnvLine[]; refusals: EnvRefusal[] } {
  const { entries, refusals } = readStatements(text)
  const first = new Map(readAsCompose1(text, outer.compose1).map(({ keyStart, value }) => [keyStart, value]))
  const seen = new Map<string, string>()
  const values = lookUp(outer.compose2, seen)
  const lines = entries.map((entry): EnvLine => {
    const { key, raw, quote, keyEnd } = entry
    if (raw === null) return { ...entry, read: null }
    const { text: compose2, refusal } = valueInGo({ raw, quote }, values)
    if (refusal)
      refusals.push({
        kind: refusal.kind,
        offset: text.lastIndexOf('\n', keyEnd) + 1,
        key,
      })
    else seen.set(key, compose2)
    const compose1 = first.get(keyEnd - key.length) ?? null
    return {
      ...entry,
      read: { compose1, compose2: refusal ? null : compose2 },
    }
  })
  return {
    entries: lines,
    refusals: refusals.sort((a, b) => a.offset - b.offset),
  }
}

/** The environment wins over the file's own lines. */
const lookUp = (outer: Variables, seen: Variables): Lookup => ({
  get: (name) => outer.get(name) ?? seen.get(name),
})

/** Every assignment as Compose 1 reads the file, lines too that Compose 2 refuses. */
export function readAsCompose1(text: string, outer: Variables): { keyStart: number; key: string; value: string }[] {
  const known = new Map<string, string | null>(outer)
  return readPython(text).flatMap(({ keyStart, key, value }) => {
    const filled = value === null ? null : fillPython(value, known)
    known.set(key, filled)
    return filled === null ? [] : [{ keyStart, key, value: filled }]
  })
}
