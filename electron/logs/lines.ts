import { StringDecoder } from 'node:string_decoder'
import { createPen, type StyleChange, type StyledText } from './ansi'
import { wholeText, type CutPlaces } from './cutting'
import { createTokenizer, type Token } from './terminal'

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

/**
 * Cuts the text of a stream into lines, which may be split over pieces anywhere. A carriage return starts the line
 * anew, and the cursor goes up to lines that are still near, as on a terminal, so that several progress bars stay
 * one line each; of several states in one piece only the last is returned. Colours are kept as data; other terminal
 * sequences are dropped. A line that grows too long is cut where no secret is cut in two.
 */
export function createLineCutter(places: CutPlaces = wholeText) {
  const tokenizer = createTokenizer()
  const pen = createPen()
  /** The line under the cursor, and the last one that was returned; lines count from the stream's first. */
  let row = 0
  let last = -1
  let line = nothing()
  /** There is text that was not returned yet. */
  let isNew = false
  /** What is written is shown at once: the line is one that moves. */
  let moves = false
  /** The rest of a line that cannot be cut anywhere is passed over. */
  let passesOver = false
  /** A long line that could not be cut is looked at again when it is so long. */
  let looksAt = 0
  let lines: OutputLine[] = []
  /** The row of each of `lines`. */
  let rows: number[] = []

  /** Where in this piece the row under the cursor was returned before: near its end, or -1. */
  const indexOfRow = () => {
    for (let at = rows.length - 1; row <= last && at >= Math.max(0, rows.length - 2 * reach); at--)
      if (rows[at] === row) return at
    return -1
  }

  const emit = () => {
    isNew = false
    const styled = finished(line)
    const at = indexOfRow()
    const known = lines[at]
    if (known) {
      lines[at] = { ...known, ...styled }
      if (!styled.styles) delete lines[at].styles
      return
    }
    const up = last - row
    lines.push(up > 0 ? { ...styled, replaces: true, up } : { ...styled, replaces: up === 0 })
    rows.push(row)
    last = Math.max(last, row)
  }

  const startAnew = () => {
    if (isNew) emit()
    line = nothing()
    looksAt = 0
    passesOver = false
  }

  const newline = () => {
    shorten(true)
    if (isNew || row > last) emit()
    startAnew()
    moves = false
    row++
  }

  const moveBy = (count: number) => {
    startAnew()
    moves = true
    row = Math.min(Math.max(row + count, last - reach + 1, 0), Math.max(last, row))
  }

  /** Cuts off what makes the line too long; `isWhole` when nothing will be added to it. */
  const shorten = (isWhole = false) => {
    while (
      line.text.length > maxLine + (isWhole ? 0 : places.lookahead()) &&
      (isWhole || line.text.length >= looksAt)
    ) {
      const known = line.text.slice(0, mostUncut + 1)
      const place = places.placeIn(known, maxLine)
      if (place === 0) {
        looksAt = Math.min(line.text.length + maxLine, mostUncut + 1)
        passesOver = line.text.length > mostUncut
        if (passesOver) [line] = split(line, mostUncut)
        return
      }
      const [first, rest] = split(line, place)
      line = first
      emit()
      line = rest
      isNew = rest.text !== ''
      looksAt = 0
      // In the middle of other lines there is no room for a further one.
      passesOver = row < last
      if (passesOver) {
        isNew = false
        return
      }
      row++
    }
  }

  const take = (tokens: readonly Token[]): OutputLine[] => {
    for (const token of tokens)
      switch (token.kind) {
        case 'text':
          if (passesOver) break
          write(line, token.text, pen.style())
          isNew = true
          shorten()
          break
        case 'style':
          pen.set(token.parameters)
          break
        case 'newline':
          newline()
          break
        case 'return':
          startAnew()
          moves = true
          break
        case 'move':
          moveBy(token.lines)
          break
      }
    if (moves && isNew) emit()
    const done = lines
    lines = []
    rows = []
    return done
  }

  return {
    push: (text: string): OutputLine[] => take(tokenizer.push(text)),
    /** The rest, when the stream has ended. */
    end(): OutputLine[] {
      const done = take(tokenizer.end())
      shorten(true)
      if (isNew) emit()
      return [...done, ...take([])]
    },
  }
}

/** A line without any place to cut may grow so long, in UTF-16 units; what follows of it is passed over. */
const mostUncut = 256 * 1024

/** Cuts a stream of UTF-8 bytes into lines; characters may be split over chunks. */
export function createLineSplitter(places: CutPlaces = wholeText) {
  const decoder = new StringDecoder('utf8')
  const cutter = createLineCutter(places)
  return {
    push: (chunk: Uint8Array): OutputLine[] => cutter.push(decoder.write(Buffer.from(chunk))),
    /** The rest, when the stream has ended. */
    end: (): OutputLine[] => [...cutter.push(decoder.end()), ...cutter.end()],
  }
}
