/** What a piece of a program's output asks of a terminal, as far as a log knows it. */
export type Token =
  | { kind: 'text'; text: string }
  /** The line ends. */
  | { kind: 'newline' }
  /** Back to the beginning of the line: what follows takes the place of what stands there. */
  | { kind: 'return' }
  /** So many lines up (negative) or down. */
  | { kind: 'move'; lines: number }
  /** Colours and marks: the parameters of `ESC [ … m`. */
  | { kind: 'style'; parameters: string }

const escape = String.fromCharCode(0x1b)
const bell = String.fromCharCode(0x07)

/**
 * Sequences by their form (ECMA-48): CSI with its parameters and final character; the beginning of an OSC (titles,
 * links), whose text is dropped up to its end; and two-character ones. Parameters are bounded, so that what is held back
 * of an unfinished sequence is.
 */
const sequence = new RegExp(`${escape}(?:\\[([0-?]{0,64})[ -/]{0,8}([@-~])|(\\])|[@-Z\\\\^-_])`, 'y')
/** The end of a piece that may go on in the next one. */
const unfinished = new RegExp(`(?:\\r|${escape}(?:\\[[0-?]{0,64}[ -/]{0,8})?)$`)
/** What ends the text of an OSC: its terminator, another sequence, or the line. */
const endOfOsc = new RegExp(`${bell}|${escape}\\\\|(?=[${escape}\\r\\n])`, 'g')
/** Control characters; the ranges leave out the tab. */
const control = new RegExp(String.raw`[\u0000-\u0008\u000a-\u001f\u007f-\u009f]`, 'g')

/** More lines than any cursor moves over. */
const furthest = 1_000

function readCsi(parameters: string, final: string): Token | null {
  const count = Math.min(furthest, Number.parseInt(parameters, 10) || 1)
  switch (final) {
    case 'm':
      return { kind: 'style', parameters }
    case 'A':
    case 'F':
      return { kind: 'move', lines: -count }
    case 'B':
    case 'E':
      return { kind: 'move', lines: count }
    // To the first column, or the line erased: what follows stands there alone.
    case 'G':
      return count === 1 ? { kind: 'return' } : null
    case 'K':
      return /^0?$/.test(parameters) ? null : { kind: 'return' }
    default:
      return null
  }
}

/**
 * Takes a stream of text apart, which may be cut into pieces anywhere: what a sequence or a Windows line end may still
 * become is held back until the next piece, which is never more than some dozen characters.
 */
export class Tokenizer {
  #held = ''
  #inOsc = false

  push(piece: string): Token[] {
    const text = this.#held + piece
    this.#held = unfinished.exec(text.slice(-80))?.[0] ?? ''
    return this.#take(text.slice(0, text.length - this.#held.length))
  }

  /** What was held back, when the stream has ended. */
  end(): Token[] {
    const text = this.#held
    this.#held = ''
    return this.#take(text)
  }

  #take(text: string): Token[] {
    const tokens: Token[] = []
    let from = this.#inOsc ? this.#skipOsc(text, 0) : 0
    for (;;) {
      control.lastIndex = from
      const at = control.exec(text)?.index ?? text.length
      if (at > from) tokens.push({ kind: 'text', text: text.slice(from, at) })
      if (at === text.length) return tokens
      const { end, token } = this.#readAt(text, at)
      if (token) tokens.push(token)
      from = end
    }
  }

  /** Reads what stands at a control character: where it ends, and what it asks for. */
  #readAt(text: string, at: number): { end: number; token: Token | null } {
    switch (text[at]) {
      case '\n':
        return { end: at + 1, token: { kind: 'newline' } }
      case '\r':
        return text[at + 1] === '\n'
          ? { end: at + 2, token: { kind: 'newline' } }
          : { end: at + 1, token: { kind: 'return' } }
      case escape: {
        sequence.lastIndex = at
        const [whole = escape, parameters = '', final, osc] = sequence.exec(text) ?? []
        const end = at + whole.length
        if (osc === undefined) return { end, token: final === undefined ? null : readCsi(parameters, final) }
        this.#inOsc = true
        return { end: this.#skipOsc(text, end), token: null }
      }
      default:
        return { end: at + 1, token: null }
    }
  }

  /** The place after an OSC's text, or the text's end when it goes on in the next piece. */
  #skipOsc(text: string, from: number): number {
    endOfOsc.lastIndex = from
    const end = endOfOsc.exec(text)
    if (!end) return text.length
    this.#inOsc = false
    return end.index + end[0].length
  }
}
