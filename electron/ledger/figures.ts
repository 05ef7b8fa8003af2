import * as z from 'zod'
import type { Database } from '../storage/database'

/** To whom and to what something is counted. `key` is null for what was done without one. */
export interface CountedTo {
  account: string
  key: string | null
  service: string
  machine: string
}

const names = [
  'requests',
  'jobs',
  'failed',
  'images',
  'gpuMs',
  'unknownJobs',
  'bytesIn',
  'bytesOut',
  'refused',
] as const

/**
 * What is counted. `jobs`: begun. `failed`: those that ended badly or were cancelled. `gpuMs`: time on cards, in ms times
 * cards, of the jobs whose time is known; `unknownJobs`: those whose time is not. `refused`: by limits.
 */
export type Figures = Record<(typeof names)[number], number>

const columns = {
  requests: 'requests',
  jobs: 'jobs',
  failed: 'failed',
  images: 'images',
  gpuMs: 'gpu_ms',
  unknownJobs: 'unknown_jobs',
  bytesIn: 'bytes_in',
  bytesOut: 'bytes_out',
  refused: 'refused',
} as const satisfies Record<keyof Figures, string>

export const noFigures = (): Figures => ({
  requests: 0,
  jobs: 0,
  failed: 0,
  images: 0,
  gpuMs: 0,
  unknownJobs: 0,
  bytesIn: 0,
  bytesOut: 0,
  refused: 0,
})

/** Adds what is given of `more` to `sum`. */
export function addFigures(sum: Figures, more: Partial<Figures>): void {
  for (const name of names) sum[name] += more[name] ?? 0
}

/** Which part of the rows are told apart in an answer; the rest is summed. */
export type Told = 'period' | 'account' | 'key' | 'service' | 'machine'

/** Days from and to are meant with both ends. A month that is kept as a sum counts if it lies within wholly. */
export interface FiguresQuery {
  from: string
  to: string
  by: readonly Told[]
  account?: string | undefined
}

/** One row of an answer: what is not told apart is null, as is the key of what was done without one. */
export type FiguresRow = Record<Told, string | null> & Figures

const Row = z.object({
  period: z.string().nullable(),
  account: z.string().nullable(),
  key: z.string().nullable(),
  service: z.string().nullable(),
  machine: z.string().nullable(),
  ...Object.fromEntries(names.map((name) => [name, z.number()])),
}) as unknown as z.ZodType<FiguresRow> // fromEntries loses the keys

export interface FigureStore {
  /** Counts something to a day (`2026-11-27`). */
  add(day: string, to: CountedTo, what: Partial<Figures>): void
  /** The sums of a time, what was counted a moment ago included. */
  read(query: FiguresQuery): FiguresRow[]
  /** Makes sums of the months before `month` (`2026-11`); what is a sum already stays. */
  sumBefore(month: string): void
}

interface Waiting {
  day: string
  to: CountedTo
  sum: Figures
}

const told: readonly Told[] = ['period', 'account', 'key', 'service', 'machine']

const sums = names.map((name) => `sum(${columns[name]}) AS ${name}`).join(', ')

function sqlOf({ by, account }: FiguresQuery): string {
  const shown = told.map((name) => {
    if (!by.includes(name)) return `NULL AS ${name}`
    return name === 'key' ? `nullif(key, '') AS key` : name
  })
  const within = `(period BETWEEN ?1 AND ?2 AND length(period) = 10
    OR length(period) = 7 AND period || '-01' >= ?1 AND date(period || '-01', '+1 month', '-1 day') <= ?2)`
  // The range by itself lets SQLite seek: a month sorts right before its own first day.
  const range = `period >= substr(?1, 1, 7) AND period <= ?2`
  const whose = account === undefined ? '' : 'AND account = ?3'
  // With the table's name: by itself it would mean the column that is shown.
  const groups = by.length === 0 ? '' : `GROUP BY ${by.map((name) => `usage.${name}`).join(', ')}`
  return `SELECT ${shown.join(', ')}, ${sums} FROM usage WHERE ${range} AND ${within} ${whose} ${groups} HAVING count(*) > 0`
}

/** `write` is called within the batch's transaction, and what it returns once that has ended well. */
export function createFigures(
  database: Database,
  touch: () => void,
  flush: () => void,
): { figures: FigureStore; write: () => () => void } {
  const all = names.map((name) => columns[name])
  const save = database.prepare(
    `INSERT INTO usage (period, account, key, service, machine, ${all.join(', ')})
     VALUES (?, ?, ?, ?, ?, ${all.map(() => '?').join(', ')})
     ON CONFLICT DO UPDATE SET ${all.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`,
  )
  const waiting = new Map<string, Waiting>()
  const sumUp = database.transaction((month: string) => {
    database
      .prepare(
        `INSERT INTO usage (period, account, key, service, machine, ${all.join(', ')})
         SELECT substr(period, 1, 7), account, key, service, machine, ${all.map((name) => `sum(${name})`).join(', ')}
         FROM usage WHERE length(period) = 10 AND period < ?
         GROUP BY substr(period, 1, 7), account, key, service, machine
         ON CONFLICT DO UPDATE SET ${all.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`,
      )
      .run(month)
    database.prepare('DELETE FROM usage WHERE length(period) = 10 AND period < ?').run(month)
  })
  return {
    figures: {
      add(day, to, what) {
        const name = JSON.stringify([day, to.account, to.key, to.service, to.machine])
        const found = waiting.get(name) ?? { day, to: { ...to }, sum: noFigures() }
        addFigures(found.sum, what)
        waiting.set(name, found)
        touch()
      },
      read(query) {
        flush()
        const { from, to, account } = query
        const values = account === undefined ? [from, to] : [from, to, account]
        return database
          .prepare(sqlOf(query))
          .all(...values)
          .map((row) => Row.parse(row))
      },
      sumBefore(month) {
        flush()
        sumUp.immediate(month)
      },
    },
    write() {
      for (const { day, to, sum } of waiting.values())
        save.run(day, to.account, to.key ?? '', to.service, to.machine, ...names.map((name) => Math.round(sum[name])))
      return () => waiting.clear()
    },
  }
}
