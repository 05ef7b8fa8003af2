import type { LogLine } from '../../../shared/contract'

export type LogFilter = 'all' | 'warnings' | 'panel'

/** More than this is not kept in the page; the file of the log holds the rest. */
export const keptLines = 10_000

/** Appends what arrived, without what is there already, and drops the oldest beyond the limit. */
export function appendLines(lines: readonly LogLine[], arrived: readonly LogLine[]): readonly LogLine[] {
  const last = lines.at(-1)?.seq ?? -1
  const fresh = arrived.filter(({ seq }) => seq > last)
  return fresh.length === 0 ? lines : [...lines, ...fresh].slice(-keptLines)
}

const passes = (line: LogLine, filter: LogFilter): boolean => {
  switch (filter) {
    case 'all':
      return true
    case 'warnings':
      return line.level !== 'info'
    case 'panel':
      return line.stream === 'panel'
  }
}

/** The lines that a filter lets through and that contain the text, whatever its case. */
export function selectLines(lines: readonly LogLine[], filter: LogFilter, search: string): readonly LogLine[] {
  const text = search.trim().toLowerCase()
  if (filter === 'all' && text === '') return lines
  return lines.filter((line) => passes(line, filter) && (text === '' || line.text.toLowerCase().includes(text)))
}

/** A stretch of a line: plain, found by the search, or a secret's fingerprint in its place. */
export interface LogPart {
  kind: 'text' | 'found' | 'secret'
  text: string
}

const secretPlace = /\[secret ([0-9a-f]{12})\]/g

function splitFound(text: string, search: string): LogPart[] {
  if (search === '') return text === '' ? [] : [{ kind: 'text', text }]
  const parts: LogPart[] = []
  const lower = text.toLowerCase()
  let from = 0
  for (let at = lower.indexOf(search); at !== -1; at = lower.indexOf(search, from)) {
    if (at > from) parts.push({ kind: 'text', text: text.slice(from, at) })
    parts.push({ kind: 'found', text: text.slice(at, at + search.length) })
    from = at + search.length
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) })
  return parts
}

/** Cuts a line for display. Redacted secrets stand as `[secret 3fa91c07be42]` in the text. */
export function splitLine(text: string, search: string): LogPart[] {
  const wanted = search.trim().toLowerCase()
  const parts: LogPart[] = []
  let from = 0
  for (const match of text.matchAll(secretPlace)) {
    parts.push(...splitFound(text.slice(from, match.index), wanted), { kind: 'secret', text: match[1] ?? '' })
    from = match.index + match[0].length
  }
  return [...parts, ...splitFound(text.slice(from), wanted)]
}

/** The lines as a text file. */
export const toText = (lines: readonly LogLine[]): string =>
  lines.map(({ at, stream, level, text }) => `${new Date(at).toISOString()} ${stream} ${level} ${text}\n`).join('')
