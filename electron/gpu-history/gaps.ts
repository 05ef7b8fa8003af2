import type { GpuGap } from '../../shared/contract'
import type { Silence } from './silences'

interface Facts {
  times: readonly number[]
  stepMs: number
  /** Which points have a reading. */
  known: Uint8Array
  to: number
  /** When the card was seen first. */
  firstAt: number
  silences: readonly Silence[]
}

/** Shorter ones are only a reading that came late, in ms. */
const leastMs = 15_000

/** Stretches of points without a reading. */
function emptyOf({ times, stepMs, known, to }: Facts): { from: number; to: number }[] {
  const empty: { from: number; to: number }[] = []
  times.forEach((at, point) => {
    if (known[point] === 1 || at >= to) return
    const last = empty.at(-1)
    const until = Math.min(at + stepMs, to)
    if (last && last.to === at) last.to = until
    else empty.push({ from: at, to: until })
  })
  return empty
}

/** What is told of one empty stretch: the silences in it, in their order, and what no silence explains. */
function explain(stretch: { from: number; to: number }, { silences, firstAt }: Facts): GpuGap[] {
  const gaps: GpuGap[] = []
  let at = stretch.from
  const rest = (until: number) => {
    if (until - at < leastMs) return
    const begun = Math.min(Math.max(at, firstAt), until)
    if (begun > at) gaps.push({ from: at, to: begun, why: 'not-recorded' })
    if (until > begun) gaps.push({ from: begun, to: until, why: 'no-reading' })
  }
  for (const { from, to, why, reason } of silences) {
    const begins = Math.max(from, at)
    const ends = Math.min(to, stretch.to)
    if (ends <= begins) continue
    rest(begins)
    // A rest that is too short to be told belongs to what comes next.
    const since = gaps.at(-1)?.to ?? stretch.from
    gaps.push({ from: begins - since < leastMs ? since : begins, to: ends, why, ...(reason && { reason }) })
    at = ends
  }
  rest(stretch.to)
  return gaps
}

/** Where nothing is known of a card, and why. */
export const gapsOf = (facts: Facts): GpuGap[] =>
  emptyOf(facts)
    .filter(({ from, to }) => to - from >= leastMs)
    .flatMap((stretch) => explain(stretch, facts))
