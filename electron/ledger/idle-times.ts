import * as z from 'zod'
import type { Database } from '../storage/database'

/** For how long nobody had worked with a service, as it was watched until `at` (Unix ms). */
export interface IdleTime {
  idleMs: number
  at: number
  /** Its models had been taken out of memory. */
  isUnloaded: boolean
}

const Row = z.object({ service: z.string(), idle_ms: z.number(), at: z.number(), unloaded: z.number() })

/** What was watched of each service: told from memory, written in batches. */
export interface IdleTimes {
  note(serviceId: string, time: IdleTime): void
  of(serviceId: string): IdleTime | null
  forget(serviceId: string): void
}

/** `write` is called within the batch's transaction. */
export function createIdleTimes(database: Database, touch: () => void): { times: IdleTimes; write: () => () => void } {
  const known = new Map<string, IdleTime>()
  for (const found of database.prepare('SELECT * FROM idle_times').all()) {
    const { service, idle_ms: idleMs, at, unloaded } = Row.parse(found)
    known.set(service, { idleMs, at, isUnloaded: unloaded === 1 })
  }
  const save = database.prepare(
    'INSERT OR REPLACE INTO idle_times (service, idle_ms, at, unloaded) VALUES (?, ?, ?, ?)',
  )
  const remove = database.prepare('DELETE FROM idle_times WHERE service = ?')
  const waiting = new Set<string>()
  const changed = (serviceId: string) => {
    waiting.add(serviceId)
    touch()
  }
  return {
    times: {
      note(serviceId, time) {
        known.set(serviceId, time)
        changed(serviceId)
      },
      of: (serviceId) => known.get(serviceId) ?? null,
      forget(serviceId) {
        if (known.delete(serviceId)) changed(serviceId)
      },
    },
    write() {
      const written = [...waiting]
      for (const serviceId of written) {
        const time = known.get(serviceId)
        if (time) save.run(serviceId, Math.round(time.idleMs), Math.round(time.at), time.isUnloaded ? 1 : 0)
        else remove.run(serviceId)
      }
      return () => {
        for (const serviceId of written) waiting.delete(serviceId)
      }
    },
  }
}
