import { fill, hsl, solid, type Rgb } from '../canvas'
import { circle, polygon, quadratic, stroke, type Point } from '../paths'
import { ridge, ridgeLine, veil, wash, type Painter } from '../stage'

/** Hills cut from coloured paper. */
export const paper: Painter = function* (stage) {
  const { canvas, w, h, u, random } = stage
  const hue = random() * 360
  const warm = random() > 0.5
  const sky: readonly [Rgb, Rgb] = warm
    ? [
        [243, 220, 192],
        [238, 181, 141],
      ]
    : [hsl(hue, 40, 88), hsl(hue + 30, 55, 74)]
  wash(stage, [
    [0, sky[0]],
    [1, sky[1]],
  ])
  yield
  const sun: Point = [w * (0.3 + random() * 0.4), h * 0.32]
  fill(canvas, [circle([sun[0], sun[1] + u * 0.008], u * 0.134)], solid([60, 20, 10], 0.3), { soften: u * 0.014 })
  fill(canvas, [circle(sun, u * 0.13)], solid(warm ? [217, 87, 59] : hsl(hue + 160, 62, 58)))
  yield
  for (let i = 0; i < 7; i++) {
    const hill = {
      base: h * (0.62 + i * 0.075),
      height: u * (0.42 - i * 0.035),
      frequency: 1.5 + i * 0.2,
      offset: i * 6 + random() * 40,
    }
    const crest = ridgeLine(stage, hill).map(([x, y]): Point => [x, y - u * 0.006])
    const shadow = polygon([[0, h + 2], ...crest, [w + 2, h + 2]])
    fill(canvas, [shadow], solid([30, 20, 30], 0.4), { soften: u * 0.014 })
    yield
    ridge(stage, hill, solid(warm ? hsl(22 + i * 27, 48 - i * 2, 62 - i * 7.4) : hsl(hue + i * 11, 44, 66 - i * 8.2)))
    yield
  }
  for (let i = 0; i < 5; i++) {
    const [x, y, wing] = [w * (0.2 + random() * 0.6), h * (0.1 + random() * 0.18), u * (0.016 + random() * 0.01)]
    const left: Point = [x - wing, y - wing * 0.3]
    const lineOf: Point[] = [
      left,
      ...quadratic(left, [x - wing * 0.4, y - wing * 0.8], [x, y]),
      ...quadratic([x, y], [x + wing * 0.4, y - wing * 0.8], [x + wing, y - wing * 0.3]),
    ]
    fill(canvas, stroke(lineOf, u * 0.004, true), solid([40, 30, 40], 0.75))
  }
  yield
  veil(stage, { color: [90, 60, 40], scale: [40, 40], opacity: (v) => Math.max(0, v - 0.35) * 0.2 })
}
