import { StringDecoder } from 'node:string_decoder'

/** One line of output. `replaces` means that it takes the place of the stream's previous line (a progress bar). */
export interface OutputLine {
  text: string
  replaces: boolean
}

/** Longest line that is kept, in UTF-16 units; more becomes further lines. */
const maxLine = 16_384

const escape = String.fromCharCode(0x1b)
const bell = String.fromCharCode(0x07)
/** CSI (colours, cursor), OSC (titles, links), two-character sequences, and whatever other control character. */
const terminalSequences = new RegExp(
  `${escape}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)?|[@-Z\\\\-_])|(?!\\t)\\p{Cc}`,
  'gu',
)

/** Removes colours, cursor movements, window titles and other control characters; keeps tabs. */
export const stripTerminalSequences = (text: string) => text.replace(terminalSequences, '')

/**
 * Cuts a byte stream into lines. Characters and lines may be split over chunks. A carriage return without a newline
 * starts the line anew, as on a terminal, so that a progress bar stays one line; of several states in one chunk only
 * the last is returned.
 */
export function createLineSplitter() {
  const decoder = new StringDecoder('utf8')
  let pending = ''
  /** The line had a carriage return: what is pending is shown at once, and replaced by what follows. */
  let returned = false
  /** The stream's last returned line is still open to replacement. */
  let open = false

  const emit = (lines: OutputLine[], text: string, staysOpen: boolean) => {
    const line = { text: stripTerminalSequences(text), replaces: open }
    if (open && lines.length > 0) lines[lines.length - 1] = { ...line, replaces: lines.at(-1)?.replaces ?? true }
    else lines.push(line)
    open = staysOpen
  }

  const take = (text: string, atEnd: boolean): OutputLine[] => {
    const lines: OutputLine[] = []
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
    push: (chunk: Uint8Array): OutputLine[] => take(decoder.write(Buffer.from(chunk)), false),
    /** The rest, when the stream has ended. */
    end(): OutputLine[] {
      const lines = take(decoder.end(), true)
      if (pending !== '' && !returned) emit(lines, pending, false)
      pending = ''
      return lines
    },
  }
}
