/**
 * A small software canvas: floating-point RGB, anti-aliased polygons by signed-area accumulation,
 * gradients, soft edges. No dependencies, the same pixels everywhere.
 */
export interface Canvas {
  width: number
  height: number
  /** RGB, 0 to 255, unclamped until the end. */
  data: Float32Array
}

export type Rgb = readonly [red: number, green: number, blue: number]

/** Writes red, green, blue (0–255) and alpha (0–1) for a pixel into `out`. */
export type Shade = (x: number, y: number, out: Float32Array) => void

/** `screen` adds light, `over` covers. */
export type Blend = 'over' | 'screen'

/** A closed outline: x and y in turn. */
export type Contour = readonly number[]

export function createCanvas(width: number, height: number): Canvas {
  return { width, height, data: new Float32Array(width * height * 3) }
}

/** A colour by hue in degrees, saturation and lightness in percent. */
export function hsl(hue: number, saturation: number, lightness: number): Rgb {
  const h = (((hue % 360) + 360) % 360) / 30
  const l = Math.max(0, Math.min(100, lightness)) / 100
  const a = (Math.max(0, Math.min(100, saturation)) / 100) * Math.min(l, 1 - l)
  const channel = (n: number) => {
    const k = (n + h) % 12
    return 255 * (l - a * Math.max(-1, Math.min(k - 3, 9 - k, 1)))
  }
  return [channel(0), channel(8), channel(4)]
}

export function solid([r, g, b]: Rgb, alpha = 1): Shade {
  return (_x, _y, out) => {
    out[0] = r
    out[1] = g
    out[2] = b
    out[3] = alpha
  }
}

/** Position from 0 to 1, colour, and opacity (1 when left out). */
export type Stop = readonly [at: number, color: Rgb, alpha?: number]

const lutSize = 512

/** A gradient's colours, sampled once; `t` below 0 and above 1 takes the end colours. */
function lookup(stops: readonly Stop[]): (t: number, out: Float32Array) => void {
  const table = new Float32Array((lutSize + 1) * 4)
  for (let i = 0; i <= lutSize; i++) {
    const t = i / lutSize
    const after = stops.findIndex(([at]) => at >= t)
    const b = stops[after < 0 ? stops.length - 1 : after]
    const a = stops[after < 0 ? stops.length - 1 : Math.max(0, after - 1)]
    if (!a || !b) continue
    const k = b[0] > a[0] ? (t - a[0]) / (b[0] - a[0]) : 1
    for (let c = 0; c < 3; c++) table[i * 4 + c] = (a[1][c] ?? 0) + ((b[1][c] ?? 0) - (a[1][c] ?? 0)) * k
    table[i * 4 + 3] = (a[2] ?? 1) + ((b[2] ?? 1) - (a[2] ?? 1)) * k
  }
  return (t, out) => {
    const i = (t <= 0 ? 0 : t >= 1 ? lutSize : (t * lutSize) | 0) * 4
    out[0] = table[i] ?? 0
    out[1] = table[i + 1] ?? 0
    out[2] = table[i + 2] ?? 0
    out[3] = table[i + 3] ?? 0
  }
}

/** A gradient along the line from one point to another. */
export function linear([x0, y0, x1, y1]: readonly [number, number, number, number], stops: readonly Stop[]): Shade {
  const at = lookup(stops)
  const [dx, dy] = [x1 - x0, y1 - y0]
  const scale = 1 / (dx * dx + dy * dy || 1)
  return (x, y, out) => at(((x - x0) * dx + (y - y0) * dy) * scale, out)
}

/** A gradient from a centre outwards. */
export function radial([cx, cy, radius]: readonly [number, number, number], stops: readonly Stop[]): Shade {
  const at = lookup(stops)
  return (x, y, out) => at(Math.sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy)) / radius, out)
}

