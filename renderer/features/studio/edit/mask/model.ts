/** A place in a mask, in its pixels; between two of them, too. */
export interface Point {
  x: number
  y: number
}

/** A part of a mask, in its pixels; right and bottom are the first that do not belong to it. */
export interface Area {
  left: number
  top: number
  right: number
  bottom: number
}

/** Which pixels may change: 255, and 0 for those that stay. `set`: so many of them are 255. */
export interface Mask {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
  set: number
}

/** What a tool does to the pixels that it covers. */
export type Paint = 'add' | 'remove'

export const createMask = (width: number, height: number): Mask => ({
  ...{ width, height, set: 0 },
  data: new Uint8Array(width * height),
})

/** How much of the picture may change, from 0 to 1. */
export const coverage = ({ width, height, set }: Mask): number => set / (width * height)

const whole = ({ width, height }: Mask): Area => ({ left: 0, top: 0, right: width, bottom: height })

/** The part of an area that lies within a mask; null where none does. */
function within({ width, height }: Mask, { left, top, right, bottom }: Area): Area | null {
  const area = {
    left: Math.max(0, Math.floor(left)),
    top: Math.max(0, Math.floor(top)),
    right: Math.min(width, Math.ceil(right)),
    bottom: Math.min(height, Math.ceil(bottom)),
  }
  return area.left < area.right && area.top < area.bottom ? area : null
}

/** The smallest area with both of them in it. */
export const united = (a: Area | null, b: Area | null): Area | null =>
  a && b
    ? {
        left: Math.min(a.left, b.left),
        top: Math.min(a.top, b.top),
        right: Math.max(a.right, b.right),
        bottom: Math.max(a.bottom, b.bottom),
      }
    : (a ?? b)

/** Sets the pixels of one row from `left` to before `right`. */
function fillRow(mask: Mask, row: number, [left, right]: readonly [number, number], value: number) {
  const at = row * mask.width
  for (let index = at + left; index < at + right; index += 1) {
    if (mask.data[index] === value) continue
    mask.data[index] = value
    mask.set += value === 0 ? -1 : 1
  }
}

const valueOf = (paint: Paint) => (paint === 'add' ? 255 : 0)

/** Where a row crosses a disc: its half width there, or null. */
const halfWidth = (radius: number, away: number) =>
  Math.abs(away) > radius ? null : Math.sqrt(radius * radius - away * away)

/** Draws a round brush from one point to another. Returns what may have changed. */
export function paintSegment(
  mask: Mask,
  [from, to]: readonly [Point, Point],
  { radius, paint }: { radius: number; paint: Paint },
): Area | null {
  const area = within(mask, {
    left: Math.min(from.x, to.x) - radius,
    top: Math.min(from.y, to.y) - radius,
    right: Math.max(from.x, to.x) + radius + 1,
    bottom: Math.max(from.y, to.y) + radius + 1,
  })
  if (!area) return null
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  // The sides of the stroke run beside its middle line, one radius away from it.
  const [sideX, sideY] =
    length === 0 ? [0, 0] : [((from.y - to.y) / length) * radius, ((to.x - from.x) / length) * radius]
  const corners = [
    { x: from.x + sideX, y: from.y + sideY },
    { x: to.x + sideX, y: to.y + sideY },
    { x: to.x - sideX, y: to.y - sideY },
    { x: from.x - sideX, y: from.y - sideY },
  ]
  for (let row = area.top; row < area.bottom; row += 1) {
    const middle = row + 0.5
    const xs = length === 0 ? [] : crossings(corners, middle).map(({ x }) => x)
    for (const end of [from, to]) {
      const half = halfWidth(radius, middle - end.y)
      if (half !== null) xs.push(end.x - half, end.x + half)
    }
    // A stroke has no dent: all between its outermost points belongs to it.
    if (xs.length > 0) fillBetween(mask, { row, paint, left: Math.min(...xs), right: Math.max(...xs) })
  }
  return area
}

/** Sets the pixels whose middle lies between two points of a row. */
function fillBetween(
  mask: Mask,
  { row, paint, left, right }: { row: number; paint: Paint; left: number; right: number },
) {
  const first = Math.max(0, Math.ceil(left - 0.5))
  const end = Math.min(mask.width, Math.floor(right - 0.5) + 1)
  if (first < end) fillRow(mask, row, [first, end], valueOf(paint))
}

/** Where the edges of a polygon cross a row, from the left, and whether they go down there (1) or up (-1). */
function crossings(points: readonly Point[], middle: number): { x: number; way: 1 | -1 }[] {
  const found: { x: number; way: 1 | -1 }[] = []
  for (const [index, a] of points.entries()) {
    const b = points[(index + 1) % points.length] ?? a
    if (a.y <= middle === b.y <= middle) continue
    found.push({ x: a.x + ((middle - a.y) / (b.y - a.y)) * (b.x - a.x), way: b.y > a.y ? 1 : -1 })
  }
  return found.toSorted((a, b) => a.x - b.x)
}

/** Fills what a line goes around, where it crosses itself too. Returns what may have changed. */
export function fillPolygon(mask: Mask, points: readonly Point[], paint: Paint): Area | null {
  if (points.length < 3) return null
  const xs = points.map(({ x }) => x)
  const ys = points.map(({ y }) => y)
  const area = within(mask, {
    left: xs.reduce((a, b) => Math.min(a, b)),
    top: ys.reduce((a, b) => Math.min(a, b)),
    right: xs.reduce((a, b) => Math.max(a, b)) + 1,
    bottom: ys.reduce((a, b) => Math.max(a, b)) + 1,
  })
  if (!area) return null
  for (let row = area.top; row < area.bottom; row += 1) {
    let turns = 0
    let left = 0
    for (const { x, way } of crossings(points, row + 0.5)) {
      if (turns === 0) left = x
      turns += way
      if (turns === 0) fillBetween(mask, { row, paint, left, right: x })
    }
  }
  return area
}

/** Fills a rectangle. Returns what may have changed. */
export function fillRectangle(mask: Mask, rectangle: Area, paint: Paint): Area | null {
  const area = within(mask, rectangle)
  if (!area) return null
  for (let row = area.top; row < area.bottom; row += 1) fillRow(mask, row, [area.left, area.right], valueOf(paint))
  return area
}

/** What was to stay may change, and the other way round. */
export function invert(mask: Mask): Area {
  for (let index = 0; index < mask.data.length; index += 1) mask.data[index] = 255 - (mask.data[index] ?? 0)
  mask.set = mask.data.length - mask.set
  return whole(mask)
}

/** Nothing is painted any more. */
export function clear(mask: Mask): Area {
  mask.data.fill(0)
  mask.set = 0
  return whole(mask)
}

/** Takes over what a picture of the same size says: bright pixels may change. `bytes`: red, green, blue, alpha. */
export function readPixels(mask: Mask, bytes: Uint8ClampedArray): Area {
  mask.set = 0
  for (let index = 0; index < mask.data.length; index += 1) {
    const isSet = (bytes[index * 4] ?? 0) >= 128
    mask.data[index] = isSet ? 255 : 0
    if (isSet) mask.set += 1
  }
  return whole(mask)
}
