import * as z from 'zod'
import { binDays, GalleryTotals, type AccountId, type BinPage } from '../../shared/contract'
import type { Clock } from '../async/clock'
import { createSerial } from '../async/serial'
import type { Database } from '../storage/database'
import { decodeCursor, encodeCursor } from './cursor'
import type { Images } from './images'
import { notesOf } from './query'
import { readRow } from './rows'
import type { GenerationStore } from './store'

const dayMs = 24 * 60 * 60_000
const keptMs = binDays * dayMs

const Removed = z.object({ removed: z.number() })
const First = z.object({ first: z.number().nullable() })
const Id = z.object({ id: z.string() })

interface BinQuery {
  limit: number
  cursor?: string | undefined
  by?: AccountId | undefined
}

/** What was removed and is kept for some time. `by`: what one account's is alone; left out: everybody's. */
export interface BinRecords {
  /** What goes soon first. */
  page(query: BinQuery): BinPage
  totals(by?: AccountId): GalleryTotals
  /** Ids of what is in it, what goes soon first: all of it, or what was removed until a moment. */
  ids(of?: { by?: AccountId | undefined; until?: number }): string[]
  has(id: string): boolean
  /** When the first of it was removed; null while it is empty. */
  first(): number | null
}

export function createBinRecords(database: Database): BinRecords {
  const mine = "(?1 = '' OR g.account = ?1)"
  const page = database.prepare(
    `SELECT g.seq, g.account, r.record, g.removed_at AS removed, ${notesOf.replace('?', '?5')}
     FROM generations g JOIN generation_records r USING (seq)
     WHERE g.removed_at IS NOT NULL AND ${mine} AND (g.removed_at, g.seq) > (?2, ?3)
     ORDER BY g.removed_at, g.seq LIMIT ?4`,
  )
  const totals = database.prepare(
    `SELECT count(*) AS generations, coalesce(sum(images), 0) AS images, coalesce(sum(bytes), 0) AS bytes
     FROM generations g WHERE removed_at IS NOT NULL AND ${mine}`,
  )
  const ids = database.prepare(
    `SELECT id FROM generations g WHERE removed_at IS NOT NULL AND removed_at <= ?2 AND ${mine} ORDER BY removed_at`,
  )
  const has = database.prepare('SELECT id FROM generations WHERE id = ? AND removed_at IS NOT NULL')
  const first = database.prepare('SELECT min(removed_at) AS first FROM generations WHERE removed_at IS NOT NULL')
  return {
    page({ limit, cursor, by }) {
      const after = cursor === undefined ? { value: -1, seq: 0 } : decodeCursor(cursor, true)
      const rows = page.all(by ?? '', after.value, after.seq, limit + 1, by ?? '')
      const items = rows.slice(0, limit).map((row) => {
        const { seq, record } = readRow(row)
        return { seq, item: { generation: record, goesAt: Removed.parse(row).removed + keptMs } }
      })
      const last = items.at(-1)
      return {
        items: items.map(({ item }) => item),
        nextCursor:
          rows.length > limit && last ? encodeCursor({ seq: last.seq, value: last.item.goesAt - keptMs }) : null,
      }
    },
    totals: (by) => GalleryTotals.parse(totals.get(by ?? '')),
    ids: ({ by, until = Number.MAX_SAFE_INTEGER } = {}) => ids.all(by ?? '', until).map((row) => Id.parse(row).id),
    has: (id) => has.get(id) !== undefined,
    first: () => First.parse(first.get()).first,
  }
}

/** A machine that slept, or a clock that was set, is noticed within so long, in ms. */
const longestSleepMs = dayMs

interface PurgeParts {
  store: Pick<GenerationStore, 'find' | 'purge'>
  records: BinRecords
  images: Pick<Images, 'erase'>
  clock: Clock
  /** Told when something is gone for good. */
  changed: () => void
  reportBug: (error: unknown) => void
}

/**
 * Deletes for good: what is asked for, and what has been in the bin for its time. Files go before the record that names
 * them, so that what a crash leaves is still in the bin and goes the next time.
 */
export function createPurge({ store, records, images, clock, changed, reportBug }: PurgeParts) {
  const inTurn = createSerial()
  let cancelSleep: (() => void) | undefined
  let isClosed = false
  let going: string | null = null

  const purgeOne = async (id: string): Promise<boolean> => {
    const generation = !isClosed && records.has(id) ? store.find(id, { removed: true }) : null
    if (!generation) return false
    going = id
    try {
      for (const image of generation.images) await images.erase(image)
      store.purge(id)
      return true
    } finally {
      going = null
    }
  }
  const purge = async (ids: readonly string[]): Promise<number> => {
    let count = 0
    for (const id of ids) if (await purgeOne(id)) count += 1
    if (count > 0) changed()
    return count
  }
  const due = () => records.ids({ until: clock.now() - keptMs })

  const look = async (): Promise<void> => {
    await inTurn(() => purge(due()))
    sleep()
  }
  /** Wakes when the first of what is there is due. */
  const sleep = (): void => {
    cancelSleep?.()
    const first = records.first()
    if (first === null || isClosed) return
    const wait = Math.max(0, first + keptMs - clock.now())
    cancelSleep = clock.after(Math.min(wait, longestSleepMs), () => void look().catch(reportBug))
  }
  return {
    /** Deletes what is due now, and from then on what becomes due. Throws what the disk says. */
    start: look,
    /** To be called when something came into the bin. */
    sleep,
    /** Whether the files of one are being deleted: it cannot come back any more. */
    isGoing: (id: string): boolean => going === id,
    /** Deletes some for good, unless somebody took them back meanwhile. Resolves with how many it were. */
    purge: (ids: readonly string[]): Promise<number> => inTurn(() => purge(ids)),
    async close(): Promise<void> {
      isClosed = true
      cancelSleep?.()
      await inTurn.settled()
    },
  }
}
