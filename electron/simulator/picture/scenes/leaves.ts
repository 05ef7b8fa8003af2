import { fill, hsl, linear, shine, solid, type Rgb } from '../canvas'
import { circle, cubic, ellipse, polygon, quadratic, stroke, type Point } from '../paths'
import { veil, wash, type Painter, type Stage } from '../stage'

/** One leaf from its stem at `from`, with veins. */
function leaf(
  stage: Stage,
  from: Point,
  shape: { length: number; width: number; turn: number; hue: number; lightness: number; soften: number },
) {
  const { canvas, u } = stage
  const { length, width, turn, hue, lightness, soften } = shape
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const at = (x: number, y: number): Point => [from[0] + x * cos - y * sin, from[1] + x * sin + y * cos]
  const edge = (sign: number) => [
    at(0, 0),
    ...cubic(at(0, 0), at(length * 0.25, sign * width * 1.5), at(length * 0.75, sign * width), at(length, 0)),
  ]
  const across = [...at(0, -width), ...at(0, width)] as [number, number, number, number] // two points, flattened
  const green = linear(across, [
    [0, hsl(hue, 42, lightness * 1.35)],
    [0.49, hsl(hue, 44, lightness * 0.9)],
    [0.51, hsl(hue + 8, 46, lightness * 0.62)],
    [1, hsl(hue + 12, 46, lightness * 0.4)],
  ])
  fill(canvas, [polygon([...edge(-1), ...edge(1).reverse()])], green, { soften })
  if (soften > u * 0.005) return
  const vein: Rgb = hsl(hue - 22, 46, Math.min(80, lightness * 1.7))
  fill(canvas, stroke([at(0, 0), at(length * 0.96, 0)], Math.max(0.6, u * 0.0028)), solid(vein, 0.5))
  const side = Array.from({ length: 8 }, (_, k) => k + 1).flatMap((k) =>
    [-1, 1].flatMap((sign) => {
      const x = length * k * 0.1
      const tip = sign * width * 0.74 * Math.sin(Math.PI * (k / 10) + 0.35)
      const line = quadratic(at(x, 0), at(x + length * 0.06, sign * width * 0.4), at(x + length * 0.13, tip))
      return stroke([at(x, 0), ...line], Math.max(0.4, u * 0.0012))
    }),
  )
  fill(canvas, side, solid(vein, 0.4))
}

function flower({ canvas, random }: Stage, [x, y]: Point, radius: number, hue: number) {
  const start = random() * 6
  for (let k = 0; k < 6; k++) {
    const turn = k * 1.047 + start
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
    const petal = linear(
      [x, y, x + cos * radius * 1.5, y + sin * radius * 1.5],
      [
        [0, hsl(hue - 20, 75, 36)],
        [1, hsl(hue, 84, 76)],
      ],
    )
    fill(canvas, [ellipse([x + cos * radius * 0.8, y + sin * radius * 0.8], radius * 0.8, radius * 0.42, turn)], petal)
  }
  fill(canvas, [circle([x, y], radius * 0.3)], solid(hsl(46, 90, 62)))
}

/** Dense leaves with a few flowers. */
export const leaves: Painter = function* (stage) {
  const { canvas, w, h, u, random } = stage
  const hue = 110 + random() * 60
  wash(stage, [
    [0, hsl(hue + 20, 30, 16)],
    [1, hsl(hue + 45, 38, 6)],
  ])
  shine(canvas, [w * 0.7, h * 0.2, u * 0.8], hsl(56, 80, 78), 0.5)
  yield
  const count = Math.ceil(58 * Math.min(2.2, (w * h) / (u * u)))
  for (let i = 0; i < count; i++) {
    const depth = i / count
    const length = u * (0.2 + random() * 0.3) * (0.7 + depth * 0.5)
    leaf(stage, [random() * w, random() * h * 1.06], {
      length,
      width: length * (0.14 + random() * 0.16),
      turn: -Math.PI / 2 + (random() - 0.5) * 2.6,
      hue: hue + (random() - 0.5) * 56,
      lightness: 11 + depth * 32,
      soften: depth < 0.45 ? u * 0.009 * (1 - depth) : 0,
    })
    yield
  }
  const bloom = random() > 0.3 ? 8 + random() * 30 : 280 + random() * 60
  for (let i = 0; i < 7; i++) {
    flower(stage, [w * (0.12 + random() * 0.76), h * (0.15 + random() * 0.7)], u * (0.026 + random() * 0.022), bloom)
    yield
  }
  veil(stage, {
    color: [230, 255, 220],
    scale: [5, 5],
    opacity: (v, x, y) => Math.max(0, v - 0.46) * Math.max(0, 1 - Math.hypot(x - 0.7, y - 0.2) * 1.4),
  })
}
