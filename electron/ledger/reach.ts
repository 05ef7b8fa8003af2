import * as z from 'zod'
import { ServiceReach } from '../../shared/contract'
import type { Database } from '../storage/database'
import { createNewest, type Newest } from './newest'

/** Whether services could be reached in the last 24 hours. */
export type ReachMemory = Newest<ServiceReach>

const Row = z.object({ service: z.string(), reach: z.string() })

/** What was kept; null for what is no such thing: what another version wrote otherwise is begun anew. */
function readReach(text: string): ServiceReach | null {
  try {
    return ServiceReach.parse(JSON.parse(text))
  } catch {
    return null
  }
}

export const createReachMemory = (database: Database, touch: () => void) =>
  createNewest<ServiceReach>(
    database,
    {
      ...{ name: 'reach', key: 'service', columns: ['reach'] },
      toRow: (reach) => [JSON.stringify(reach)],
      fromRow(row) {
        const { service, reach } = Row.parse(row)
        const value = readReach(reach)
        return value && { id: service, value }
      },
    },
    touch,
  )
