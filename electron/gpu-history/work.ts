import * as z from 'zod'
import type { Database } from '../storage/database'

/** When a service had work, and how many jobs began meanwhile. */
export interface WorkSpan {
  serviceId: string
  from: number
  to: number
  jobs: number
}

const Row = z
  .object({ service: z.string(), since: z.number(), until: z.number(), jobs: z.number() })
  .transform(({ service, since, until, jobs }): WorkSpan => ({ serviceId: service, from: since, to: until, jobs }))

/** Two spans of a service that lie no further apart are one, in ms. */
const togetherMs = 1_000

/** When services had work: told as it is, job by job, and kept as spans without anybody's name. */
export function createWork(database: Database) {
  const add = database.prepare('INSERT INTO work (service, since, until, jobs) VALUES (?, ?, ?, ?)')
  const grow = database.prepare(
    `UPDATE work SET until = max(until, ?3), jobs = jobs + ?4
       WHERE id = (SELECT id FROM work WHERE service = ?1 ORDER BY until DESC LIMIT 1)
       AND until >= ?2 - ${togetherMs} AND since <= ?2`,
  )
  const drop = database.prepare('DELETE FROM work WHERE until < ?')
  const inRange = database.prepare(
    'SELECT service, since, until, jobs FROM work WHERE service = ? AND until > ? AND since < ? ORDER BY since LIMIT 20000',
  )
  let waiting: WorkSpan[] = []
  const current = new Map<string, WorkSpan & { known: Set<string> }>()

  return {
    /** The jobs that a service has now. */
    set(serviceId: string, jobs: readonly string[], now: number) {
      const span = current.get(serviceId)
      if (jobs.length === 0) {
        if (span) waiting.push({ serviceId, from: span.from, to: Math.max(now, span.from), jobs: span.jobs })
        current.delete(serviceId)
        return
      }
      if (!span) {
        current.set(serviceId, { serviceId, from: now, to: now, jobs: jobs.length, known: new Set(jobs) })
        return
      }
      span.jobs += jobs.filter((job) => !span.known.has(job)).length
      span.known = new Set(jobs)
    },
    isAny: (): boolean => current.size > 0,
    of(serviceId: string, from: number, to: number, now: number): WorkSpan[] {
      const span = current.get(serviceId)
      const unwritten = [...waiting, ...(span ? [{ ...span, to: now }] : [])]
      return [
        ...inRange.all(serviceId, from, to).map((row) => Row.parse(row)),
        ...unwritten.filter((one) => one.serviceId === serviceId && one.to > from && one.from < to),
      ]
    },
    /** What is under way is written too: of a panel that is killed it stays until its last write. */
    write(now: number, oldest: number): () => void {
      for (const span of current.values()) {
        if (now <= span.from) continue
        waiting.push({ serviceId: span.serviceId, from: span.from, to: now, jobs: span.jobs })
        span.from = now
        span.jobs = 0
      }
      const written = waiting
      for (const { serviceId, from, to, jobs } of written)
        if (grow.run(serviceId, from, to, jobs).changes === 0) add.run(serviceId, from, to, jobs)
      drop.run(oldest)
      return () => {
        waiting = waiting.slice(written.length)
      }
    },
  }
}
