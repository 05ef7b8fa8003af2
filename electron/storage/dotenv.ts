// Reading and editing .env files without a change to anything but one key's value. Texts are "binary" strings (one
// character a byte, as Buffer's latin1), so that other bytes survive whatever their encoding.
//
// Rules: Compose 2 (compose-go's dotenv) interpolates `$` in plain and double-quoted values; Compose 1.29
// (python-dotenv) never does. In single quotes both take every character as it is, but for \' and \\.

export type Quote = 'none' | 'single' | 'double'

export interface EnvEntry {
  key: string
  /** Between the quotes, or trimmed and without its comment. Null for a key alone, which inherits. */
  raw: string | null
  quote: Quote
  /** Offsets: end of the key, end of the value (behind the closing quote), and start of the next line. */
  keyEnd: number
  valueEnd: number
  lineEnd: number
}

/** A quote that is never closed; `line` counts from 1. */
export class UnterminatedQuote extends Error {
  constructor(readonly line: number) {
    super(`unterminated quoted value at line ${line}`)
  }
}

export const bom = '\u00ef\u00bb\u00bf'

/** Every assignment of an .env file, in order. Throws UnterminatedQuote, as Compose refuses the file. */
export function parseEnv(text: string): EnvEntry[] {
  const entries: EnvEntry[] = []
  let at = text.startsWith(bom) ? bom.length : 0
  while (at < text.length) {
    const entry = entryAt(text, at)
    if (entry) entries.push(entry)
    at = entry?.lineEnd ?? nextLine(text, at)
  }
  return entries
}

const nextLine = (text: string, from: number) => {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end + 1
}

function entryAt(text: string, lineStart: number): EnvEntry | null {
  const lineEnd = nextLine(text, lineStart)
  const line = text.slice(lineStart, lineEnd)
  const head = /^(?<lead>[ \t]*(?:export[ \t]+)?)(?<key>[^\s=:#'"][^\s=:'"]*)(?<separator>[ \t]*[=:][ \t]*)?/.exec(line)
  const key = head?.groups?.['key']
  if (!head || key === undefined) return null
  const keyEnd = lineStart + (head.groups?.['lead'] ?? '').length + key.length
  if (head.groups?.['separator'] === undefined) {
    return { key, raw: null, quote: 'none', keyEnd, valueEnd: keyEnd, lineEnd }
  }
  const valueStart = lineStart + head[0].length
  const mark = text.charAt(valueStart)
  if (mark === "'" || mark === '"') {
    const close = closingQuote(text, valueStart, mark)
    if (close === -1) throw new UnterminatedQuote(text.slice(0, valueStart).split('\n').length)
    return {
      key,
      raw: text.slice(valueStart + 1, close),
      quote: mark === "'" ? 'single' : 'double',
      keyEnd,
      valueEnd: close + 1,
      lineEnd: nextLine(text, close),
    }
  }
  const raw = text
    .slice(valueStart, lineEnd)
    .replace(/[ \t]+#.*$/s, '')
    .trimEnd()
  return { key, raw, quote: 'none', keyEnd, valueEnd: valueStart + raw.length, lineEnd }
}

function closingQuote(text: string, open: number, mark: string): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === mark) return at
  }
  return -1
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

/** A key's value as each generation of Compose reads it; the last assignment wins. Null when the key is absent. */
export function readEnvValue(text: string, key: string): { compose1: string; compose2: string } | null {
  const found = readEnvEntries(text).findLast((entry) => entry.key === key && entry.read !== null)
  return found?.read ?? null
}

/** Every assignment with its value as each generation of Compose reads it: null for a key that only inherits. */
export function readEnvEntries(text: string): (EnvEntry & { read: { compose1: string; compose2: string } | null })[] {
  const seen = new Map<string, string>()
  return parseEnv(text).map((entry) => {
    if (entry.raw === null) return { ...entry, read: null }
    const compose2 = asCompose2(entry.raw, entry.quote, seen)
    seen.set(entry.key, compose2)
    return { ...entry, read: { compose1: asCompose1(entry.raw, entry.quote), compose2 } }
  })
}

const controlEscapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', b: '\b', a: '\u0007' }

function asCompose1(raw: string, quote: Quote): string {
  switch (quote) {
    case 'none':
      return raw
    case 'single':
      return raw.replaceAll(/\\([\\'])/g, '$1')
    case 'double':
      return raw.replaceAll(/\\([\\'"abfnrtv])/g, (_, letter: string) => controlEscapes[letter] ?? letter)
  }
}

const interpolation = String.raw`\$(?:(?<dollar>\$)|(?<name>[A-Za-z_]\w*)|\{(?<braced>[A-Za-z_]\w*)(?:(?<operator>:?[-+?])(?<word>[^}]*))?\})`

/** Variables of the process that runs Compose are unknown here and count as unset. */
function asCompose2(raw: string, quote: Quote, seen: ReadonlyMap<string, string>): string {
  const expand = (groups: Record<string, string | undefined>) => {
    if (groups['dollar']) return '$'
    const value = seen.get(groups['name'] ?? groups['braced'] ?? '')
    const operator = groups['operator'] ?? ''
    const word = groups['word'] ?? ''
    const isSet = value !== undefined && !(operator.startsWith(':') && value === '')
    if (operator.endsWith('-')) return isSet ? value : word
    if (operator.endsWith('+')) return isSet ? word : ''
    return value ?? ''
  }
  switch (quote) {
    case 'single':
      return raw.replaceAll(String.raw`\'`, "'")
    case 'none':
      return raw.replaceAll(new RegExp(interpolation, 'g'), (...parts: unknown[]) => expand(groupsOf(parts)))
    case 'double':
      return raw.replaceAll(
        new RegExp(String.raw`\\(?<escape>[\s\S])|${interpolation}`, 'g'),
        (...parts: unknown[]) => {
          const groups = groupsOf(parts)
          const escape = groups['escape']
          if (escape === undefined) return expand(groups)
          if ('"\\$'.includes(escape)) return escape
          return controlEscapes[escape] ?? `\\${escape}`
        },
      )
  }
}

/** `replaceAll` gives the named groups last, untyped. */
const groupsOf = (parts: unknown[]) => parts.at(-1) as Record<string, string | undefined>
