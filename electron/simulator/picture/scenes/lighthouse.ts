import { fill, hsl, linear, shine, solid, type Rgb } from '../canvas'
import { polygon, quadratic, stroke, type Point } from '../paths'
import { ridge, ridgeLine, veil, wash, type Painter, type Stage } from '../stage'

/** Waves from the horizon to the shore, with a little light on their backs. */
function* sea(stage: Stage, hue: number, horizon: number) {
  const { canvas, h, u, random, noise } = stage
  wash(
    stage,
    [
      [0, hsl(hue, 34, 38)],
      [0.2, hsl(hue, 44, 23)],
      [1, hsl(hue + 8, 55, 9)],
    ],
    horizon,
    h,
  )
  yield
  for (let i = 0; i < 11; i++) {
    const t = (i / 11) ** 1.5
    const y = horizon + t * (h - horizon)
    const wave = {
      base: y + u * 0.02,
      height: u * (0.016 + t * 0.07),
      frequency: 9 - i * 0.5,
      offset: i * 13 + random() * 7,
      octaves: 4,
    }
    ridge(stage, wave, solid(hsl(hue + 4, 42, 27 - i * 1.7), 0.8))
    const crest = ridgeLine(stage, wave).filter((_, k) => k % 3 === 0)
    const piece: Point[] = []
    const glints: Point[][] = []
    for (const point of crest) {
      if (noise((point[0] / u) * 20, i * 3, 2) > 0.42) piece.push(point)
      else if (piece.length > 0) glints.push(piece.splice(0))
    }
    if (piece.length > 1) glints.push([...piece])
    fill(
      canvas,
      glints.flatMap((line) => stroke(line, Math.max(0.8, u * 0.0028))),
      solid(hsl(32, 60, 84), 0.2),
    )
    yield
  }
}

/** The tower, standing on (x, foot). */
function tower({ canvas, u }: Stage, x: number, foot: number, stripe: Rgb) {
  const at = (dx: number, up: number): Point => [x + dx * u, foot - up * u]
  const half = (up: number) => 0.045 - up * 0.054
  const band = (from: number, to: number) =>
    polygon([at(-half(from), from), at(half(from), from), at(half(to), to), at(-half(to), to)])
  const stone = linear(
    [x - u * 0.045, 0, x + u * 0.045, 0],
    [
      [0, [226, 216, 200]],
      [0.45, [176, 163, 150]],
      [1, [62, 57, 62]],
    ],
  )
  const red = linear(
    [x - u * 0.045, 0, x + u * 0.045, 0],
    [
      [0, stripe],
      [1, [stripe[0] * 0.34, stripe[1] * 0.34, stripe[2] * 0.4]],
    ],
  )
  fill(canvas, [band(0, 0.37)], stone)
  fill(canvas, [band(0.08, 0.15), band(0.23, 0.3)], red)
  const iron = solid([26, 29, 36])
  fill(canvas, [polygon([at(-0.035, 0.365), at(0.035, 0.365), at(0.035, 0.378), at(-0.035, 0.378)])], iron)
  fill(canvas, [polygon([at(-0.02, 0.375), at(0.02, 0.375), at(0.02, 0.43), at(-0.02, 0.43)])], iron)
  fill(canvas, [polygon([at(-0.028, 0.428), at(0, 0.46), at(0.028, 0.428)])], iron)
  fill(
    canvas,
    [polygon([at(-0.013, 0.382), at(0.013, 0.382), at(0.013, 0.42), at(-0.013, 0.42)])],
    solid([255, 233, 168]),
  )
}

/** The sky after sunset: dark clouds above, the last light below them. */
function* sky(stage: Stage, hue: number, dusk: number, horizon: number) {
  wash(
    stage,
    [
      [0, hsl(hue + 20, 42, 13)],
      [0.6, hsl(hue, 34, 34)],
      [1, hsl(dusk, 60, 64)],
    ],
    0,
    horizon + 1,
  )
  yield
  veil(stage, {
    color: [20, 28, 46],
    scale: [3, 6],
    box: [0, 0.62],
    opacity: (v, _x, y) => Math.max(0, v - 0.34) * 2.6 * Math.min(1, (0.62 - y) * 8),
  })
  yield
  veil(stage, {
    color: hsl(dusk + 4, 100, 80),
    scale: [5, 11],
    box: [0.1, 0.62],
    opacity: (v, _x, y) => Math.max(0, v - 0.5) * 3.2 * Math.max(0, y - 0.12),
  })
  yield
}

/** The two beams of the lamp. */
function* beams({ canvas, w, u }: Stage, lamp: Point) {
  const [x] = lamp
  for (const [dx, dy, spread] of [
    [-1, -0.12, 0.13],
    [0.6, 0.05, 0.09],
  ] as const) {
    const far = Math.max(w, u)
    const beam = polygon([
      lamp,
      [x + dx * far, lamp[1] + (dy - spread) * far],
      [x + dx * far, lamp[1] + (dy + spread) * far],
    ])
    const fade = linear(
      [...lamp, x + dx * far * 0.8, lamp[1] + dy * far],
      [
        [0, [255, 240, 190], 0.75],
        [0.3, [255, 240, 190], 0.3],
        [1, [255, 240, 190], 0],
      ],
    )
    fill(canvas, [beam], fade, { blend: 'screen', soften: u * 0.004 })
    yield
  }
}

/** The rock under the tower, which stands at (x, foot). */
function rock({ canvas, h, u }: Stage, x: number, foot: number, hue: number) {
  const left: Point = [x - u * 0.26, h + 2]
  const outline: Point[] = [
    left,
    ...quadratic(left, [x - u * 0.16, h * 0.7], [x - u * 0.055, foot]),
    [x + u * 0.06, foot - u * 0.004],
    ...quadratic([x + u * 0.06, foot - u * 0.004], [x + u * 0.24, h * 0.7], [x + u * 0.44, h + 2]),
  ]
  fill(
    canvas,
    [polygon(outline)],
    linear(
      [x - u * 0.2, foot, x + u * 0.3, h],
      [
        [0, hsl(hue, 20, 16)],
        [0.5, hsl(hue, 22, 8)],
        [1, hsl(hue, 24, 5)],
      ],
    ),
  )
}

/** A lighthouse on a rock, in the last light. */
export const lighthouse: Painter = function* (stage) {
  const { canvas, w, h, u, random } = stage
  const hue = 205 + random() * 20
  const horizon = h * 0.62
  const dusk = 20 + random() * 18
  yield* sky(stage, hue, dusk, horizon)
  const x = w * (0.62 + random() * 0.1)
  const foot = h * 0.665
  const lamp: Point = [x, foot - u * 0.4]
  yield* beams(stage, lamp)
  yield* sea(stage, hue, horizon)
  ridge(stage, { base: h * 0.93, height: u * 0.1, frequency: 5, offset: 40, octaves: 6 }, solid(hsl(hue, 22, 8)))
  rock(stage, x, foot, hue)
  yield
  tower(stage, x, foot + u * 0.005, hsl(4 + random() * 10, 55, 42))
  shine(canvas, [...lamp, u * 0.24], [255, 235, 175], 0.95)
}
