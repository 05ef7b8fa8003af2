import { fill, hsl, shine, solid, type Rgb } from '../canvas'
import { rectangle } from '../paths'
import { pine, reflect, ridge, veil, wash, type Painter, type Stage } from '../stage'

/** Four ranges of mountains, each with mist at its feet. */
function* mountains(stage: Stage, cool: number, shore: number) {
  const { h, random } = stage
  for (let i = 0; i < 4; i++) {
    ridge(
      stage,
      {
        base: shore * (0.93 + i * 0.03),
        height: h * (0.44 - i * 0.09),
        frequency: 2.2 + i * 0.9,
        offset: i * 7 + random() * 40,
        sharpness: 1.7,
      },
      solid(hsl(cool + 8 - i * 4, 30 - i * 3, 54 - i * 12)),
    )
    yield
    veil(stage, {
      color: [255, 226, 206],
      scale: [3, 3],
      box: [0.4, 0.68],
      opacity: (v, _x, y) => Math.max(0, 0.55 - Math.abs(y - 0.6) * 7) * v * (0.9 - i * 0.2),
    })
    yield
  }
}

/** Glints on the water, most of them under the sun. */
function glitter({ canvas, w, h, u, random }: Stage, { sun, shore, warm }: Record<'sun' | 'shore' | 'warm', number>) {
  for (let i = 0; i < 130; i++) {
    const y = shore + random() ** 1.6 * (h - shore)
    const near = i % 3 === 0
    const x = near ? sun + (random() - 0.5) * u * 0.22 : random() * w
    const bright = Math.exp(-(((x - sun) / u) ** 2) / 0.02)
    const width = u * (0.02 + random() * 0.09)
    fill(
      canvas,
      [rectangle(x, y, width, Math.max(0.8, u * 0.002))],
      solid(hsl(warm + 15, 90, 86), 0.04 + bright * 0.26),
    )
  }
}

/** Conifers on the near shore. */
function* trees({ canvas, w, h, u, random }: Stage, cool: number) {
  for (let i = 0; i < 26; i++) {
    const x = (i < 15 ? random() * 0.26 : 0.8 + random() * 0.24) * w
    fill(
      canvas,
      [pine(random, [x, h * (1.02 + random() * 0.04)], u * (0.12 + random() * 0.26))],
      solid(hsl(cool, 30, 7)),
    )
    yield
  }
}

/** A mountain lake at first light. */
export const lake: Painter = function* (stage) {
  const { canvas, w, h, u, random } = stage
  const warm = 15 + random() * 25
  const cool = 205 + random() * 30
  const shore = h * 0.64
  wash(
    stage,
    [
      [0, hsl(cool, 45, 26)],
      [0.35, hsl(cool + 20, 35, 48)],
      [0.72, hsl(warm, 75, 72)],
      [1, hsl(warm + 15, 90, 84)],
    ],
    0,
    shore + 1,
  )
  yield
  const sun = w * (0.3 + random() * 0.4)
  shine(canvas, [sun, shore * 0.84, u * 0.6], hsl(warm + 20, 100, 80), 0.75)
  yield
  veil(stage, {
    color: [255, 224, 205],
    scale: [3, 9],
    box: [0, 0.5],
    opacity: (v, _x, y) => Math.max(0, v - 0.44) * 2.2 * (1 - y * 1.6),
  })
  yield
  yield* mountains(stage, cool, shore)
  const deep: Rgb = hsl(cool, 42, 11)
  reflect(stage, shore, 0.05, (depth) => [deep, 0.24 + depth * 0.5])
  yield
  glitter(stage, { sun, shore, warm })
  yield
  yield* trees(stage, cool)
}
