import * as z from 'zod'
import { ServiceReach } from '../../shared/contract'
import type { Database } from '../storage/database'

const Row = z.object({ service: z.string(), reach: z.string() })

/** What was kept; null for what is no such thing: what another version wrote otherwise is begun anew. */
function readReach(text: string): ServiceReach | null {
  try {
    return ServiceReach.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** Whether services could be reached in the last 24 hours: told from memory, written in batches. */
export interface ReachMemory {
  note(serviceId: string, reach: ServiceReach): void
  of(serviceId: string): ServiceReach | null
  forget(serviceId: string): void
}

/** `write` is called within the batch's transaction. */
export function createReachMemory(
  database: Database,
  touch: () => void,
): { memory: ReachMemory; write: () => () => void } {
  const known = new Map<string, ServiceReach>()
  for (const found of database.prepare('SELECT * FROM reach').all()) {
    const row = Row.parse(found)
    const reach = readReach(row.reach)
    if (reach) known.set(row.service, reach)
  }
  const save = database.prepare('INSERT OR REPLACE INTO reach (service, reach) VALUES (?, ?)')
  const remove = database.prepare('DELETE FROM reach WHERE service = ?')
  const waiting = new Set<string>()
  const changed = (serviceId: string) => {
    waiting.add(serviceId)
    touch()
  }
  return {
    memory: {
      note(serviceId, reach) {
        known.set(serviceId, reach)
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
        const reach = known.get(serviceId)
        if (reach) save.run(serviceId, JSON.stringify(reach))
        else remove.run(serviceId)
      }
      return () => {
        for (const serviceId of written) waiting.delete(serviceId)
      }
    },
  }
}
