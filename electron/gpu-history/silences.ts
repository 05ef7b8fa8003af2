import * as z from 'zod'
import { ReasonSchema } from '../../shared/contract'
import type { Database } from '../storage/database'

type Reason = z.infer<typeof ReasonSchema>

/** Why nothing was recorded. */
export const SilenceWhy = z.enum(['regie-off', 'machine-off', 'asleep', 'clock', 'no-driver', 'no-answer'])
export type SilenceWhy = z.infer<typeof SilenceWhy>

export interface Silence {
  from: number
  to: number
  why: SilenceWhy
  /** What said so. */
  reason: Reason | null
}

const Row = z.object({
  since: z.number(),
  until: z.number(),
  why: SilenceWhy,
  reason: z.string().nullable(),
})

/** What is kept of a reason; null where a later Regie wrote it in a way that this one cannot read. */
function readReason(text: string | null): Reason | null {
  if (text === null) return null
  const read = ReasonSchema.safeParse(JSON.parse(text))
  return read.success ? read.data : null
}

const written = (reason: Reason | null) => (reason === null ? null : JSON.stringify(reason))

function silenceOf(row: unknown): Silence {
  const { since, until, why, reason } = Row.parse(row)
  return { from: since, to: until, why, reason: readReason(reason) }
}

/** Two of one reason that lie no further apart are one, in ms. */
const togetherMs = 60_000

/** For when there is nothing, and why. */
export function createSilences(database: Database) {
  const add = database.prepare('INSERT INTO silences (since, until, why, reason) VALUES (?, ?, ?, ?)')
  const grow = database.prepare(
    `UPDATE silences SET until = max(until, ?2) WHERE id = (SELECT id FROM silences ORDER BY id DESC LIMIT 1)
       AND why = ?3 AND reason IS ?4 AND until >= ?1 - ${togetherMs} AND since <= ?1`,
  )
  const inRange = database.prepare(
    'SELECT since, until, why, reason FROM silences WHERE until > ? AND since < ? ORDER BY since LIMIT 2000',
  )
  const drop = database.prepare('DELETE FROM silences WHERE until < ?')
  let waiting: Silence[] = []
  let current: Silence | null = null

  return {
    add(silence: Silence) {
      if (silence.to > silence.from) waiting.push(silence)
    },
    /** Nothing is recorded from now on, for this reason. */
    begin(from: number, why: SilenceWhy, reason: Reason | null) {
      if (current?.why === why && current.reason?.message === reason?.message) return
      this.end(from)
      current = { from, to: from, why, reason }
    },
    /** There are readings again. */
    end(at: number) {
      if (current) this.add({ ...current, to: at })
      current = null
    },
    in(from: number, to: number, now: number): Silence[] {
      const unwritten = [...waiting, ...(current ? [{ ...current, to: now }] : [])]
      return [...inRange.all(from, to).map(silenceOf), ...unwritten.filter((one) => one.to > from && one.from < to)]
    },
    write(now: number, oldest: number): () => void {
      if (current) {
        this.add({ ...current, to: now })
        current = { ...current, from: now }
      }
      const all = waiting
      for (const { from, to, why, reason } of all)
        if (grow.run(from, to, why, written(reason)).changes === 0) add.run(from, to, why, written(reason))
      drop.run(oldest)
      return () => {
        waiting = waiting.slice(all.length)
      }
    },
  }
}
