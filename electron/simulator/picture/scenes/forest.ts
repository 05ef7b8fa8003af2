import { fill, hsl, linear, shine, solid } from '../canvas'
import { polygon, rectangle } from '../paths'
import { pine, veil, wash, type Painter } from '../stage'

/** Spruces in mist, with light from above. */
export const forest: Painter = function* (stage) {
  const { canvas, w, h, u, random } = stage
  const hue = 140 + random() * 45
  const light = 44 + random() * 18
  wash(stage, [
    [0, hsl(light, 48, 82)],
    [0.55, hsl(hue - 30, 26, 58)],
    [1, hsl(hue, 34, 16)],
  ])
  yield
  shine(canvas, [w * (0.35 + random() * 0.3), h * 0.16, u * 0.7], hsl(light, 100, 88), 0.9)
  yield
  for (let layer = 0; layer < 6; layer++) {
    const color = hsl(hue - layer * 3, 16 + layer * 4, 62 - layer * 10.2)
    const count = Math.ceil((20 - layer * 2) * (w / u))
    for (let i = 0; i < count; i++) {
      const x = ((i + random() * 1.1) / count) * w * 1.1 - w * 0.05
      const tall = u * (0.3 + random() * 0.2 + layer * 0.055)
      fill(canvas, [pine(random, [x, h * (0.66 + layer * 0.085)], tall, 0.64)], solid(color))
      if (i % 4 === 0) yield
    }
    // The undergrowth hides the gaps between the lowest branches.
    const floor = h * (0.66 + layer * 0.085) - u * (0.075 + layer * 0.035)
    fill(canvas, [rectangle(-u, floor, w + u * 2, h)], solid(color), { soften: u * 0.03 })
    yield
    veil(stage, {
      color: [236, 239, 222],
      scale: [3 + layer, 3],
      box: [0.35, 1],
      opacity: (v, _x, y) => Math.max(0, 0.85 - Math.abs(y - (0.62 + layer * 0.08)) * 5.5) * v * (0.95 - layer * 0.14),
    })
    yield
  }
  for (let i = 0; i < 9; i++) {
    const x = w * (0.15 + random() * 0.7)
    const width = u * (0.02 + random() * 0.06)
    const from = w * 0.5 + (x - w * 0.5) * 0.3
    const to = x * 1.3 - w * 0.12
    const beam = polygon([
      [from, -h * 0.05],
      [from + width * 0.5, -h * 0.05],
      [to + width * 2, h],
      [to - width, h],
    ])
    const fade = linear(
      [0, 0, 0, h],
      [
        [0, hsl(light, 90, 80), 0.3],
        [0.9, hsl(light, 90, 80), 0],
      ],
    )
    fill(canvas, [beam], fade, { blend: 'screen', soften: u * 0.006 })
    yield
  }
}
