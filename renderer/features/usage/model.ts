import type { UsageAnswer, UsageBy, UsageDay, UsageFigures, UsageRow } from '../../../shared/contract'

/** What the chart and the table are sorted by. */
export type Measure = 'gpuSeconds' | 'images' | 'jobs'

/** So many rows have a shade of their own; the others share one. */
export const shades = 4

/** A row is told from others by what it is of. */
export const keyOf = (row: Pick<UsageRow, 'id' | 'user'>): string => JSON.stringify([row.user?.id ?? null, row.id])

/** The month that lies so many before or after (`2026-11`). */
export function monthAfter(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7)
}

/** Every day of a month. */
export function daysOf(month: string): string[] {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate()
  return Array.from({ length: count }, (_, n) => `${month}-${String(n + 1).padStart(2, '0')}`)
}

/** What is shown of a month, and the same days of the month before. Of this month: what there was of it so far. */
export function rangesOf(month: string, today: string) {
  const days = daysOf(month)
  const last = days.at(-1) ?? `${month}-28`
  const to = today.startsWith(month) ? today : last
  const before = daysOf(monthAfter(month, -1))
  const same = before[Math.min(Number(to.slice(8)), before.length) - 1] ?? to
  return { shown: { from: `${month}-01`, to }, before: { from: before[0] ?? same, to: same } }
}

/** By how much something changed, in whole per cent; null where there was nothing before. */
export function changeOf(now: number | null, before: number | null): number | null {
  if (now === null || before === null || before === 0) return null
  return Math.round(((now - before) / before) * 100)
}

/** Rows by a measure, the largest first. What is not known comes last. */
export const sortedBy = (rows: readonly UsageRow[], measure: Measure): UsageRow[] =>
  [...rows].sort(
    (a, b) =>
      (b.figures[measure] ?? 0) - (a.figures[measure] ?? 0) ||
      b.figures.jobs - a.figures.jobs ||
      b.figures.refused - a.figures.refused,
  )

export interface Series {
  key: string
  /** Its shade; all others together have the last one. */
  shade: number
  /** By day. */
  values: ReadonlyMap<string, number>
}

const valuesOf = (days: readonly UsageDay[], measure: Measure) =>
  new Map(days.map((one) => [one.day, one[measure] ?? 0]))

/** The parts of each day's bar: those who lead, and the others together. `sorted`: rows by the measure. */
export function seriesOf(sorted: readonly UsageRow[], days: readonly UsageDay[], measure: Measure): Series[] {
  const alone = sorted
    .slice(0, shades)
    .filter((row) => row.days !== null)
    .map((row, shade): Series => ({ key: keyOf(row), shade, values: valuesOf(row.days ?? [], measure) }))
  if (sorted.length <= alone.length) return alone
  const rest = days.map((one) => {
    const told = alone.reduce((sum, { values }) => sum + (values.get(one.day) ?? 0), 0)
    // Each is rounded by itself: what is left of nothing is nothing.
    return [one.day, Math.max(0, Math.round(((one[measure] ?? 0) - told) * 10) / 10)] as const
  })
  return [...alone, { key: others, shade: shades, values: new Map(rest) }]
}

/** The series of all others. */
export const others = 'others'

/** The unit in which times are told where the longest is so long, by how many seconds it has. */
export function unitFor(seconds: number): { unit: 'hours' | 'minutes' | 'seconds'; of: number } {
  if (seconds >= 3600) return { unit: 'hours', of: 3600 }
  return seconds >= 60 ? { unit: 'minutes', of: 60 } : { unit: 'seconds', of: 1 }
}

/** Lines of an axis from 0 to above the largest value: at most five, at round numbers. */
export function ticksOf(largest: number): number[] {
  const least = Math.max(largest, 1)
  const power = 10 ** Math.floor(Math.log10(least / 4))
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each * 4 >= least) ?? least
  const whole = Math.max(step, 1)
  return Array.from({ length: Math.ceil(least / whole) + 1 }, (_, n) => n * whole)
}

/** Who was refused by limits, most often first. */
export const refusedOf = (rows: readonly UsageRow[]): UsageRow[] =>
  rows.filter(({ figures }) => figures.refused > 0).sort((a, b) => b.figures.refused - a.figures.refused)

export const bytesOf = ({ bytesIn, bytesOut }: Pick<UsageFigures, 'bytesIn' | 'bytesOut'>): number => bytesIn + bytesOut

export const isUnused = ({ total }: Pick<UsageAnswer, 'total'>): boolean =>
  total.jobs === 0 && total.requests === 0 && total.refused === 0

export const bys = ['user', 'service', 'key'] as const satisfies readonly UsageBy[]
export const measures = ['gpuSeconds', 'images', 'jobs'] as const satisfies readonly Measure[]
