import type { Contour } from './canvas'

export type Point = readonly [x: number, y: number]

export const polygon = (points: readonly Point[]): Contour => points.flat()

export function ellipse([cx, cy]: Point, rx: number, ry: number, turn = 0): Contour {
  const count = Math.max(12, Math.min(160, Math.ceil(Math.sqrt(Math.max(rx, ry)) * 10)))
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  return Array.from({ length: count }, (_, i) => {
    const a = (i / count) * Math.PI * 2
    const [x, y] = [Math.cos(a) * rx, Math.sin(a) * ry]
    return [cx + x * cos - y * sin, cy + x * sin + y * cos]
  }).flat()
}

export const circle = (center: Point, radius: number): Contour => ellipse(center, radius, radius)

export const rectangle = (x: number, y: number, width: number, height: number): Contour =>
  polygon([
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ])

export function roundedRectangle([x, y]: Point, width: number, height: number, radius: number): Contour {
  const corners: [Point, number][] = [
    [[x + width - radius, y + radius], -Math.PI / 2],
    [[x + width - radius, y + height - radius], 0],
    [[x + radius, y + height - radius], Math.PI / 2],
    [[x + radius, y + radius], Math.PI],
  ]
  return corners.flatMap(([[cx, cy], start]) =>
    Array.from({ length: 7 }, (_, i) => {
      const a = start + ((i / 6) * Math.PI) / 2
      return [cx + Math.cos(a) * radius, cy + Math.sin(a) * radius]
    }).flat(),
  )
}

/** Points along a cubic Bézier curve, the first left out. */
export function cubic(a: Point, b: Point, c: Point, d: Point): Point[] {
  return Array.from({ length: 14 }, (_, i): Point => {
    const t = (i + 1) / 14
    const [p, q, r, s] = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t ** 3]
    return [p * a[0] + q * b[0] + r * c[0] + s * d[0], p * a[1] + q * b[1] + r * c[1] + s * d[1]]
  })
}

/** Points along a quadratic Bézier curve, the first left out. */
export const quadratic = (a: Point, b: Point, c: Point): Point[] =>
  cubic(
    a,
    [a[0] + ((b[0] - a[0]) * 2) / 3, a[1] + ((b[1] - a[1]) * 2) / 3],
    [c[0] + ((b[0] - c[0]) * 2) / 3, c[1] + ((b[1] - c[1]) * 2) / 3],
    c,
  )

/** Outlines of a line of this width through the points; round joints when asked. */
export function stroke(points: readonly Point[], width: number, round = false): Contour[] {
  const half = width / 2
  const contours: Contour[] = []
  for (let i = 0; i + 1 < points.length; i++) {
    const [a, b] = [points[i], points[i + 1]]
    if (!a || !b) continue
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1
    const [nx, ny] = [(-(b[1] - a[1]) / length) * half, ((b[0] - a[0]) / length) * half]
    contours.push([a[0] - nx, a[1] - ny, b[0] - nx, b[1] - ny, b[0] + nx, b[1] + ny, a[0] + nx, a[1] + ny])
  }
  if (round) for (const point of points) contours.push(circle(point, half))
  return contours
}
