import * as z from 'zod'
import { GalleryTotals, type AccountId, type Generation } from '../../shared/contract'
import type { Database } from '../storage/database'
import { encodeCursor } from './cursor'
import { inputsOf } from './inputs'
import { hasValue, idsSql, notesOf, pageSql, totalsSql, type FilterQuery, type PageQuery } from './query'
import { columnsOf, readRow, searchedTextOf } from './rows'

export type { FilterQuery, PageQuery } from './query'

const Whose = z.object({ account: z.string() })
const Handed = z.object({ handed: z.number() })
const Ordered = z.object({ value: z.number().nullable() })
const Id = z.object({ id: z.string() })

/** The records of generations in SQLite. Images are files; a record names them. */
export interface GenerationStore {
  /** `pictures`: those that the values of its workflow name, beside the ones that its parameters name. */
  add(generation: Generation, pictures?: readonly string[]): void
  save(generation: Generation): void
  /** Null for an unknown id and, unless asked for, for a removed one. `reader`: whose favourites are meant. */
  find(id: string, options?: { removed?: boolean; reader?: AccountId | undefined }): Generation | null
  /** Whose it is, also of a removed one; null for an unknown id. */
  accountOf(id: string): AccountId | null
  page(query: PageQuery): { items: Generation[]; nextCursor: string | null }
  /** How many there are of a filter, and what they hold. */
  totals(query: FilterQuery): GalleryTotals
  /** The newest ids of a filter. */
  ids(query: FilterQuery, limit: number): string[]
  /** Notes, before its service hears of it, that a generation leaves Regie's own line. */
  handOver(id: string, at: number): void
  /** Those that an earlier run of the panel left unfinished, oldest first, and whether a service may know them. */
  unfinished(): { generation: Generation; isHandedOver: boolean }[]
  /** Takes a generation out of the gallery, or puts it back. */
  setRemoved(id: string, at: number | null): void
  purge(id: string): void
  /** Does several writes at once, or none of them. */
  together(work: () => void): void
}

/** The prepared statements of the gallery. */
function prepare(database: Database) {
  const select = (where: string) =>
    database.prepare(
      `SELECT g.seq, g.account, r.record, g.handed_over_at IS NOT NULL AS handed, ${notesOf}
       FROM generations g JOIN generation_records r USING (seq) WHERE ${where}`,
    )
  return {
    add: database.prepare(
      `INSERT INTO generations (id, account, service_id, prompt, created_at, state, model, images, bytes, total_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    addRecord: database.prepare(
      'INSERT INTO generation_records (seq, record) SELECT seq, ? FROM generations WHERE id = ?',
    ),
    addInput: database.prepare(
      `INSERT OR IGNORE INTO generation_inputs (input, seq)
       SELECT i.id, g.seq FROM inputs i, generations g WHERE i.id = ? AND g.id = ?`,
    ),
    save: database.prepare(
      'UPDATE generations SET state = ?, model = ?, images = ?, bytes = ?, total_ms = ? WHERE id = ?',
    ),
    saveRecord: database.prepare(
      'UPDATE generation_records SET record = ? WHERE seq = (SELECT seq FROM generations WHERE id = ?)',
    ),
    find: select('g.id = ? AND g.removed_at IS NULL'),
    findAny: select('g.id = ?'),
    account: database.prepare('SELECT account FROM generations WHERE id = ?'),
    handOver: database.prepare('UPDATE generations SET handed_over_at = ? WHERE id = ?'),
    unfinished: select("g.state IN ('queued', 'running') ORDER BY g.seq"),
    remove: database.prepare('UPDATE generations SET removed_at = ? WHERE id = ?'),
    purge: database.prepare('DELETE FROM generations WHERE id = ?'),
  }
}

/** `onWrite` is called after each change of a record. */
export function createStore(database: Database, onWrite: () => void = () => undefined): GenerationStore {
  const prepared = prepare(database)
  const told =
    <A extends unknown[]>(write: (...args: A) => void) =>
    (...args: A): void => {
      write(...args)
      onWrite()
    }
  const ask = ({ sql, values }: { sql: string; values: (string | number)[] }) => database.prepare(sql).all(...values)

  return {
    add: told(
      database.transaction((g: Generation, pictures: readonly string[] = []) => {
        const { state, model, images, bytes, totalMs } = columnsOf(g)
        const about = [g.id, g.by, g.serviceId, searchedTextOf(g), g.createdAt]
        prepared.add.run(...about, state, model, images, bytes, totalMs)
        prepared.addRecord.run(JSON.stringify(g), g.id)
        for (const input of [...inputsOf(g.params), ...pictures]) prepared.addInput.run(input, g.id)
      }),
    ),
    save: told(
      database.transaction((g: Generation) => {
        const { state, model, images, bytes, totalMs } = columnsOf(g)
        prepared.save.run(state, model, images, bytes, totalMs, g.id)
        prepared.saveRecord.run(JSON.stringify(g), g.id)
      }),
    ),
    find(id, { removed = false, reader = '' } = {}) {
      const row = (removed ? prepared.findAny : prepared.find).get(reader, id)
      return row === undefined ? null : readRow(row).record
    },
    accountOf: (id) => Whose.safeParse(prepared.account.get(id)).data?.account ?? null,
    page(query) {
      const rows = ask(pageSql(query))
      const items = rows.slice(0, query.limit)
      const last = items.at(-1)
      const place = last === undefined ? null : { seq: readRow(last).seq, value: Ordered.parse(last).value }
      return {
        items: items.map((row) => readRow(row).record),
        nextCursor:
          rows.length > query.limit && place
            ? encodeCursor(hasValue(query.order) ? place : { ...place, value: null })
            : null,
      }
    },
    totals: (query) => GalleryTotals.parse(ask(totalsSql(query))[0]),
    ids: (query, limit) => ask(idsSql(query, limit)).map((row) => Id.parse(row).id),
    handOver: (id, at) => void prepared.handOver.run(at, id),
    unfinished: () =>
      prepared.unfinished.all('').map((row) => {
        const isHandedOver = Handed.parse(row).handed === 1
        return { generation: readRow(row).record, isHandedOver }
      }),
    setRemoved: told((id: string, at: number | null) => void prepared.remove.run(at, id)),
    purge: told((id: string) => void prepared.purge.run(id)),
    together(work) {
      database.transaction(work).immediate()
    },
  }
}
