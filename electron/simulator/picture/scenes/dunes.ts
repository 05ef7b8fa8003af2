import { fill, hsl, linear, radial, shine, solid } from '../canvas'
import { circle, polygon, stroke, type Point } from '../paths'
import { stars, wash, type Painter, type Stage } from '../stage'

/** The sun or the moon. */
function* disc({ canvas, w, h, u, random }: Stage, night: boolean) {
  const [mx, my, radius] = [w * (0.62 + random() * 0.18), h * 0.21, u * 0.062]
  shine(canvas, [mx, my, u * 0.34], hsl(45, 90, 88), night ? 0.5 : 0.6)
  const face = radial(
    [mx - radius * 0.3, my - radius * 0.3, radius * 1.5],
    [
      [0, hsl(48, 80, 97)],
      [1, hsl(42, 60, 86)],
    ],
  )
  fill(canvas, [circle([mx, my], radius)], face)
  yield
}

/** The dune `i` from the back: its lit side, its shadow and its ripples. */
function* dune(stage: Stage, i: number, { hue, night }: { hue: number; night: boolean }) {
  const { canvas, w, h, u, random, noise } = stage
  const base = h * (0.54 + i * 0.105)
  const offset = random() * 20
  const step = Math.max(1, u / 600)
  const crest = Array.from({ length: Math.ceil((w + u * 0.5) / step) }, (_, k): Point => {
    const x = k * step - u * 0.25
    return [x, base - (noise((x / u) * (1.3 + i * 0.15) + offset, i * 5, 3) - 0.45) * u * (0.3 - i * 0.012)]
  })
  const lit = linear(
    [0, base - u * 0.12, 0, base + u * 0.28],
    [
      [0, hsl(hue + 6, 68, (night ? 58 : 68) - i * 7)],
      [1, hsl(hue - 8, 58, 30 - i * 3.4)],
    ],
  )
  fill(canvas, [polygon([[-u, h + 2], ...crest, [w + u, h + 2]])], lit)
  yield
  // The lee side lies in shadow, from the crest to a wandering foot.
  const depth = 0.2 + random() * 0.5
  const foot = crest.map(([x, y]): Point => [
    x - u * 0.12 * depth,
    y + u * 0.2 * (0.14 + noise((x / u) * 2.4 + offset, 9 + i, 3) * 1.1) * depth * 2,
  ])
  const shadow = linear(
    [0, base - u * 0.1, 0, base + u * 0.3],
    [
      [0, hsl(hue - 20, 52, 12), 0.62],
      [1, hsl(hue - 20, 52, 12), 0.05],
    ],
  )
  fill(canvas, [polygon([...crest, ...foot.reverse()])], shadow, { soften: u * 0.0025 })
  yield
  for (let ripple = 1; ripple < 22; ripple++) {
    const line = crest
      .filter((_, k) => k % 4 === 0)
      .map(([x, y]): Point => [
        x,
        y + ripple * u * 0.0135 + Math.sin((x / u) * 30 + ripple * 1.7 + offset) * u * 0.0026,
      ])
    fill(canvas, stroke(line, Math.max(0.5, u * 0.0013)), solid(hsl(hue + 14, 80, 82), 0.09 * (1 - ripple / 22)))
    if (ripple % 4 === 0) yield
  }
}

/** Dunes by day, or at dusk under a few stars. */
export const dunes: Painter = function* (stage) {
  const { h, random } = stage
  const hue = 18 + random() * 18
  const night = random() > 0.5
  wash(
    stage,
    night
      ? [
          [0, hsl(232, 48, 10)],
          [0.5, hsl(262, 34, 28)],
          [1, hsl(hue + 10, 62, 60)],
        ]
      : [
          [0, hsl(196, 46, 50)],
          [0.7, hsl(38, 60, 78)],
          [1, hsl(32, 74, 85)],
        ],
    0,
    h * 0.66,
  )
  yield
  if (night) stars(stage, 170, h * 0.42, (brightness) => solid([255, 250, 240], brightness * 0.8))
  yield
  yield* disc(stage, night)
  for (let i = 0; i < 5; i++) yield* dune(stage, i, { hue, night })
}
