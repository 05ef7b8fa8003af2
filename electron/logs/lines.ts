import { StringDecoder } from 'node:string_decoder'
import { createPen, type StyleChange, type StyledText } from './ansi'
import { wholeText, type CutPlaces } from './cutting'
import { Tokenizer, type Token } from './terminal'

/** One line of output. `replaces` means that it takes the place of an earlier line of its stream (a progress bar). */
export interface OutputLine extends StyledText {
  replaces: boolean
  /** Which one, counted back from the stream's last line; absent: the last one. */
  up?: number
}

/** Longest line that is kept, in UTF-16 units; more becomes further lines. */
export const maxLine = 16_384

/** Lines so far back can still be replaced: more bars than any program draws at once. */
export const reach = 16

/** A line that is being written. */
interface Writing {
  text: string
  styles: StyleChange[]
}

const nothing = (): Writing => ({ text: '', styles: [] })

/** Writes text in a style, noting where the style changes. */
function write(line: Writing, text: string, style: string) {
  const { styles } = line
  const at = line.text.length
  if ((styles.at(-1)?.[1] ?? '') !== style) styles.push([at, style])
  line.text += text
}

/** A line as it is handed on: its styles only where there are any. */
const finished = ({ text, styles }: Writing): StyledText =>
  styles.some(([, name]) => name !== '') ? { text, styles: [...styles] } : { text }

/** The first `place` units of a line, and what is left of it. */
function split({ text, styles }: Writing, place: number): [Writing, Writing] {
  const before = styles.filter(([at]) => at < place)
  const carried = before.at(-1)?.[1] ?? ''
  const after = styles.filter(([at]) => at >= place).map(([at, style]): StyleChange => [at - place, style])
  if (carried !== '' && after[0]?.[0] !== 0) after.unshift([0, carried])
  return [
    { text: text.slice(0, place), styles: before },
    { text: text.slice(place), styles: after },
  ]
}

/** A line without any place to cut may grow so long, in UTF-16 units; what follows of it is passed over. */
const mostUncut = 256 * 1024

/**
 * Cuts the text of a stream into lines, which may be split over pieces anywhere. A carriage return starts the line
 * anew, and the cursor goes up to lines that are still near, as on a terminal, so that several progress bars stay
 * one line each; of several states in one piece only the last is returned. Colours are kept as data; other terminal
 * sequences are dropped. A line that grows too long is cut where no secret is cut in two.
 */
export class LineCutter {
  readonly #places: CutPlaces
  readonly #tokenizer = new Tokenizer()
  readonly #pen = createPen()
  /** The line under the cursor, and the last one that was returned; lines count from the stream's first. */
  #row = 0
  #last = -1
  #line = nothing()
  /** There is text that was not returned yet. */
  #isNew = false
  /** What is written is shown at once: the line is one that moves. */
  #moves = false
  /** The rest of a line that cannot be cut anywhere is passed over. */
  #passesOver = false
  /** A long line that could not be cut is looked at again when it is so long. */
  #looksAt = 0
  #lines: OutputLine[] = []
  /** The row of each of `#lines`. */
  #rows: number[] = []

  constructor(places: CutPlaces = wholeText) {
    this.#places = places
  }

  push(text: string): OutputLine[] {
    return this.#take(this.#tokenizer.push(text))
  }

  /** The rest, when the stream has ended. */
  end(): OutputLine[] {
    const done = this.#take(this.#tokenizer.end())
    this.#shorten(true)
    if (this.#isNew) this.#emit()
    return [...done, ...this.#take([])]
  }

  #take(tokens: readonly Token[]): OutputLine[] {
    for (const token of tokens)
      switch (token.kind) {
        case 'text':
          this.#write(token.text)
          break
        case 'style':
          this.#pen.set(token.parameters)
          break
        case 'newline':
          this.#newline()
          break
        case 'return':
          this.#startAnew()
          this.#moves = true
          break
        case 'move':
          this.#moveBy(token.lines)
          break
      }
    if (this.#moves && this.#isNew) this.#emit()
    const done = this.#lines
    this.#lines = []
    this.#rows = []
    return done
  }

  #write(text: string) {
    if (this.#passesOver) return
    write(this.#line, text, this.#pen.style())
    this.#isNew = true
    this.#shorten()
  }

  #newline() {
    this.#shorten(true)
    if (this.#isNew || this.#row > this.#last) this.#emit()
    this.#startAnew()
    this.#moves = false
    this.#row++
  }

  #moveBy(count: number) {
    this.#startAnew()
    this.#moves = true
    this.#row = Math.min(Math.max(this.#row + count, this.#last - reach + 1, 0), Math.max(this.#last, this.#row))
  }

  #startAnew() {
    if (this.#isNew) this.#emit()
    this.#line = nothing()
    this.#looksAt = 0
    this.#passesOver = false
  }

  #emit() {
    this.#isNew = false
    const styled = finished(this.#line)
    const at = this.#indexOfRow()
    const known = this.#lines[at]
    if (known) {
      const changed = (this.#lines[at] = { ...known, ...styled })
      if (!styled.styles) delete changed.styles
      return
    }
    const up = this.#last - this.#row
    this.#lines.push(up > 0 ? { ...styled, replaces: true, up } : { ...styled, replaces: up === 0 })
    this.#rows.push(this.#row)
    this.#last = Math.max(this.#last, this.#row)
  }

  /** Where in this piece the row under the cursor was returned before: near its end, or -1. */
  #indexOfRow(): number {
    if (this.#row > this.#last) return -1
    for (let at = this.#rows.length - 1; at >= Math.max(0, this.#rows.length - 2 * reach); at--)
      if (this.#rows[at] === this.#row) return at
    return -1
  }

  /** Cuts off what makes the line too long; `isWhole` when nothing will be added to it. */
  #shorten(isWhole = false) {
    while (
      this.#line.text.length > maxLine + (isWhole ? 0 : this.#places.lookahead()) &&
      (isWhole || this.#line.text.length >= this.#looksAt)
    ) {
      const known = this.#line.text.slice(0, mostUncut + 1)
      const place = this.#places.placeIn(known, maxLine)
      if (place === 0) {
        this.#waitForPlace()
        return
      }
      const [first, rest] = split(this.#line, place)
      this.#line = first
      this.#emit()
      this.#line = rest
      this.#isNew = rest.text !== ''
      this.#looksAt = 0
      // In the middle of other lines there is no room for a further one.
      this.#passesOver = this.#row < this.#last
      if (this.#passesOver) {
        this.#isNew = false
        return
      }
      this.#row++
    }
  }

  /** The line has no place to cut yet; a line that grows on and on without one is kept up to its limit. */
  #waitForPlace() {
    const { length } = this.#line.text
    this.#looksAt = Math.min(length + maxLine, mostUncut + 1)
    this.#passesOver = length > mostUncut
    if (this.#passesOver) [this.#line] = split(this.#line, mostUncut)
  }
}

/** Cuts a stream of UTF-8 bytes into lines; characters may be split over chunks. */
export function createLineSplitter(places: CutPlaces = wholeText) {
  const decoder = new StringDecoder('utf8')
  const cutter = new LineCutter(places)
  return {
    push: (chunk: Uint8Array): OutputLine[] => cutter.push(decoder.write(Buffer.from(chunk))),
    /** The rest, when the stream has ended. */
    end: (): OutputLine[] => [...cutter.push(decoder.end()), ...cutter.end()],
  }
}
