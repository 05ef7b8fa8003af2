import { fill, hsl, linear, shine, solid } from '../canvas'
import { circle, ellipse, polygon, quadratic, stroke, type Point } from '../paths'
import { veil, wash, type Painter, type Stage } from '../stage'

interface Vessel {
  x: number
  foot: number
  height: number
  /** Half the width at a height from 0 (foot) to 1 (rim), in picture units. */
  profile: (t: number) => number
  hue: number
  lightness: number
}

/** The pixel of a place in picture units, around the middle of the table's far edge. */
type Place = (x: number, y: number) => Point

/** A thrown vessel with its shadow, lit from the upper left. */
function* vessel({ canvas, u }: Stage, at: Place, pot: Vessel, tableHue: number) {
  const { x, foot, height, profile, hue, lightness } = pot
  fill(canvas, [ellipse(at(x + 0.12, foot + 0.006), u * 0.2, u * 0.026, 0.05)], solid(hsl(tableHue, 40, 6), 0.55), {
    soften: u * 0.016,
  })
  yield
  const [left] = at(x - 0.16, 0)
  const [right] = at(x + 0.16, 0)
  const glaze = linear(
    [left, 0, right, 0],
    [
      [0, hsl(hue, 30, lightness * 0.78)],
      [0.27, hsl(hue + 8, 34, Math.min(94, lightness * 1.36))],
      [0.6, hsl(hue, 36, lightness * 0.72)],
      [1, hsl(hue - 10, 40, lightness * 0.26)],
    ],
  )
  const side = (sign: number) =>
    Array.from({ length: 61 }, (_, i) => at(x + sign * profile(i / 60), foot - (height * i) / 60))
  fill(canvas, [polygon([...side(1), ...side(-1).reverse()])], glaze)
  fill(canvas, [ellipse(at(x, foot), u * profile(0), u * profile(0) * 0.16)], glaze)
  yield
  const rim = u * profile(1)
  fill(canvas, [ellipse(at(x, foot - height), rim, rim * 0.2)], solid(hsl(hue, 30, lightness * 0.2)))
  const [cx, cy] = at(x, foot - height)
  const lip = Array.from({ length: 30 }, (_, i): Point => {
    const a = Math.PI * (0.08 + (i / 29) * 1.05)
    return [cx + Math.cos(a) * rim, cy + Math.sin(a) * rim * 0.2]
  })
  fill(canvas, stroke(lip, u * 0.004), solid(hsl(hue + 8, 34, Math.min(92, lightness * 1.35)), 0.7))
  yield
}

/** Twigs with leaves, from a point upwards. */
function* twigs({ canvas, u, random }: Stage, [x, y]: Point) {
  for (let i = 0; i < 9; i++) {
    const end: Point = [x + (random() * 0.42 - 0.2) * u, y - u * (0.1 + random() * 0.2)]
    const stem: Point[] = [[x, y], ...quadratic([x, y], [x, y - u * 0.13], end)]
    fill(canvas, stroke(stem, u * 0.0045), solid(hsl(95, 26, 22)))
    for (let k = 0; k < 9; k++) {
      const t = 0.3 + k * 0.08
      const place: Point = [x + (end[0] - x) * t * t, y + (end[1] - y) * (1 - (1 - t) * (1 - t))]
      const turn = random() * 6.3
      const middle: Point = [place[0] + Math.cos(turn) * u * 0.018, place[1] + Math.sin(turn) * u * 0.018]
      fill(
        canvas,
        [ellipse(middle, u * 0.024, u * 0.009, turn)],
        solid(hsl(80 + random() * 34, 26, 26 + random() * 24)),
      )
    }
    yield
  }
}

/** Profiles of vessels: half the width at a height. */
const belly = (t: number) =>
  0.045 + 0.1 * Math.sin(Math.PI * Math.min(1, t * 1.06)) ** 1.6 + (t > 0.9 ? (t - 0.9) * 0.25 : 0)
