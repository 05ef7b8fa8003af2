import { StringDecoder } from 'node:string_decoder'
import { createStyler, type StyledText } from './ansi'

/** One line of output. `replaces` means that it takes the place of the stream's previous line (a progress bar). */
export interface OutputLine extends StyledText {
  replaces: boolean
}

/** Longest line that is kept, in UTF-16 units; more becomes further lines. */
export const maxLine = 16_384

/**
 * Cuts the text of a stream into lines, which may be split over pieces. A carriage return without a newline starts the
 * line anew, as on a terminal, so that a progress bar stays one line; of several states in one piece only the last is
 * returned. Colours are kept as data; other terminal sequences are dropped.
 */
export function createLineCutter() {
  const style = createStyler()
  let pending = ''
  /** The line had a carriage return: what is pending is shown at once, and replaced by what follows. */
  let returned = false
  /** The stream's last returned line is still open to replacement. */
  let open = false

  const emit = (lines: OutputLine[], raw: string, staysOpen: boolean) => {
    const { text, styles } = style(raw)
    const line: OutputLine = styles ? { text, styles, replaces: open } : { text, replaces: open }
    if (open && lines.length > 0) lines[lines.length - 1] = { ...line, replaces: lines.at(-1)?.replaces ?? true }
    else lines.push(line)
    open = staysOpen
  }

  const take = (text: string, atEnd: boolean): OutputLine[] => {
    const lines: OutputLine[] = []
    // One whole line is what mostly comes.
    const last = text.length - 1
    if (pending === '' && !returned && last <= maxLine && text.indexOf('\n') === last && !text.includes('\r')) {
      if (last < 0) return lines
      emit(lines, text.slice(0, last), false)
      return lines
    }
    let rest = pending + text
    for (;;) {
      const at = rest.search(/[\r\n]/)
      // A carriage return at the end of a chunk may be the first half of a Windows line end.
      if (at < 0 || (rest[at] === '\r' && at === rest.length - 1 && !atEnd)) break
      const line = rest.slice(0, at)
      const newline = rest[at] === '\n' || rest[at + 1] === '\n'
      rest = rest.slice(at + (rest[at] === '\r' && newline ? 2 : 1))
      if (line !== '' || (newline && !returned)) emit(lines, line, !newline)
      if (newline) open = false
      returned = !newline
    }
    while (rest.length > maxLine) {
      emit(lines, rest.slice(0, maxLine), false)
      rest = rest.slice(maxLine)
    }
    pending = rest
    if (returned && pending !== '' && pending !== '\r') emit(lines, pending.replace(/\r$/, ''), true)
    return lines
  }

  return {
    push: (text: string): OutputLine[] => take(text, false),
    /** The rest, when the stream has ended. */
    end(): OutputLine[] {
      const lines = take('', true)
      if (pending !== '' && !returned) emit(lines, pending, false)
      pending = ''
      return lines
    },
  }
}

/** Cuts a stream of UTF-8 bytes into lines; characters may be split over chunks. */
export function createLineSplitter() {
  const decoder = new StringDecoder('utf8')
  const cutter = createLineCutter()
  return {
    push: (chunk: Uint8Array): OutputLine[] => cutter.push(decoder.write(Buffer.from(chunk))),
    /** The rest, when the stream has ended. */
    end: (): OutputLine[] => [...cutter.push(decoder.end()), ...cutter.end()],
  }
}
