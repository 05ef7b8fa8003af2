import * as z from 'zod'
import type { Database } from '../storage/database'

/** A job that a service was given and that is not known to have ended. `cards`: how many it works on; null: not known. */
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

/** Jobs that are under way, written at once: a panel that was killed finds them again. */
export interface OpenJobs {
  begin(job: OpenJob): void
  end(service: string, id: string): void
  all(): OpenJob[]
}

export function createOpenJobs(database: Database): OpenJobs {
  const add = database.prepare(
    `INSERT OR REPLACE INTO open_jobs (service, id, account, key, machine, cards, begun_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const remove = database.prepare('DELETE FROM open_jobs WHERE service = ? AND id = ?')
  const all = database.prepare('SELECT * FROM open_jobs ORDER BY begun_at')
  return {
    begin: ({ service, id, account, key, machine, cards, begunAt }) =>
      void add.run(service, id, account, key, machine, cards, begunAt),
    end: (service, id) => void remove.run(service, id),
    all: () =>
      all.all().map((row) => {
        const { begun_at: begunAt, ...job } = Row.parse(row)
        return { ...job, begunAt }
      }),
  }
}
