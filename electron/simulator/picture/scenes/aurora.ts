import { cover, fill, hsl, solid, type Shade } from '../canvas'
import { pine, reflect, ridge, stars, wash, type Painter, type Stage } from '../stage'

/** One curtain of light: its lower hem, height and brightness by column. */
function curtain(stage: Stage, index: number, hue: number): Shade {
  const { w, h, u, random, noise } = stage
  const offset = random() * 20
  const columns = Array.from({ length: Math.ceil(w) + 1 }, (_, x) => {
    const t = x / u
    return {
      hem: h * (0.5 - index * 0.09) - (noise(t * 2.1 + offset, index * 9, 4) - 0.46) * h * 0.6,
      length: h * (0.14 + noise(t * 9 + offset, 3, 3) * 0.36),
      light: noise(t * 16 + offset, 7, 3) ** 1.6 * (1.5 - index * 0.3),
    }
  })
  const [violet, middle, green, white] = [
    hsl(hue + 130, 80, 56),
    hsl(hue + 62 - index * 8, 80, 52),
    hsl(hue, 90, 56),
    hsl(hue, 90, 72),
  ]
  return (px, py, out) => {
    const column = columns[px | 0]
    if (!column) return
    const up = (column.hem - py) / column.length
    // Bright just above the hem, fading upwards through violet; a soft edge below.
    const shape = up < 0 ? Math.max(0, 1 + up * 14) : up > 1 ? 0 : (1 - up) ** 1.5
    const [a, b, k] =
      up < 0.08
        ? [white, green, Math.max(0, up) / 0.08]
        : up < 0.45
          ? [green, middle, (up - 0.08) / 0.37]
          : [middle, violet, Math.min(1, (up - 0.45) / 0.55)]
    for (let c = 0; c < 3; c++) out[c] = (a[c] ?? 0) + ((b[c] ?? 0) - (a[c] ?? 0)) * k
    out[3] = shape * column.light
  }
}

/** Northern lights over a fjord. */
export const aurora: Painter = function* (stage) {
  const { canvas, w, h, u, random } = stage
  const hue = 140 + random() * 30
  const shore = h * 0.76
  wash(
    stage,
    [
      [0, hsl(240, 50, 9)],
      [0.7, hsl(218, 52, 21)],
      [1, hsl(188, 46, 34)],
    ],
    0,
    shore + 1,
  )
  yield
  stars(stage, 240, shore, (brightness) => solid([255, 255, 255], brightness * 0.85))
  yield
  for (let index = 0; index < 3; index++) {
    cover(canvas, curtain(stage, index, hue), [0, 0, w, shore], 'screen')
    yield
  }
  ridge(
    stage,
    { base: shore, height: h * 0.3, frequency: 2.8, offset: random() * 40, sharpness: 1.9 },
    solid(hsl(216, 38, 11)),
  )
  yield
  ridge(
    stage,
    { base: shore + u * 0.005, height: h * 0.13, frequency: 4.6, offset: random() * 40, sharpness: 1.5 },
    solid(hsl(218, 40, 7)),
  )
  yield
  reflect(stage, shore, 0.06, (depth) => [[2, 8, 20], 0.2 + depth * 0.3])
  yield
  for (let i = 0; i < Math.ceil(24 * (w / u)); i++) {
    const tall = u * (0.07 + random() * 0.17)
    fill(canvas, [pine(random, [random() * w, h * (1.02 + random() * 0.05)], tall)], solid([4, 7, 12]))
    yield
  }
}
