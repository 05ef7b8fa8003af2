import * as z from 'zod'
import type { Database } from '../storage/database'
import { createNewest, type Newest } from './newest'

/** For how long nobody had worked with a service, as it was watched until `at` (Unix ms). */
export interface IdleTime {
  idleMs: number
  at: number
  /** Its models had been taken out of memory. */
  isUnloaded: boolean
}

/** What was watched of each service. */
export type IdleTimes = Newest<IdleTime>

const Row = z.object({ service: z.string(), idle_ms: z.number(), at: z.number(), unloaded: z.number() })

export const createIdleTimes = (database: Database, touch: () => void) =>
  createNewest<IdleTime>(
    database,
    {
      ...{ name: 'idle_times', key: 'service', columns: ['idle_ms', 'at', 'unloaded'] },
      toRow: ({ idleMs, at, isUnloaded }) => [Math.round(idleMs), Math.round(at), isUnloaded ? 1 : 0],
      fromRow(row) {
        const { service, idle_ms: idleMs, at, unloaded } = Row.parse(row)
        return { id: service, value: { idleMs, at, isUnloaded: unloaded === 1 } }
      },
    },
    touch,
  )