/** Light that fades from a centre. */
function glow(center: readonly [number, number, number], color: Rgb, strength: number): Shade {
  const stops = Array.from({ length: 17 }, (_, i): Stop => {
    const t = i / 16
    return [t, color, strength * (1 - t) ** 2.6]
  })
  return radial(center, stops)
}

/** Left, top, right, bottom in pixels. */
export type Box = readonly [number, number, number, number]

const scratch = new Float32Array(4)

function mix(data: Float32Array, at: number, coverage: number, blend: Blend) {
  const alpha = (scratch[3] ?? 0) * coverage
  if (alpha <= 0) return
  for (let c = 0; c < 3; c++) {
    const under = data[at + c] ?? 0
    const color = scratch[c] ?? 0
    data[at + c] =
      blend === 'over' ? under + (color - under) * alpha : under + color * alpha * Math.max(0, 1 - under / 255)
  }
}

/** Shades every pixel of a box, or of the whole canvas. */
export function cover(canvas: Canvas, shade: Shade, box?: Box, blend: Blend = 'over') {
  const [x0, y0, x1, y1] = box ?? [0, 0, canvas.width, canvas.height]
  const right = Math.min(canvas.width, Math.ceil(x1))
  const bottom = Math.min(canvas.height, Math.ceil(y1))
  for (let y = Math.max(0, Math.floor(y0)); y < bottom; y++) {
    for (let x = Math.max(0, Math.floor(x0)); x < right; x++) {
      shade(x + 0.5, y + 0.5, scratch)
      mix(canvas.data, (y * canvas.width + x) * 3, 1, blend)
    }
  }
}

/** Adds a glow inside its own box. */
export function shine(canvas: Canvas, center: readonly [number, number, number], color: Rgb, strength: number) {
  const [x, y, r] = center
  cover(canvas, glow(center, color, strength), [x - r, y - r, x + r, y + r], 'screen')
}

interface Mask {
  left: number
  top: number
  width: number
  height: number
  coverage: Float32Array
}

/** Adds one edge's signed area to the rows it crosses (the accumulation buffer of font-rs). */
function addEdge(mask: Mask, stride: number, edge: readonly [number, number, number, number]) {
  const down = edge[1] < edge[3]
  const [x0, y0, x1, y1] = down ? edge : [edge[2], edge[3], edge[0], edge[1]]
  if (y0 === y1) return
  const { coverage, width, height } = mask
  const slope = (x1 - x0) / (y1 - y0)
  let x = y0 < 0 ? x0 - y0 * slope : x0
  const last = Math.min(height, Math.ceil(y1))
  for (let row = Math.max(0, Math.floor(y0)); row < last; row++) {
    const dy = Math.min(row + 1, y1) - Math.max(row, y0)
    const next = x + slope * dy
    addSpan(coverage, row * stride, [clamp(x, width), clamp(next, width)], down ? dy : -dy)
    x = next
  }
}

const clamp = (x: number, width: number) => (x < 0 ? 0 : x > width ? width : x)

function addSpan(a: Float32Array, row: number, [xa, xb]: readonly [number, number], d: number) {
  const x0 = xa < xb ? xa : xb
  const x1 = xa < xb ? xb : xa
  const first = Math.floor(x0)
  const end = Math.ceil(x1)
  const add = (i: number, value: number) => (a[row + i] = (a[row + i] ?? 0) + value)
  if (end <= first + 1) {
    const middle = 0.5 * (xa + xb) - first
    add(first, d - d * middle)
    add(first + 1, d * middle)
    return
  }
  const s = 1 / (x1 - x0)
  const x0f = x0 - first
  const a0 = 0.5 * s * (1 - x0f) * (1 - x0f)
  const x1f = x1 - end + 1
  const am = 0.5 * s * x1f * x1f
  add(first, d * a0)
  if (end === first + 2) {
    add(first + 1, d * (1 - a0 - am))
  } else {
    const a1 = s * (1.5 - x0f)
    add(first + 1, d * (a1 - a0))
    for (let i = first + 2; i < end - 1; i++) add(i, d * s)
    add(end - 1, d * (1 - (a1 + (end - first - 3) * s) - am))
  }
  add(end, d * am)
}

