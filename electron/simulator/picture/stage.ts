import type { Sliced } from '../slices'
import { cover, type Canvas, type Contour, type Rgb, type Shade, type Stop, fill, linear } from './canvas'
import type { Noise, Random } from './random'
import { polygon, type Point } from './paths'

/** Where a scene is painted, and what it draws its chances from. */
export interface Stage {
  canvas: Canvas
  /** Width and height in pixels, and the shorter of the two: the measure of things. */
  w: number
  h: number
  u: number
  random: Random
  noise: Noise
}

/** Paints one scene, pausing between its parts. */
export type Painter = (stage: Stage) => Sliced<void>

/** A vertical gradient over the full width, from `y0` to `y1`. */
export function wash({ canvas, w, h }: Stage, stops: readonly Stop[], y0 = 0, y1 = h) {
  cover(canvas, linear([0, y0, 0, y1], stops), [0, y0, w, y1])
}

/** Outline of a mountain range, dune or wave: fractal noise above a base line, filled down to the lower edge. */
export interface Ridge {
  base: number
  height: number
  /** Hills over the width of a square picture. */
  frequency: number
  offset: number
  /** Above 1 the crests are sharp. */
  sharpness?: number
  octaves?: number
}

export function ridgeLine({ w, u, noise }: Stage, ridge: Ridge): Point[] {
  const { base, height, frequency, offset, sharpness = 1, octaves = 6 } = ridge
  const step = Math.max(1, u / 700)
  return Array.from({ length: Math.ceil(w / step) + 2 }, (_, i): Point => {
    const x = i * step
    const raw = noise((x / u) * frequency + offset, offset * 3.1, octaves)
    const value = sharpness > 1 ? 1 - Math.abs(raw * 2 - 1) : raw
    return [x, base - value ** sharpness * height]
  })
}

export function ridge(stage: Stage, shape: Ridge, shade: Shade) {
  const points = ridgeLine(stage, shape)
  fill(stage.canvas, [polygon([[0, stage.h + 1], ...points, [stage.w + 2, stage.h + 1]])], shade)
}

/** How noise becomes a veil. */
export interface Veil {
  color: Rgb
  /** Noise over the width and height of the picture. */
  scale: readonly [number, number]
  /** Turns noise and position (0–1) into opacity. */
  opacity: (value: number, x: number, y: number) => number
  box?: readonly [top: number, bottom: number]
}

/** A veil of fractal noise: clouds, mist, nebulae. Computed coarsely and interpolated, for it is smooth. */
export function veil({ canvas, w, h, u, noise }: Stage, { color, scale, opacity, box = [0, 1] }: Veil) {
  const columns = Math.max(24, Math.min(220, Math.ceil((w / u) * 150)))
  const rows = Math.max(24, Math.min(220, Math.ceil((h / u) * 150)))
  const grid = new Float32Array((columns + 2) * (rows + 2))
  for (let j = 0; j <= rows + 1; j++) {
    const y = j / rows
    if (y < box[0] - 0.02 || y > box[1] + 0.02) continue
    for (let i = 0; i <= columns + 1; i++) {
      const x = i / columns
      const value = opacity(noise(x * scale[0] * (w / u), y * scale[1], 5), x, y)
      grid[j * (columns + 2) + i] = Math.max(0, Math.min(1, value))
    }
  }
  const shade: Shade = (px, py, out) => {
    const gx = (px / w) * columns
    const gy = (py / h) * rows
    const i = Math.floor(gx)
    const j = Math.floor(gy)
    const at = j * (columns + 2) + i
    const top = (grid[at] ?? 0) * (i + 1 - gx) + (grid[at + 1] ?? 0) * (gx - i)
    const below = at + columns + 2
    const bottom = (grid[below] ?? 0) * (i + 1 - gx) + (grid[below + 1] ?? 0) * (gx - i)
    out[0] = color[0]
    out[1] = color[1]
    out[2] = color[2]
    out[3] = top * (j + 1 - gy) + bottom * (gy - j)
  }
  cover(canvas, shade, [0, box[0] * h, w, box[1] * h])
}

/** A conifer as one outline; `notch` is how far in the branches are cut, from 0 to 1. */
export function pine(random: Random, [x, y]: Point, height: number, notch = 0.45): Contour {
  const tiers = 9
  const side = (sign: number): Point[] =>
    Array.from({ length: tiers }, (_, i): Point[] => {
      const t = (i + 1) / tiers
      const reach = t * height * 0.21 * (0.8 + random() * 0.4) * sign
      const level = y - height + t * height
      return [
        [x + reach, level],
        [x + reach * notch, level - height * 0.02],
      ]
    }).flat()
  return polygon([[x, y - height], ...side(1), ...side(-1).reverse()])
}

/** What reflects in water below `shore`: the picture above, turned over, rippled and darkened with depth. */
export function reflect(stage: Stage, shore: number, ripple: number, tint: (depth: number) => readonly [Rgb, number]) {
  const { canvas, w, h, u, noise } = stage
  const top = Math.round(shore)
  const source = canvas.data.slice(0, top * w * 3)
  for (let y = top; y < h; y++) {
    const depth = (y - top) / Math.max(1, h - top)
    const reach = ripple * u * (0.15 + depth)
    const [color, alpha] = tint(depth)
    const band = ((y - top) / u) * 46
    for (let x = 0; x < w; x++) {
      const wave = noise((x / u) * 5 + 3, band, 2) - 0.38
      const sx = Math.max(0, Math.min(w - 1, Math.round(x + wave * reach * 0.5)))
      const sy = Math.max(0, Math.min(top - 1, Math.round(top - 1 - (y - top) * 1.02 + wave * reach)))
      const from = (sy * w + sx) * 3
      const to = (y * w + x) * 3
      for (let c = 0; c < 3; c++) {
        const value = source[from + c] ?? 0
        canvas.data[to + c] = value + ((color[c] ?? 0) - value) * alpha
      }
    }
  }
}

export function stars(stage: Stage, count: number, bottom: number, shade: (brightness: number) => Shade) {
  const { canvas, w, u, random } = stage
  for (let i = 0; i < count; i++) {
    const center: Point = [random() * w, random() * bottom]
    const radius = Math.max(0.45, u * (0.0006 + random() ** 3 * 0.0022))
    const dot = Array.from({ length: 10 }, (_, k) => {
      const a = (k / 10) * Math.PI * 2
      return [center[0] + Math.cos(a) * radius, center[1] + Math.sin(a) * radius]
    }).flat()
    fill(canvas, [dot], shade(random()))
  }
}
