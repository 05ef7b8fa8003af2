import type { ContainerReading, StatsPoint, StatsRange } from '../../../../shared/contract'

export const spanOf: Record<StatsRange, number> = { '10m': 600_000, '2h': 7_200_000, '24h': 86_400_000 }

/** How long each range's points stand for, in ms. */
const stepOf: Record<StatsRange, number> = { '10m': 1_000, '2h': 10_000, '24h': 60_000 }

/** Adds a live reading to what was asked once: into the last point of a coarse range, or as a new one. */
export function addReading(points: readonly StatsPoint[], reading: ContainerReading, range: StatsRange): StatsPoint[] {
  const step = stepOf[range]
  const at = Math.floor(reading.at / step) * step
  const kept = points.filter((point) => point.at >= reading.at - spanOf[range] && point.at < at)
  return [...kept, { ...reading, at, spanMs: step }]
}

type Field = Exclude<keyof StatsPoint, 'at' | 'spanMs'>

/** Times and values for a chart, with a hole wherever nothing was measured for long. */
export function seriesOf(points: readonly StatsPoint[], fields: readonly Field[]) {
  const times: number[] = []
  const values = fields.map((): (number | null)[] => [])
  points.forEach((point, index) => {
    const before = points[index - 1]
    if (before && point.at - before.at > 2.5 * Math.max(before.spanMs, point.spanMs)) {
      times.push(before.at + before.spanMs)
      values.forEach((one) => one.push(null))
    }
    times.push(point.at)
    fields.forEach((field, which) => values[which]?.push(point[field]))
  })
  return { times, values }
}
