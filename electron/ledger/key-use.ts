import * as z from 'zod'
import type { Database } from '../storage/database'
import { createNewest, type Newest } from './newest'

/** When a key was used last, from where, by which client (empty where it did not tell), and for which service; null for the panel itself. */
export interface KeyUse {
  at: number
  from: string
  client: string
  serviceId: string | null
}

/** The last use of each key. */
export type KeyUses = Newest<KeyUse>

const Row = z.object({
  key: z.string(),
  at: z.number(),
  source: z.string(),
  client: z.string(),
  service: z.string().nullable(),
})

export const createKeyUses = (database: Database, touch: () => void) =>
  createNewest<KeyUse>(
    database,
    {
      ...{ name: 'key_use', key: 'key', columns: ['at', 'source', 'client', 'service'] },
      toRow: ({ at, from, client, serviceId }) => [at, from, client, serviceId],
      fromRow(row) {
        const { key, at, source, client, service } = Row.parse(row)
        return { id: key, value: { at, from: source, client, serviceId: service } }
      },
    },
    touch,
  )
