import { formatClock, formatDay, formatExact } from '../../../i18n/format'

/** When a point is, as finely as the points lie. */
export const whenOf = (at: number, stepMs: number): string => (stepMs < 60_000 ? formatExact(at) : formatClock(at))

/** From when to when: days where it is more than two of them. */
export function stretchOf({ from, to }: { from: number; to: number }): string {
  const say = to - from > 2 * 86_400_000 ? formatDay : formatClock
  return `${say(from)} – ${say(to)}`
}
