/** From this place of the text on, this style: SGR codes joined by `;`, or nothing for plain text. */
export type StyleChange = [start: number, style: string]

export interface StyledText {
  text: string
  /** Absent where the whole text is plain. */
  styles?: StyleChange[]
}

/** What a terminal's pen is set to. */
interface Pen {
  foreground: string
  background: string
  /** Codes from 1 (bold) to 9 (struck out) that are on. */
  marks: number
}

const plain: Pen = { foreground: '', background: '', marks: 0 }

/** Marks that end with a code of their own: 22 ends bold and dim, 24 underline, … */
const endings: Record<number, number[]> = { 22: [1, 2], 23: [3], 24: [4], 25: [5, 6], 27: [7], 28: [8], 29: [9] }

/** One of the 256 colours or a mixed one, after 38 or 48; null when it is cut off. */
function readColour(codes: number[], at: number): { colour: string; next: number } | null {
  const [kind, ...rest] = codes.slice(at + 1, at + 5)
  if (kind === 5 && rest[0] !== undefined && rest[0] < 256) return { colour: `5;${rest[0]}`, next: at + 2 }
  const mixed = rest.slice(0, 3)
  if (kind === 2 && mixed.length === 3 && mixed.every((part) => part < 256))
    return { colour: `2;${mixed.join(';')}`, next: at + 4 }
  return null
}

/** The pen after a sequence `ESC [ … m`. Unknown codes change nothing. */
function apply(pen: Pen, parameters: string): Pen {
  const codes = parameters.split(/[;:]/).map(Number)
  let { foreground, background, marks } = pen
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0
    const ended = endings[code]
    if (code === 0) ({ foreground, background, marks } = plain)
    else if (code >= 1 && code <= 9) marks |= 1 << code
    else if (ended) marks = ended.reduce((left, mark) => left & ~(1 << mark), marks)
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) foreground = String(code)
    else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) background = String(code)
    else if (code === 39) foreground = ''
    else if (code === 49) background = ''
    else if (code === 38 || code === 48) {
      const mixed = readColour(codes, at)
      if (!mixed) break
      if (code === 38) foreground = `38;${mixed.colour}`
      else background = `48;${mixed.colour}`
      at = mixed.next
    }
  }
  return { foreground, background, marks }
}

const nameOf = ({ foreground, background, marks }: Pen) =>
  [...[1, 2, 3, 4, 5, 6, 7, 8, 9].filter((mark) => marks & (1 << mark)), foreground, background]
    .filter((part) => part !== '')
    .join(';')

/** A pen over the lines of one stream: a colour lasts until it is ended. */
export function createPen() {
  let pen = plain
  let style = ''
  return {
    /** Takes the parameters of `ESC [ … m`. */
    set(parameters: string) {
      pen = apply(pen, parameters)
      style = nameOf(pen)
    },
    /** SGR codes joined by `;`, or nothing for plain text. */
    style: () => style,
  }
}
