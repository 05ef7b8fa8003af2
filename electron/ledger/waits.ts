import * as z from 'zod'
import type { Database } from '../storage/database'

/** Who waited, and for which service. */
export interface Waited {
  account: string
  service: string
}

export interface WaitsQuery {
  /** Days, both included. */
  from: string
  to: string
  account?: string | undefined
}

/**
 * How long jobs waited before they began: not each wait is kept but how many were about as long, in steps of a fifth, so
 * that the one in the middle can be told within a tenth.
 */
export interface Waits {
  add(day: string, who: Waited, ms: number): void
  /** Half of the jobs waited no longer, in ms; null where none is known. */
  median(query: WaitsQuery): number | null
  /** What was before a day is kept no longer. */
  dropBefore(day: string): void
}

/** Waits up to so many ms are one. */
const shortestMs = 100
const stepsADoubling = 4

const bucketOf = (ms: number): number => (ms <= shortestMs ? 0 : Math.ceil(stepsADoubling * Math.log2(ms / shortestMs)))

/** The middle of those that a bucket holds, in ms. */
const msOf = (bucket: number): number =>
  bucket === 0 ? 0 : Math.round(shortestMs * 2 ** ((bucket - 0.5) / stepsADoubling))

const Row = z.object({ bucket: z.number(), jobs: z.number() })

interface Waiting {
  day: string
  who: Waited
  bucket: number
  jobs: number
}

/** `write` is called within the batch's transaction, and what it returns once that has ended well. */
export function createWaits(
  database: Database,
  touch: () => void,
  flush: () => void,
): { waits: Waits; write: () => () => void } {
  const save = database.prepare(
    `INSERT INTO waits (day, account, service, bucket, jobs) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET jobs = jobs + excluded.jobs`,
  )
  const drop = database.prepare('DELETE FROM waits WHERE day < ?')
  const waiting = new Map<string, Waiting>()
  return {
    waits: {
      add(day, who, ms) {
        const bucket = bucketOf(ms)
        const name = JSON.stringify([day, who.account, who.service, bucket])
        const found = waiting.get(name) ?? { day, who: { ...who }, bucket, jobs: 0 }
        found.jobs += 1
        waiting.set(name, found)
        touch()
      },
      median({ from, to, account }) {
        flush()
        const rows = database
          .prepare(
            `SELECT bucket, sum(jobs) AS jobs FROM waits WHERE day BETWEEN ? AND ?
             ${account === undefined ? '' : 'AND account = ?'} GROUP BY bucket ORDER BY bucket`,
          )
          .all(...(account === undefined ? [from, to] : [from, to, account]))
          .map((row) => Row.parse(row))
        let left = rows.reduce((jobs, row) => jobs + row.jobs, 0) / 2
        for (const { bucket, jobs } of rows) {
          left -= jobs
          if (left <= 0) return msOf(bucket)
        }
        return null
      },
      dropBefore(day) {
        flush()
        drop.run(day)
      },
    },
    write() {
      for (const { day, who, bucket, jobs } of waiting.values()) save.run(day, who.account, who.service, bucket, jobs)
      return () => waiting.clear()
    },
  }
}
