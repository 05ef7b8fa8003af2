import { fill, solid, type Canvas } from './canvas'
import { roundedRectangle, stroke, type Point } from './paths'

/** Letters as lines on a grid four wide and six high; several lines where the pen is lifted. */
const letters: Record<string, Point[][]> = {
  S: [
    [
      [4, 0.9],
      [3.1, 0.15],
      [1, 0.15],
      [0.15, 0.9],
      [0.15, 2.1],
      [1, 2.8],
      [3.1, 3.2],
      [3.9, 3.9],
      [3.9, 5.1],
      [3, 5.85],
      [0.9, 5.85],
      [0, 5.1],
    ],
  ],
  I: [
    [
      [0.3, 0],
      [0.3, 6],
    ],
  ],
  M: [
    [
      [0, 6],
      [0, 0],
      [2.3, 3.6],
      [4.6, 0],
      [4.6, 6],
    ],
  ],
  U: [
    [
      [0, 0],
      [0, 4.6],
      [1, 5.85],
      [3, 5.85],
      [4, 4.6],
      [4, 0],
    ],
  ],
  L: [
    [
      [0, 0],
      [0, 5.85],
      [3.5, 5.85],
    ],
  ],
  A: [
    [
      [0, 6],
      [2.2, 0.1],
      [4.4, 6],
    ],
    [
      [0.8, 4.1],
      [3.6, 4.1],
    ],
  ],
  T: [
    [
      [0, 0.15],
      [4, 0.15],
    ],
    [
      [2, 0],
      [2, 6],
    ],
  ],
  E: [
    [
      [3.7, 0.15],
      [0, 0.15],
      [0, 5.85],
      [3.7, 5.85],
    ],
    [
      [0, 2.9],
      [3.2, 2.9],
    ],
  ],
  D: [
    [
      [0, 0.15],
      [0, 5.85],
      [2.2, 5.85],
      [4, 4.4],
      [4, 1.6],
      [2.2, 0.15],
      [0, 0.15],
    ],
  ],
}

const word = ['S', 'I', 'M', 'U', 'L', 'A', 'T', 'E', 'D']
const gap = 1.9

const widthOf = (letter: string) => Math.max(...(letters[letter] ?? []).flat().map(([x]) => x))

/** Draws the word SIMULATED on a small dark plate in the lower right corner. */
export function drawTag(canvas: Canvas) {
  const { width, height } = canvas
  const units = word.reduce((sum, letter) => sum + widthOf(letter) + gap, -gap)
  const short = Math.min(width, height)
  const unit = Math.min(Math.max(short * 0.0036, 0.78), 5, (width * 0.86) / (units + 7))
  const margin = Math.max(2, short * 0.018)
  const plate: readonly [number, number] = [units * unit + unit * 7, unit * 12]
  const left = width - margin - plate[0]
  const top = height - margin - plate[1]
  fill(canvas, [roundedRectangle([left, top], plate[0], plate[1], unit * 2.2)], solid([10, 12, 16], 0.72))
  let x = left + unit * 3.5
  for (const letter of word) {
    const lines = (letters[letter] ?? []).map((line) =>
      line.map(([px, py]): Point => [x + px * unit, top + unit * 3 + py * unit]),
    )
    const outlines = lines.flatMap((line) => stroke(line, Math.max(0.9, unit * 1.05), unit > 1.4))
    fill(canvas, outlines, solid([238, 241, 246], 0.95))
    x += (widthOf(letter) + gap) * unit
  }
}
