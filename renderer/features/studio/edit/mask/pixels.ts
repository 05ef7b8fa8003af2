import type { Area, Mask } from './model'

/** The veil over what may change: the accent of both themes, so that it reads on any picture. */
const veil = [53, 102, 214, 150] as const
const edge = [255, 255, 255, 255] as const

/**
 * How a part of a mask is shown: a veil with a white edge of `thickness` pixels. Red, green, blue, alpha of each pixel of
 * the area, row by row.
 */
export function veilOf({ width, height, data }: Mask, area: Area, thickness: number): Uint8ClampedArray<ArrayBuffer> {
  const columns = area.right - area.left
  const bytes = new Uint8ClampedArray(columns * (area.bottom - area.top) * 4)
  const isKept = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 0
  for (let y = area.top; y < area.bottom; y += 1) {
    for (let x = area.left; x < area.right; x += 1) {
      if (data[y * width + x] === 0) continue
      const isEdge =
        isKept(x - thickness, y) || isKept(x + thickness, y) || isKept(x, y - thickness) || isKept(x, y + thickness)
      bytes.set(isEdge ? edge : veil, ((y - area.top) * columns + x - area.left) * 4)
    }
  }
  return bytes
}

/** Three box blurs are as good as a Gaussian one, at a cost that does not grow with the radius. */
const passes = 3

/** One pass along lines: `count` lines of `length` pixels, `step` apart within a line, `next` from line to line. */
function blurLines(
  from: Uint8Array,
  { count, length, step, next, radius }: { count: number; length: number; step: number; next: number; radius: number },
): Uint8Array {
  const to = new Uint8Array(from.length)
  const size = 2 * radius + 1
  for (let line = 0; line < count; line += 1) {
    const at = (index: number) => from[line * next + Math.min(length - 1, Math.max(0, index)) * step] ?? 0
    let sum = 0
    for (let index = -radius; index <= radius; index += 1) sum += at(index)
    for (let index = 0; index < length; index += 1) {
      to[line * next + index * step] = Math.round(sum / size)
      sum += at(index + radius + 1) - at(index - radius)
    }
  }
  return to
}

/** The mask with soft edges: from nothing to all over `feather` pixels to each side. 0 leaves it as it is. */
export function feathered({ width, height, data }: Mask, feather: number): Uint8Array {
  const radius = Math.round(feather / passes)
  let soft = data
  if (radius === 0) return soft
  for (let pass = 0; pass < passes; pass += 1) {
    soft = blurLines(soft, { count: height, length: width, step: 1, next: width, radius })
    soft = blurLines(soft, { count: width, length: height, step: width, next: 1, radius })
  }
  return soft
}
