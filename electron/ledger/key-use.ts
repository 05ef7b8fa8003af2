import * as z from 'zod'
import type { Database } from '../storage/database'

/** When a key was used last, from where, by which client (empty where it did not tell), and for which service; null for the panel itself. */
export interface KeyUse {
  at: number
  from: string
  client: string
  serviceId: string | null
}

const Row = z.object({
  key: z.string(),
  at: z.number(),
  source: z.string(),
  client: z.string(),
  service: z.string().nullable(),
})

/** The last use of each key: told from memory, written in batches. */
export interface KeyUses {
  note(keyId: string, use: KeyUse): void
  lastOf(keyId: string): KeyUse | null
  forget(keyId: string): void
}

/** `write` is called within the batch's transaction. */
export function createKeyUses(database: Database, touch: () => void): { uses: KeyUses; write: () => () => void } {
  const known = new Map<string, KeyUse>()
  for (const found of database.prepare('SELECT * FROM key_use').all()) {
    const { key, at, source, client, service } = Row.parse(found)
    known.set(key, { at, from: source, client, serviceId: service })
  }
  const save = database.prepare(
    'INSERT OR REPLACE INTO key_use (key, at, source, client, service) VALUES (?, ?, ?, ?, ?)',
  )
  const remove = database.prepare('DELETE FROM key_use WHERE key = ?')
  const waiting = new Set<string>()
  const changed = (keyId: string) => {
    waiting.add(keyId)
    touch()
  }
  return {
    uses: {
      note(keyId, use) {
        known.set(keyId, use)
        changed(keyId)
      },
      lastOf: (keyId) => known.get(keyId) ?? null,
      forget(keyId) {
        if (known.delete(keyId)) changed(keyId)
      },
    },
    write() {
      const written = [...waiting]
      for (const keyId of written) {
        const use = known.get(keyId)
        if (use) save.run(keyId, use.at, use.from, use.client, use.serviceId)
        else remove.run(keyId)
      }
      return () => {
        for (const keyId of written) waiting.delete(keyId)
      }
    },
  }
}