const shoulder = (t: number) => {
  const neck = 1 / (1 + Math.exp(-(t - 0.76) * 34))
  return (0.05 + 0.115 * Math.sin(Math.PI * (0.18 + t * 0.72)) ** 0.8) * (1 - neck) + 0.05 * neck
}
const bowl = (t: number) => 0.062 + t ** 0.7 * 0.072

/** The wall, with light and shade from a window, and the table before it. */
function* room(stage: Stage, { hue, wall, table }: { hue: number; wall: number; table: number }) {
  const { canvas, w, h, u } = stage
  wash(
    stage,
    [
      [0, hsl(wall, 15, 60)],
      [1, hsl(wall, 16, 40)],
    ],
    0,
    table + 1,
  )
  yield
  shine(canvas, [w * 0.16, h * 0.1, Math.max(w, h) * 0.9], hsl(44, 70, 86), 0.6)
  yield
  const shade = polygon([
    [w * 0.56, 0],
    [w * 1.1, h * 0.32],
    [w * 1.1, table],
    [w * 0.92, table],
  ])
  fill(canvas, [shade], solid(hsl(wall, 20, 12), 0.24), { soften: u * 0.022 })
  yield
  wash(
    stage,
    [
      [0, hsl(hue, 28, 44)],
      [0.1, hsl(hue, 32, 52)],
      [1, hsl(hue - 6, 34, 25)],
    ],
    table,
    h,
  )
  veil(stage, {
    color: hsl(hue - 8, 40, 18),
    scale: [1.4, 60],
    box: [0.68, 1],
    opacity: (v) => Math.max(0, v - 0.42) * 0.9,
  })
  yield
}

/** An apricot on the table. */
function* apricot({ canvas, u }: Stage, fruit: Point, hue: number) {
  fill(
    canvas,
    [ellipse([fruit[0] + u * 0.03, fruit[1] + u * 0.034], u * 0.055, u * 0.012)],
    solid(hsl(hue, 40, 6), 0.5),
    { soften: u * 0.008 },
  )
  fill(
    canvas,
    [circle(fruit, u * 0.036)],
    linear(
      [fruit[0] - u * 0.036, fruit[1] - u * 0.03, fruit[0] + u * 0.036, fruit[1] + u * 0.03],
      [
        [0, hsl(38, 82, 66)],
        [0.5, hsl(24, 76, 48)],
        [1, hsl(10, 66, 20)],
      ],
    ),
  )
  yield
}

/** Three vessels on a table. */
export const ceramics: Painter = function* (stage) {
  const { w, h, u, random } = stage
  const hue = 24 + random() * 30
  const wall = random() > 0.5 ? hue + 150 : hue
  const table = h * 0.68
  const at = (x: number, y: number): Point => [w / 2 + (x - 0.5) * u, table + (y - 0.68) * u]
  yield* room(stage, { hue, wall, table })
  yield* vessel(
    stage,
    at,
    { x: 0.68, foot: 0.8, height: 0.46 + random() * 0.06, profile: belly, hue: hue + 175, lightness: 34 },
    hue,
  )
  const [tx, ty] = at(0.68, 0.8 - 0.47)
  yield* twigs(stage, [tx, ty + u * 0.02])
  yield* vessel(
    stage,
    at,
    { x: 0.34, foot: 0.86, height: 0.36 + random() * 0.08, profile: shoulder, hue: hue - 8, lightness: 52 },
    hue,
  )
  yield* vessel(stage, at, { x: 0.55, foot: 0.92, height: 0.15, profile: bowl, hue: hue + 10, lightness: 74 }, hue)
  yield* apricot(stage, at(0.8 + random() * 0.06, 0.872), hue)
  veil(stage, { color: [70, 50, 34], scale: [14, 14], opacity: (v) => Math.max(0, v - 0.42) * 0.3 })
}
