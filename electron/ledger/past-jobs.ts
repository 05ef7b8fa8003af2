import * as z from 'zod'
import type { Database } from '../storage/database'

/** A job through the gateway that has ended, as its person is told of it. No prompt and no image is part of it. */
export interface PastJob {
  service: string
  id: string
  account: string
  key: string | null
  state: 'succeeded' | 'failed' | 'cancelled' | 'unknown'
  begunAt: number
  endedAt: number
}

/** So many are kept of each person: what was used is counted elsewhere. */
const mostKept = 20

const State = z.enum(['succeeded', 'failed', 'cancelled', 'unknown'])

const Row = z.object({
  service: z.string(),
  id: z.string(),
  account: z.string(),
  key: z.string().nullable(),
  // What a later Regie may call an end that this one does not know.
  state: State.catch('unknown'),
  begun_at: z.number(),
  ended_at: z.number(),
})

/** The last jobs of each person that ended. */
export interface PastJobs {
  note(job: PastJob): void
  /** The newest first. */
  of(account: string): PastJob[]
  /** Those of somebody who was removed. */
  forgetAccount(account: string): void
}

/** `write` is called within the batch's transaction; `flush` writes what waits. */
export function createPastJobs(
  database: Database,
  touch: () => void,
  flush: () => void,
): { jobs: PastJobs; write: () => () => void } {
  const add = database.prepare(
    `INSERT OR REPLACE INTO past_jobs (service, id, account, key, state, begun_at, ended_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const forget = database.prepare(
    `DELETE FROM past_jobs WHERE account = ?1 AND (service, id) IN (
       SELECT service, id FROM past_jobs WHERE account = ?1 ORDER BY ended_at DESC LIMIT -1 OFFSET ${mostKept})`,
  )
  const newest = database.prepare(`SELECT * FROM past_jobs WHERE account = ? ORDER BY ended_at DESC LIMIT ${mostKept}`)
  const ofAccount = database.prepare('DELETE FROM past_jobs WHERE account = ?')
  let waiting: PastJob[] = []
  return {
    jobs: {
      note(job) {
        waiting.push(job)
        touch()
      },
      of(account) {
        flush()
        return newest.all(account).map((row) => {
          const { begun_at: begunAt, ended_at: endedAt, ...job } = Row.parse(row)
          return { ...job, begunAt, endedAt }
        })
      },
      forgetAccount(account) {
        waiting = waiting.filter((job) => job.account !== account)
        ofAccount.run(account)
      },
    },
    write() {
      const written = waiting
      for (const { service, id, account, key, state, begunAt, endedAt } of written)
        add.run(service, id, account, key, state, begunAt, endedAt)
      for (const account of new Set(written.map((job) => job.account))) forget.run(account)
      return () => {
        waiting = waiting.slice(written.length)
      }
    },
  }
}
