import type { Database } from '../storage/database'
import { periodsOf } from './periods'

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
 * cards, of the jobs whose time is known; `unknownJobs`: those whose time is not, or on how many cards (of these one is counted). `refused`: by limits.
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

/**
 * Days from and to are meant with both ends. Days of which only the sum of their month is kept count if the month lies
 * within wholly; `period` is then that month.
 */
export interface FiguresQuery {
  from: string
  to: string
  by: readonly Told[]
  account?: string | undefined
}

/** One row of an answer: what is not told apart is null, as is the key of what was done without one. */
export type FiguresRow = Record<Told, string | null> & Figures

/** Thousands of rows in an answer: each is looked at by hand, which costs a tenth of a schema. */
function readRow(row: unknown): FiguresRow {
  const found: Record<string, unknown> = { ...(typeof row === 'object' ? row : null) }
  const text = (name: Told): string | null => {
    const value = found[name]
    return typeof value === 'string' ? value : null
  }
  const number = (name: keyof Figures): number => {
    const value = found[name]
    if (typeof value !== 'number') throw new Error(`the ledger has no number in ${name}`)
    return value
  }
  return {
    period: text('period'),
    account: text('account'),
    key: text('key'),
    service: text('service'),
    machine: text('machine'),
    requests: number('requests'),
    jobs: number('jobs'),
    failed: number('failed'),
    images: number('images'),
    gpuMs: number('gpuMs'),
    unknownJobs: number('unknownJobs'),
    bytesIn: number('bytesIn'),
    bytesOut: number('bytesOut'),
    refused: number('refused'),
  }
}

export interface FigureStore {
  /** Counts something to a day (`2026-11-27`). */
  add(day: string, to: CountedTo, what: Partial<Figures>): void
  /** The sums of a time, what was counted a moment ago included. */
  read(query: FiguresQuery): FiguresRow[]
  /** Keeps of the days before one the sums of their months alone. */
  dropDaysBefore(day: string): void
}

interface Waiting {
  day: string
  to: CountedTo
  sum: Figures
}

const told: readonly Told[] = ['period', 'account', 'key', 'service', 'machine']
const all = names.map((name) => columns[name])

/** Whether an answer needs to know of people: whoever asks for all of them together reads a hundredth of the rows. */
const isOfPeople = ({ by, account }: FiguresQuery) =>
  account !== undefined || by.includes('account') || by.includes('key')

function sqlOf(query: FiguresQuery, daysFrom: string): { sql: string; values: string[] } {
  const { from, to, by, account } = query
  const table = isOfPeople(query) ? 'usage' : 'usage_totals'
  const shown = told.map((name) => {
    if (!by.includes(name)) return `NULL AS ${name}`
    return name === 'key' ? `nullif(key, '') AS key` : name
  })
  const sums = names.map((name) => `sum(${columns[name]}) AS ${name}`)
  const { months, ranges } = periodsOf({ from, to, asDays: by.includes('period'), daysFrom })
  const within = [
    ...(months.length > 0 ? [`period IN (${months.map(() => '?').join(', ')})`] : []),
    ...ranges.map(() => '(period BETWEEN ? AND ? AND length(period) = 10)'),
  ]
  const whose = account === undefined ? '' : 'AND account = ?'
  // With the table's name: by itself it would mean the column that is shown.
  const groups = by.length === 0 ? '' : `GROUP BY ${by.map((name) => `${table}.${name}`).join(', ')}`
  const where = `(${within.join(' OR ') || 'FALSE'}) ${whose}`
  return {
    sql: `SELECT ${[...shown, ...sums].join(', ')} FROM ${table} WHERE ${where} ${groups} HAVING count(*) > 0`,
    values: [
      ...months,
      ...ranges.flatMap((range) => [range.from, range.to]),
      ...(account === undefined ? [] : [account]),
    ],
  }
}

const upsert = (table: string, keys: readonly string[]) =>
  `INSERT INTO ${table} (${[...keys, ...all].join(', ')}) VALUES (${[...keys, ...all].map(() => '?').join(', ')})
   ON CONFLICT DO UPDATE SET ${all.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`

/** `write` is called within the batch's transaction, and what it returns once that has ended well. */
export function createFigures(
  database: Database,
  touch: () => void,
  flush: () => void,
): { figures: FigureStore; write: () => () => void } {
  const save = database.prepare(upsert('usage', ['period', 'account', 'key', 'service', 'machine']))
  const saveTotal = database.prepare(upsert('usage_totals', ['period', 'service', 'machine']))
  const waiting = new Map<string, Waiting>()
  let daysFrom = ''
  const drop = database.transaction((day: string) => {
    for (const table of ['usage', 'usage_totals'])
      database.prepare(`DELETE FROM ${table} WHERE period < ? AND length(period) = 10`).run(day)
  })
  return {
    figures: {
      add(day, to, what) {
        // For each request: none of these holds what parts them.
        const name = `${day}\0${to.account}\0${to.key ?? ''}\0${to.service}\0${to.machine}`
        const found = waiting.get(name)
        if (found) addFigures(found.sum, what)
        else {
          const sum = noFigures()
          addFigures(sum, what)
          waiting.set(name, { day, to: { ...to }, sum })
        }
        touch()
      },
      read(query) {
        flush()
        const { sql, values } = sqlOf(query, daysFrom)
        return database
          .prepare(sql)
          .all(...values)
          .map(readRow)
      },
      dropDaysBefore(day) {
        flush()
        daysFrom = day
        drop.immediate(day)
      },
    },
    write() {
      for (const { day, to, sum } of waiting.values()) {
        const values = names.map((name) => Math.round(sum[name]))
        for (const period of [day, day.slice(0, 7)]) {
          save.run(period, to.account, to.key ?? '', to.service, to.machine, ...values)
          saveTotal.run(period, to.service, to.machine, ...values)
        }
      }
      return () => waiting.clear()
    },
  }
}
