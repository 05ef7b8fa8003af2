import * as z from 'zod'
import type { Database } from '../storage/database'

/** A job that a service was given and that is not known to have ended. `cards`: how many it works on; null: nobody knows. */
export interface OpenJob {
  service: string
  id: string
  account: string
  key: string | null
  machine: string
  cards: number | null
  begunAt: number
}

const Row = z.object({
  service: z.string(),
  id: z.string(),
  account: z.string(),
  key: z.string().nullable(),
  machine: z.string(),
  cards: z.number().nullable(),
  begun_at: z.number(),
})

/**
 * Jobs that are under way. A begin is written at once: a panel that was killed finds it again. An end is written together
 * with what it counts as, so that no job is counted twice, or not at all.
 */
export interface OpenJobs {
  begin(job: OpenJob): void
  end(service: string, id: string): void
  /** What is written: of an earlier run of the panel, too. */
  all(): OpenJob[]
}

/** `write` is called within the batch's transaction, and what it returns once that has ended well. */
export function createOpenJobs(database: Database, touch: () => void): { jobs: OpenJobs; write: () => () => void } {
  const add = database.prepare(
    `INSERT OR REPLACE INTO open_jobs (service, id, account, key, machine, cards, begun_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const remove = database.prepare('DELETE FROM open_jobs WHERE service = ? AND id = ?')
  const all = database.prepare('SELECT * FROM open_jobs ORDER BY begun_at')
  const ended = new Map<string, readonly [service: string, id: string]>()
  return {
    jobs: {
      begin({ service, id, account, key, machine, cards, begunAt }) {
        ended.delete(JSON.stringify([service, id]))
        add.run(service, id, account, key, machine, cards, begunAt)
      },
      end(service, id) {
        ended.set(JSON.stringify([service, id]), [service, id])
        touch()
      },
      all: () =>
        all.all().map((row) => {
          const { begun_at: begunAt, ...job } = Row.parse(row)
          return { ...job, begunAt }
        }),
    },
    write() {
      for (const [service, id] of ended.values()) remove.run(service, id)
      return () => ended.clear()
    },
  }
}
