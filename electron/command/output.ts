import type { Machine } from './machine'

/** Where a command writes: data to stdout, words to stderr. */
export interface Output {
  /** Whether data is wanted as JSON. */
  isJson: boolean
  /** What was asked for: as the contract shapes it, or as a text for people. */
  data(value: unknown, text: () => string): void
  /** The same, of which more follow: JSON then has a line for each. */
  event(value: unknown, text: () => string): void
  /** Something to read beside the data. */
  say(text: string): void
  /** How far something is, on one line that is written over; nothing where nobody sees it. */
  progress(text: string): void
}

/** A text without what a terminal would obey: names and messages are written by others. */
export const plain = (text: string): string => text.replaceAll(/[^\P{Cc}\t\n]/gu, '')

/** What JSON leaves as it is, though terminals obey it: they take these for the beginning of a sequence. */
const asJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replaceAll(
    /[\u007F-\u009F]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const ended = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`)

export function createOutput({ terminal, shows, columns }: Machine, isJson: boolean): Output {
  /** What stands on the line of progress. */
  let shown = ''
  const clear = () => {
    if (shown !== '') terminal.err('\r\u001B[2K')
    shown = ''
  }
  return {
    isJson,
    data(value, text) {
      clear()
      terminal.out(isJson ? `${asJson(value, 2)}\n` : ended(plain(text())))
    },
    event(value, text) {
      clear()
      terminal.out(isJson ? `${asJson(value)}\n` : ended(plain(text())))
    },
    say(text) {
      clear()
      terminal.err(ended(plain(text)))
    },
    progress(text) {
      if (!shows.err || text === shown) return
      clear()
      // Within one line: the next one is written over this one alone.
      shown = plain(text)
        .replaceAll(/\s+/g, ' ')
        .slice(0, Math.max(20, (columns || 80) - 1))
      terminal.err(shown)
    },
  }
}

/** Rows under their headings, each column as wide as what stands in it. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows].map((row) => row.map((cell) => plain(cell).replaceAll(/\s+/g, ' ')))
  const widths = headings.map((_, at) => Math.max(...all.map((row) => Array.from(row[at] ?? '').length)))
  const pad = (cell: string, at: number) => cell + ' '.repeat(Math.max(0, (widths[at] ?? 0) - Array.from(cell).length))
  return all.map((row) => row.map(pad).join('  ').trimEnd()).join('\n')
}
