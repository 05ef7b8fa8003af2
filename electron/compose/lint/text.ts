import { createHash } from 'node:crypto'

/**
 * A file as text, for edits that leave every other byte alone. `.env` files and the like are read as latin1, one
 * character a byte, because they may hold any bytes; YAML is UTF-8.
 */
export interface SourceText {
  /** Absolute. */
  path: string
  /** As seen from the project's folder. */
  name: string
  encoding: 'utf8' | 'latin1'
  text: string
}

/** Replaces [start, end) of a text. */
export interface TextEdit {
  start: number
  end: number
  text: string
}

export const bytesOf = (source: Pick<SourceText, 'text' | 'encoding'>): Buffer =>
  Buffer.from(source.text, source.encoding)

export const contentHash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** What the text looks like to a reader: UTF-8, whatever it is edited as. */
export const readable = (source: Pick<SourceText, 'text' | 'encoding'>): string =>
  source.encoding === 'utf8' ? source.text : bytesOf(source).toString('utf8')

const byteOrderMarks = ['\uFEFF', '\u00ef\u00bb\u00bf']

export const byteOrderMarkOf = (text: string): string => byteOrderMarks.find((mark) => text.startsWith(mark)) ?? ''

/** Line and column of an offset, from 1; a byte order mark takes no column. */
export function positionOf(source: SourceText, offset: number): { line: number; column: number } {
  const before = source.text.slice(0, offset)
  const line = before.split('\n').length
  const start = before.lastIndexOf('\n') + 1
  const prefix = before.slice(start === 0 ? byteOrderMarkOf(before).length : start)
  return { line, column: readable({ text: prefix, encoding: source.encoding }).length + 1 }
}

/** Start of the line in which an offset lies, and start of the next one. */
export const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1
export const nextLineStart = (text: string, offset: number): number => {
  const end = text.indexOf('\n', offset)
  return end === -1 ? text.length : end + 1
}

/** How lines end in a text: as its first one does. */
export const lineEndOf = (text: string): string => (/\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n')

const inOrder = (edits: readonly TextEdit[]) =>
  edits.map((edit, at) => ({ ...edit, at })).sort((a, b) => a.start - b.start || a.end - b.end || a.at - b.at)

/** True when no two of them want the same place; insertions at one place may stand after one another. */
export function canStandTogether(edits: readonly TextEdit[]): boolean {
  const sorted = inOrder(edits)
  return sorted.every((edit, at) => {
    const before = sorted[at - 1]
    return before === undefined || before.end <= edit.start
  })
}

/** The text with all edits made; they must not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = ''
  let at = 0
  for (const edit of inOrder(edits)) {
    result += text.slice(at, edit.start) + edit.text
    at = edit.end
  }
  return result + text.slice(at)
}

/** The edits that lead from the edited text back to this one. */
export function inverseEdits(text: string, edits: readonly TextEdit[]): TextEdit[] {
  let shift = 0
  return inOrder(edits).map(({ start, end, text: inserted }) => {
    const back = { start: start + shift, end: start + shift + inserted.length, text: text.slice(start, end) }
    shift += inserted.length - (end - start)
    return back
  })
}
