import type { ContainerReading, StatsPoint, StatsRange } from '../../../shared/contract'

const fields = [
  'cpuPct',
  'memoryBytes',
  'memoryLimitBytes',
  'receivedPerS',
  'sentPerS',
  'readPerS',
  'writtenPerS',
] as const
type Field = (typeof fields)[number]

/** One bucket: its beginning, then for each field a sum and how many values are in it. */
const width = 1 + 2 * fields.length

const tiers = [
  { range: '10m', stepMs: 1_000, count: 600 },
  { range: '2h', stepMs: 10_000, count: 720 },
  { range: '24h', stepMs: 60_000, count: 1_440 },
] as const satisfies { range: StatsRange; stepMs: number; count: number }[]

function createTier({ stepMs, count }: (typeof tiers)[number]) {
  const buckets = new Float64Array(count * width)
  return {
    stepMs,
    put(reading: ContainerReading) {
      const number = Math.floor(reading.at / stepMs)
      const place = (number % count) * width
      if (buckets[place] !== number * stepMs) {
        buckets.fill(0, place, place + width)
        buckets[place] = number * stepMs
      }
      fields.forEach((field, index) => {
        const value = reading[field]
        if (value === null) return
        const at = place + 1 + 2 * index
        buckets[at] = (buckets[at] ?? 0) + value
        buckets[at + 1] = (buckets[at + 1] ?? 0) + 1
      })
    },
    points(since: number): StatsPoint[] {
      const found: StatsPoint[] = []
      for (let place = 0; place < buckets.length; place += width) {
        const at = buckets[place] ?? 0
        if (at === 0 || at < since) continue
        const mean = (field: Field): number | null => {
          const sum = place + 1 + 2 * fields.indexOf(field)
          const values = buckets[sum + 1] ?? 0
          return values === 0 ? null : (buckets[sum] ?? 0) / values
        }
        found.push({
          at,
          spanMs: stepMs,
          cpuPct: mean('cpuPct'),
          memoryBytes: mean('memoryBytes'),
          memoryLimitBytes: mean('memoryLimitBytes'),
          receivedPerS: mean('receivedPerS'),
          sentPerS: mean('sentPerS'),
          readPerS: mean('readPerS'),
          writtenPerS: mean('writtenPerS'),
        })
      }
      return found
    },
  }
}

/**
 * What one service used in the last 24 hours: each second of the last 10 minutes, each 10 seconds of the last 2 hours,
 * each minute of the day, in about 330 KB. It lives in memory alone: a panel runs for weeks, and what it showed before
 * it was started anew is worth less than a write to disk every minute.
 */
export function createStatsHistory() {
  const [seconds, tens, minutes] = tiers.map(createTier)
  const all = [seconds, tens, minutes].filter((tier) => tier !== undefined)

  return {
    /** `isLone`: a reading taken once a minute while nobody looks. */
    put(reading: ContainerReading, { isLone = false } = {}) {
      for (const tier of isLone ? all.slice(-1) : all) tier.put(reading)
    },

    /** Oldest first; where the range's own resolution has nothing, coarser points stand in. */
    points(range: StatsRange, now: number): StatsPoint[] {
      const first = tiers.findIndex((tier) => tier.range === range)
      const { stepMs, count } = tiers[first] ?? tiers[0]
      const since = now - stepMs * count
      let found: StatsPoint[] = []
      for (const tier of all.slice(first)) {
        const covered = new Set(found.map(({ at }) => Math.floor(at / tier.stepMs)))
        found = [...found, ...tier.points(since).filter(({ at }) => !covered.has(Math.floor(at / tier.stepMs)))]
      }
      return found.sort((a, b) => a.at - b.at)
    },
  }
}
