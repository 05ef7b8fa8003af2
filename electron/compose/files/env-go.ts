import { substitute, type Lookup, type Refusal } from './interpolation'
import { binaryOf, bom, goBlank, goBlankInLine, matchAt, nextLine, trimEndOf, utf8Of } from './env-text'

// `.env` as Compose 2 reads it (compose-go, `dotenv/parser.go`), on "binary" strings.

export type Quote = 'none' | 'single' | 'double'

/** An assignment, and where it stands. */
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

/** A line for which Compose 2 refuses the whole file. Nothing of its value is in here. */
export interface EnvRefusal {
  /**
   * `character`: what stands before `=` is no name. `space`: there is a blank in it. `quote`: a quote is never closed.
   * `template`: a `${` that begins no variable. `required`: a `${NAME:?…}` that is not set.
   */
  kind: 'character' | 'space' | 'quote' | Refusal['kind']
  /** Where its line begins. */
  offset: number
  /** Null where no name can be told. */
  key: string | null
}

type Statement = { entry: EnvEntry; end: number } | { refusal: EnvRefusal; end: number } | { end: number }

const blanks = new RegExp(`${goBlank}*`, 'y')
const blanksInLine = new RegExp(`${goBlankInLine}*`, 'y')
const exported = /export[\t\n\f\r ]+/y

/**
 * Every assignment in order, and every line that cannot be read. Compose stops at the first of those; here the reading
 * goes on behind it, so that all are told at once.
 */
export function readStatements(text: string): {
  entries: EnvEntry[]
  refusals: EnvRefusal[]
} {
  const entries: EnvEntry[] = []
  const refusals: EnvRefusal[] = []
  let at = text.startsWith(bom) ? bom.length : 0
  const next = lineEnds(text)
  let isInOpenQuote = false
  while (at < text.length) {
    at += matchAt(blanks, text, at)?.[0].length ?? 0
    if (at >= text.length) break
    const found: Statement = text[at] === '#' ? { end: next(at) } : statementAt(text, at, next)
    if ('entry' in found) entries.push(found.entry)
    // Inside a quote that is never closed, what follows is no line of its own unless it looks like one.
    if ('refusal' in found) {
      if (!isInOpenQuote || isAssignment(text, at)) refusals.push(found.refusal)
      isInOpenQuote ||= found.refusal.kind === 'quote'
    }
    at = found.end
  }
  return { entries, refusals }
}

/** Where the line behind a place ends, looked for once a line: many statements may stand in one. */
function lineEnds(text: string): (from: number) => number {
  let [known, end] = [0, nextLine(text, 0)]
  return (from) => {
    if (from < known || from >= end) [known, end] = [from, nextLine(text, from)]
    return end
  }
}

const isAssignment = (text: string, at: number) => /^(?:export[ \t]+)?[\w.-]+[ \t]*=/.test(text.slice(at, at + 200))

function statementAt(text: string, start: number, next: (from: number) => number): Statement {
  const lead = matchAt(exported, text, start)?.[0]
  // Only blanks within the line are taken away behind `export`.
  const keyStart = lead === undefined ? start : start + 6 + (matchAt(blanksInLine, text, start + 6)?.[0].length ?? 0)
  const stop = /[=:\n]/g
  stop.lastIndex = keyStart
  const found = stop.exec(text)
  const keyStop = found?.index ?? text.length
  const written = text.slice(keyStart, keyStop)
  const key = trimEndOf(written, goBlank)
  const refuse = (kind: EnvRefusal['kind'], name: string | null): Statement => ({
    refusal: { kind, offset: text.lastIndexOf('\n', start) + 1, key: name },
    end: Math.max(next(start), start + 1),
  })
  if (!isName(written)) return refuse('character', null)
  if (key.includes(' ')) return refuse('space', null)
  // A name at the very end without a line end is taken for a value without a name.
  if (!found) return { end: text.length }
  const keyEnd = keyStart + key.length
  if (found[0] === '\n')
    return {
      entry: { key, raw: null, quote: 'none', keyEnd, valueEnd: keyEnd, lineEnd: keyStop + 1 },
      end: keyStop + 1,
    }

  const valueStart = keyStop + 1 + (matchAt(blanksInLine, text, keyStop + 1)?.[0].length ?? 0)
  const mark = text.charAt(valueStart)
  if (mark !== "'" && mark !== '"') {
    const lineEnd = next(valueStart)
    const line = text.slice(valueStart, lineEnd).replace(/\n$/, '')
    const comment = line.indexOf(' #')
    const raw = trimEndOf(comment === -1 ? line : line.slice(0, comment), goBlank)
    const entry: EnvEntry = { key, raw, quote: 'none', keyEnd, valueEnd: valueStart + raw.length, lineEnd }
    return { entry, end: lineEnd }
  }
  const close = closingQuote(text, valueStart, mark)
  if (close === -1) return refuse('quote', key)
  const quote = mark === "'" ? 'single' : 'double'
  const raw = text.slice(valueStart + 1, close)
  const entry: EnvEntry = { key, raw, quote, keyEnd, valueEnd: close + 1, lineEnd: next(close) }
  // What stands behind the quote in the same line is the next statement.
  return { entry, end: close + 1 }
}

/** Letters, digits, `_.-[]`; blanks are looked at afterwards. Bytes that are no UTF-8 are none of them. */
const isName = (written: string) =>
  /^[\w.[\]\t\v\f\r -]*$/.test(written) || /^[\p{L}\p{N}_.[\]\t\v\f\r \u0085\u00a0-]*$/u.test(utf8Of(written))

function closingQuote(text: string, open: number, mark: string): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === mark) return at
  }
  return -1
}

/** A value as Compose 2 reads it, of text between its quotes, and why it is refused. */
export function valueInGo(
  { raw, quote }: { raw: string; quote: Quote },
  variables: Lookup,
): { text: string; refusal: Refusal | null } {
  switch (quote) {
    case 'single':
      return { text: withoutEscapedQuotes(raw, "'"), refusal: null }
    case 'none':
      return substitute(raw, variables)
    case 'double':
      return substitute(withEscapes(withoutEscapedQuotes(raw, '"')), variables)
  }
}

const withoutEscapedQuotes = (raw: string, mark: string) =>
  raw.replaceAll(/\\([\s\S])/g, (both, character: string) => (character === mark ? mark : both))

const controlEscapes: Record<string, string> = {
  ...{ n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', b: '\b', a: '\u0007' },
  ...{ '"': '"', '\\': '\\', $: '$$' },
}

/** Go's escapes but `\x` and `\u`; an octal number is written `\0` and three digits, and is a character's number. */
const withEscapes = (text: string) =>
  text.replaceAll(/\\(?:([abcfnrtv$"\\])|0(\d{0,3}))/g, (both, letter: string | undefined, digits: string) => {
    if (letter !== undefined) return controlEscapes[letter] ?? both
    const number = /^[0-7]{3}$/.test(digits) ? Number.parseInt(digits, 8) : 256
    // What is no number loses its 0 all the same.
    return number > 255 ? `\\${digits}` : binaryOf(String.fromCodePoint(number))
  })
