import * as z from 'zod'

/** A rectangle in screen coordinates, in device-independent pixels. */
export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

export const smallestSize = { width: 1024, height: 700 } as const
const firstSize = { width: 1360, height: 880 } as const

const Coordinate = z.number().int().min(-100_000).max(100_000)
const WindowState = z.object({
  bounds: z.object({ x: Coordinate, y: Coordinate, width: Coordinate.positive(), height: Coordinate.positive() }),
  maximized: z.boolean(),
})
/** What is remembered of the window between two starts. */
export type WindowState = z.infer<typeof WindowState>

/** Enough of the title bar must be on a screen to take hold of it. */
const grip = { width: 120, height: 24 } as const

const canBeGrasped = (bounds: Rectangle, area: Rectangle) => {
  const across = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x)
  const topIsInside = bounds.y >= area.y && bounds.y + grip.height <= area.y + area.height
  return across >= grip.width && topIsInside
}

/**
 * Where to open the window: as it was left, unless that is not a state, is smaller than allowed, or lies on a screen
 * that is gone. `workAreas` are the screens without their task bars, the primary one first. Without x and y the
 * system centres the window.
 */
export function restoreWindow(
  stored: unknown,
  workAreas: readonly Rectangle[],
): { bounds: Partial<Rectangle> & { width: number; height: number }; maximized: boolean } {
  const saved = WindowState.safeParse(stored).data
  const primary = workAreas[0] ?? { x: 0, y: 0, ...firstSize }
  const fit = (size: { width: number; height: number }, area: Rectangle) => ({
    width: Math.max(smallestSize.width, Math.min(size.width, area.width)),
    height: Math.max(smallestSize.height, Math.min(size.height, area.height)),
  })
  if (!saved) return { bounds: fit(firstSize, primary), maximized: false }
  const area = workAreas.find((candidate) => canBeGrasped(saved.bounds, candidate))
  const { x, y } = saved.bounds
  return {
    bounds: { ...(area && { x, y }), ...fit(saved.bounds, area ?? primary) },
    maximized: saved.maximized,
  }
}
