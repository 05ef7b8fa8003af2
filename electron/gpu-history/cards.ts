import * as z from 'zod'
import type { Gpu } from '../../shared/contract'
import type { Database } from '../storage/database'

/** A card that was seen, and what it was like then. */
export interface KnownCard {
  id: number
  uuid: string
  name: string
  memoryTotalMiB: number | null
  powerLimitW: number | null
  firstAt: number
  lastAt: number
}

const Row = z
  .object({
    ...{ id: z.number(), uuid: z.string(), name: z.string(), first_at: z.number(), last_at: z.number() },
    ...{ total_mib: z.number().nullable(), power_limit: z.number().nullable() },
  })
  .transform(
    ({
      total_mib: memoryTotalMiB,
      power_limit: powerLimitW,
      first_at: firstAt,
      last_at: lastAt,
      ...card
    }): KnownCard => ({
      ...{ ...card, memoryTotalMiB, powerLimitW, firstAt, lastAt },
    }),
  )

/** So many are known at most: more than any machine has had in a month. */
const mostCards = 256

/** The cards that were seen, by uuid; each has a number, by which its strips are kept. */
export function createCards(database: Database) {
  const cards = new Map(
    database
      .prepare('SELECT id, uuid, name, total_mib, power_limit, first_at, last_at FROM cards')
      .all()
      .map((row) => Row.parse(row))
      .map((card) => [card.uuid, card]),
  )
  const put = database.prepare(
    `INSERT OR REPLACE INTO cards (id, uuid, name, total_mib, power_limit, first_at, last_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const remove = database.prepare('DELETE FROM cards WHERE id = ?')
  return {
    get: (uuid: string): KnownCard | undefined => cards.get(uuid),
    all: (): KnownCard[] => [...cards.values()],
    /** Null where there are too many. */
    saw({ uuid, name, memoryTotalMiB, powerLimitW }: Gpu, at: number): KnownCard | null {
      const known = cards.get(uuid)
      if (!known && cards.size >= mostCards) return null
      const id = known?.id ?? 1 + Math.max(0, ...[...cards.values()].map((card) => card.id))
      const firstAt = Math.min(known?.firstAt ?? at, at)
      const card = { id, uuid, name, memoryTotalMiB, powerLimitW, firstAt, lastAt: at }
      cards.set(uuid, card)
      return card
    },
    /** One that was not seen for as long as anything is kept is forgotten. */
    write(oldest: number): () => void {
      const gone = [...cards.values()].filter(({ lastAt }) => lastAt < oldest)
      for (const { id } of gone) remove.run(id)
      for (const one of cards.values())
        put.run(one.id, one.uuid, one.name, one.memoryTotalMiB, one.powerLimitW, one.firstAt, one.lastAt)
      return () => {
        for (const { uuid } of gone) cards.delete(uuid)
      }
    },
  }
}
