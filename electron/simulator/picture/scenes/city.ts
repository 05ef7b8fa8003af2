import { cover, fill, hsl, linear, shine, solid, type Contour } from '../canvas'
import { rectangle } from '../paths'
import { reflect, veil, wash, type Painter, type Stage } from '../stage'

/** One building: its body, an aerial on some, and lit windows. */
function building(
  stage: Stage,
  place: { x: number; top: number; width: number; layer: number; ground: number },
  hue: readonly [number, number],
) {
  const { canvas, h, u, random } = stage
  const { x, top, width, layer, ground } = place
  const [cool, warm] = hue
  const body = hsl(cool + 25, 32, 29 - layer * 6.4)
  fill(
    canvas,
    [rectangle(x, top, width, h - top)],
    linear(
      [x, 0, x + width, 0],
      [
        [0, body],
        [1, hsl(cool + 25, 34, 25 - layer * 6)],
      ],
    ),
  )
  if (random() > 0.72) {
    fill(canvas, [rectangle(x + width * 0.48, top - u * 0.06, Math.max(1, u * 0.004), u * 0.06)], solid(body))
  }
  const [gx, gy] = [Math.max(3, u * 0.012), Math.max(4, u * 0.017)]
  const lamps: Contour[] = []
  const screens: Contour[] = []
  for (let wy = top + gy; wy < ground - gy; wy += gy) {
    for (let wx = x + gx * 0.6; wx < x + width - gx * 0.8; wx += gx) {
      if (random() < 0.66) continue
      const pane = rectangle(wx, wy, gx * 0.5, gy * 0.45)
      if (random() > 0.25) lamps.push(pane)
      else screens.push(pane)
    }
  }
  fill(canvas, lamps, solid(hsl(warm + 15, 88, 67), 0.26 + layer * 0.19))
  fill(canvas, screens, solid(hsl(cool, 80, 76), 0.2 + layer * 0.16))
}

/** Four rows of buildings, the nearest with a gap in the middle. */
function* skyline(stage: Stage, ground: number, hue: readonly [number, number]) {
  const { w, h, u, random } = stage
  for (let layer = 0; layer < 4; layer++) {
    for (let x = -u * 0.05; x < w;) {
      const width = u * (0.05 + random() * 0.09)
      const centre = 1 - Math.abs((x + width / 2) / w - 0.5) * 1.2
      const rise = (0.12 + random() * 0.34 + layer * 0.04) * (layer === 3 ? 1.35 - centre : 1)
      building(stage, { x, top: ground - h * rise, width, layer, ground }, hue)
      x += width * (0.9 + random() * 0.4)
      yield
    }
  }
}

/** What lamps and windows leave on the wet ground: streaks, and lights out of focus. */
function* reflections({ canvas, w, h, u, random }: Stage, ground: number, [cool, warm]: readonly [number, number]) {
  for (let i = 0; i < 70; i++) {
    const color = random() > 0.4 ? hsl(warm + random() * 15, 95, 62) : hsl(cool, 90, 70)
    const [x, y, length] = [random() * w, ground + random() * h * 0.1, h * (0.04 + random() * 0.2)]
    const streak = linear(
      [0, y, 0, y + length],
      [
        [0, color, 0],
        [0.25, color, 0.2],
        [1, color, 0],
      ],
    )
    const width = u * (0.004 + random() * 0.008)
    cover(canvas, streak, [x, y, x + width, y + length], 'screen')
  }
  yield
  for (let i = 0; i < 24; i++) {
    const radius = u * (0.008 + random() * 0.026) * 2.4
    shine(
      canvas,
      [random() * w, ground + (random() - 0.6) * h * 0.1, radius],
      hsl(random() > 0.5 ? warm : cool, 95, 72),
      0.55,
    )
  }
  yield
}

/** A skyline by night, over a wet street or a river. */
export const city: Painter = function* (stage) {
  const { canvas, w, h, u, random } = stage
  const cool = 190 + random() * 60
  const warm = 20 + random() * 25
  const ground = h * 0.7
  wash(
    stage,
    [
      [0, hsl(cool + 25, 48, 13)],
      [0.55, hsl(cool + 45, 40, 32)],
      [1, hsl(warm - 14, 70, 56)],
    ],
    0,
    ground + 1,
  )
  yield
  shine(canvas, [w * 0.5, ground, u * 0.75], hsl(warm, 95, 62), 0.8)
  yield
  veil(stage, {
    color: hsl(cool + 30, 40, 20),
    scale: [3, 7],
    box: [0, 0.5],
    opacity: (v, _x, y) => Math.max(0, v - 0.42) * 2 * (1 - y * 1.8),
  })
  yield
  yield* skyline(stage, ground, [cool, warm])
  const night = hsl(cool, 48, 6)
  reflect(stage, ground, 0.075, (depth) => [night, 0.12 + depth * 0.5])
  yield
  yield* reflections(stage, ground, [cool, warm])
  veil(stage, {
    color: hsl(cool + 10, 40, 62),
    scale: [3, 4],
    box: [0.5, 0.82],
    opacity: (v, _x, y) => Math.max(0, 0.42 - Math.abs(y - 0.67) * 4) * v * 0.7,
  })
}