/** Coverage of a path, in the part of its bounding box that lies on the canvas; null when there is none. */
function rasterize(canvas: Canvas, path: readonly Contour[], margin: number): Mask | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const contour of path) {
    for (let i = 0; i + 1 < contour.length; i += 2) {
      const [x, y] = [contour[i] ?? 0, contour[i + 1] ?? 0]
      if (x < left) left = x
      if (x > right) right = x
      if (y < top) top = y
      if (y > bottom) bottom = y
    }
  }
  left = Math.max(-margin, Math.floor(left - margin))
  top = Math.max(-margin, Math.floor(top - margin))
  const width = Math.min(canvas.width + margin, Math.ceil(right + margin)) - left
  const height = Math.min(canvas.height + margin, Math.ceil(bottom + margin)) - top
  if (!(width > 0 && height > 0)) return null
  const stride = width + 2
  const mask: Mask = { left, top, width, height, coverage: new Float32Array(stride * height) }
  for (const contour of path) {
    const n = contour.length
    for (let i = 0; i + 1 < n; i += 2) {
      const j = i + 2 < n ? i + 2 : 0
      const [xa, ya] = [(contour[i] ?? 0) - left, (contour[i + 1] ?? 0) - top]
      addEdge(mask, stride, [xa, ya, (contour[j] ?? 0) - left, (contour[j + 1] ?? 0) - top])
    }
  }
  for (let row = 0; row < height; row++) {
    let sum = 0
    for (let i = row * stride; i < (row + 1) * stride; i++) {
      sum += mask.coverage[i] ?? 0
      mask.coverage[i] = Math.min(1, Math.abs(sum))
    }
  }
  return { ...mask, width: stride }
}

/** Two box blurs in each direction: close to a Gaussian. */
function blur(values: Float32Array, width: number, height: number, radius: number) {
  const r = Math.max(1, Math.round(radius))
  for (let pass = 0; pass < 2; pass++) {
    for (let y = 0; y < height; y++) boxBlur(values, y * width, 1, [width, r])
    for (let x = 0; x < width; x++) boxBlur(values, x, width, [height, r])
  }
}

const line = new Float32Array(8192)

function boxBlur(values: Float32Array, start: number, step: number, [count, r]: readonly [number, number]) {
  for (let i = 0; i < count; i++) line[i] = values[start + i * step] ?? 0
  const at = (i: number) => line[i < 0 ? 0 : i >= count ? count - 1 : i] ?? 0
  let sum = 0
  for (let i = -r; i <= r; i++) sum += at(i)
  for (let i = 0; i < count; i++) {
    values[start + i * step] = sum / (2 * r + 1)
    sum += at(i + r + 1) - at(i - r)
  }
}

export interface FillOptions {
  blend?: Blend
  /** Softens the edge by this many pixels. */
  soften?: number
}

/** Fills outlines, each of which adds to the same shape. */
export function fill(canvas: Canvas, path: readonly Contour[], shade: Shade, options: FillOptions = {}) {
  const soften = options.soften ?? 0
  const mask = rasterize(canvas, path, soften > 0 ? Math.ceil(soften * 2 + 1) : 0)
  if (!mask) return
  if (soften >= 0.5) blur(mask.coverage, mask.width, mask.height, soften)
  const { left, top, width, height, coverage } = mask
  const from = Math.max(0, -left)
  const to = Math.min(width, canvas.width - left)
  for (let row = Math.max(0, -top); row < height && top + row < canvas.height; row++) {
    for (let i = from; i < to; i++) {
      const alpha = coverage[row * width + i] ?? 0
      if (alpha < 0.002) continue
      shade(left + i + 0.5, top + row + 0.5, scratch)
      mix(canvas.data, ((top + row) * canvas.width + left + i) * 3, alpha, options.blend ?? 'over')
    }
  }
}
