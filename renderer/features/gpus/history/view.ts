import type { GpuHistory } from '../../../../shared/contract'

const minuteMs = 60_000
/** What can be shown at once, shortest first, in minutes. */
export const spans = ['1', '10', '60', '360', '1440', '10080', '43200'] as const
export type SpanId = (typeof spans)[number]

/** What is shown: the last stretch of so much, or what somebody chose on the charts (Unix ms). */
export type Range = { span: SpanId } | { from: number; to: number }

export const msOf = (span: SpanId): number => Number(span) * minuteMs

/** A minute is the shortest that is told. */
const leastMs = minuteMs

/** The next longer or shorter stretch: of the last ones in their steps, of a chosen one by half around its middle. */
export function zoomed(range: Range, by: 1 | -1): Range {
  if ('span' in range) return { span: spans[spans.indexOf(range.span) + by] ?? range.span }
  const middle = (range.from + range.to) / 2
  const wide = Math.min(msOf('43200'), Math.max(leastMs, (range.to - range.from) * 2 ** by))
  return { from: middle - wide / 2, to: middle + wide / 2 }
}

/** What somebody chose from one time to another, in either direction; null where that is too short to be meant. */
export function chosen(one: number, other: number, history: Pick<GpuHistory, 'from' | 'to'>): Range | null {
  const from = Math.max(history.from, Math.min(one, other))
  const to = Math.min(history.to, Math.max(one, other))
  if (to - from < (history.to - history.from) / 100) return null
  if (to - from >= leastMs) return { from, to }
  const middle = (from + to) / 2
  return { from: middle - leastMs / 2, to: middle + leastMs / 2 }
}

/** How often a chart of so much is asked for again, in ms: each time about one new point. */
export const refreshMs = (range: Range): number | false =>
  'span' in range && Math.min(5 * minuteMs, Math.max(2_000, msOf(range.span) / 300))

/** What stands at one point of the charts. */
export interface Reading {
  at: number
  load: number | null
  memoryMiB: number | null
  temperatureC: number | null
  powerW: number | null
  clockMHz: number | null
  fanPct: number | null
  gap: GpuHistory['gaps'][number] | null
  reasons: GpuHistory['slowed'][number]['reasons']
  /** Services that had jobs. */
  working: string[]
}

interface Stretch {
  from: number
  to: number
}

const overlaps = (one: Stretch, from: number, to: number) => one.from < to && one.to > from

/** What is known of one point. */
export function readingAt(history: GpuHistory, point: number): Reading {
  const at = history.times[point] ?? history.from
  const until = at + history.stepMs
  const of = (values: readonly (number | null)[]) => values[point] ?? null
  return {
    at,
    load: of(history.load.mean),
    memoryMiB: of(history.memory.high),
    temperatureC: of(history.temperature.high),
    powerW: of(history.power.mean),
    clockMHz: of(history.clock.mean),
    fanPct: of(history.fan.high),
    gap: history.gaps.find((gap) => overlaps(gap, at, until)) ?? null,
    reasons: history.slowed.find((slowed) => overlaps(slowed, at, until))?.reasons ?? [],
    working: history.work.flatMap(({ serviceId, spans: all }) =>
      all.some((span) => overlaps(span, at, until)) ? [serviceId] : [],
    ),
  }
}

/** Where the crosshair goes by so many points; it stays within the charts. */
export const moved = (point: number | null, by: number, count: number): number =>
  Math.max(0, Math.min(count - 1, (point ?? count) + by))

/** The point at a share (0 to 1) of the width. */
export const pointAt = (
  share: number,
  { from, to, stepMs, times }: Pick<GpuHistory, 'from' | 'to' | 'stepMs' | 'times'>,
) => moved(Math.floor((share * (to - from)) / stepMs), 0, times.length)

/** So many points are an hour; a tenth of the charts where that is less than two. */
export function hourOf({ stepMs, times }: Pick<GpuHistory, 'stepMs' | 'times'>): number {
  const points = Math.round((60 * minuteMs) / stepMs)
  return points > 1 && points < times.length ? points : Math.max(2, Math.round(times.length / 10))
}

/** Some points of all, evenly: what a table holds of them. */
export function someOf(count: number, most: number): number[] {
  const step = Math.max(1, Math.ceil(count / most))
  return Array.from({ length: Math.ceil(count / step) }, (_, at) => at * step)
}

/** A stretch as parts of the whole, in percent. */
export function placeOf(one: Stretch, { from, to }: Stretch) {
  const left = Math.min(1, Math.max(0, (one.from - from) / (to - from))) * 100
  const right = Math.min(1, Math.max(0, (one.to - from) / (to - from))) * 100
  return { left: `${left}%`, width: `${Math.max(0, right - left)}%` }
}

/** For how long services had jobs; two at once count once. */
export function workedMs({ work, from, to }: Pick<GpuHistory, 'work' | 'from' | 'to'>): number {
  const all = work.flatMap((row) => row.spans).sort((a, b) => a.from - b.from)
  let sum = 0
  let until = from
  for (const span of all) {
    const begins = Math.max(span.from, until)
    const ends = Math.min(span.to, to)
    if (ends > begins) sum += ends - begins
    until = Math.max(until, ends)
  }
  return sum
}

export const jobsOf = ({ work }: Pick<GpuHistory, 'work'>): number =>
  work.flatMap((row) => row.spans).reduce((sum, { jobs }) => sum + jobs, 0)

/** For how long nothing is known, and what explains most of it. */
export function silenceOf({ gaps }: Pick<GpuHistory, 'gaps'>): {
  ms: number
  why: GpuHistory['gaps'][number]['why'] | null
} {
  const longest = gaps.reduce<GpuHistory['gaps'][number] | null>(
    (most, gap) => (most && most.to - most.from >= gap.to - gap.from ? most : gap),
    null,
  )
  return { ms: gaps.reduce((sum, { from, to }) => sum + to - from, 0), why: longest?.why ?? null }
}
