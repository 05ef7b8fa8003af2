import * as z from 'zod'
import { Generation, firstAccount, type AccountId, type GenerationState } from '../../shared/contract'
import type { Database } from '../storage/database'
import { decodeCursor, encodeCursor } from './cursor'
import { parseSearch } from './search'

/**
 * `seq` is the order of creation: the gallery pages by it, newest first, also through the search index, which answers
 * in the order of its rows. The trigram index finds any part of a word, in scripts without spaces too. Records lie in
 * a table of their own, so that a search that has to look at every row reads a tenth of the file.
 */
export const migrations = [
  `CREATE TABLE generations (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     service_id TEXT NOT NULL,
     state TEXT NOT NULL,
     removed_at INTEGER,
     prompt TEXT NOT NULL
   ) STRICT;
   CREATE INDEX generations_by_service ON generations (service_id, seq);
   CREATE INDEX generations_by_service_and_state ON generations (service_id, state, seq);
   CREATE INDEX generations_by_state ON generations (state, seq);
   CREATE INDEX generations_removed ON generations (removed_at) WHERE removed_at IS NOT NULL;
   CREATE TABLE generation_records (seq INTEGER PRIMARY KEY, record TEXT NOT NULL) STRICT;
   CREATE VIRTUAL TABLE generation_prompts USING fts5 (
     prompt, content = 'generations', content_rowid = 'seq', tokenize = 'trigram remove_diacritics 1');
   CREATE TRIGGER generation_added AFTER INSERT ON generations BEGIN
     INSERT INTO generation_prompts (rowid, prompt) VALUES (new.seq, new.prompt);
   END;
   CREATE TRIGGER generation_purged AFTER DELETE ON generations BEGIN
     INSERT INTO generation_prompts (generation_prompts, rowid, prompt) VALUES ('delete', old.seq, old.prompt);
     DELETE FROM generation_records WHERE seq = old.seq;
   END`,
  // Of those that wait already it is not known whether a service has heard of them: none must be made twice.
  `ALTER TABLE generations ADD COLUMN handed_over_at INTEGER;
   UPDATE generations SET handed_over_at = 0 WHERE state IN ('queued', 'running')`,
  // Who asked for it: what was made before there were accounts belongs to the first.
  `ALTER TABLE generations ADD COLUMN account TEXT NOT NULL DEFAULT '${firstAccount}';
   CREATE INDEX generations_by_account ON generations (account, seq)`,
] as const

export interface PageQuery {
  limit: number
  cursor?: string | undefined
  search?: string | undefined
  serviceId?: string | undefined
  state?: GenerationState | undefined
  /** Whose: those of one account alone; left out: everybody's. */
  by?: AccountId | undefined
}

/** What a record tells; whose it is, its row does: records of earlier versions know nothing of that. */
const Recorded = Generation.omit({ by: true })
const Row = z.object({ seq: z.number(), account: z.string(), record: z.string() })
const Whose = z.object({ account: z.string() })
const Handed = z.object({ handed: z.number() })

/** The records of generations in SQLite. Images are files; a record names them. */
export interface GenerationStore {
  add(generation: Generation): void
  save(generation: Generation): void
  /** Null for an unknown id and, unless asked for, for a removed one. */
  find(id: string, options?: { removed: boolean }): Generation | null
  /** Whose it is, also of a removed one; null for an unknown id. */
  accountOf(id: string): AccountId | null
  page(query: PageQuery): { items: Generation[]; nextCursor: string | null }
  /** Notes, before its service hears of it, that a generation leaves Regie's own line. */
  handOver(id: string, at: number): void
  /** Those that an earlier run of the panel left unfinished, oldest first, and whether a service may know them. */
  unfinished(): { generation: Generation; isHandedOver: boolean }[]
  /** Takes a generation out of the gallery, or puts it back. */
  setRemoved(id: string, at: number | null): void
  removed(): Generation[]
  purge(id: string): void
}

/** The prepared statements of the gallery. */
function prepare(database: Database) {
  const select = (where: string) =>
    database.prepare(
      `SELECT g.seq, g.account, r.record FROM generations g JOIN generation_records r USING (seq) WHERE ${where}`,
    )
  return {
    add: database.prepare('INSERT INTO generations (id, account, service_id, state, prompt) VALUES (?, ?, ?, ?, ?)'),
    addRecord: database.prepare(
      'INSERT INTO generation_records (seq, record) SELECT seq, ? FROM generations WHERE id = ?',
    ),
    setState: database.prepare('UPDATE generations SET state = ? WHERE id = ?'),
    setRecord: database.prepare(
      'UPDATE generation_records SET record = ? WHERE seq = (SELECT seq FROM generations WHERE id = ?)',
    ),
    find: select('g.id = ? AND g.removed_at IS NULL'),
    findAny: select('g.id = ?'),
    account: database.prepare('SELECT account FROM generations WHERE id = ?'),
    handOver: database.prepare('UPDATE generations SET handed_over_at = ? WHERE id = ?'),
    unfinished: database.prepare(
      `SELECT g.seq, g.account, r.record, g.handed_over_at IS NOT NULL AS handed FROM generations g
     JOIN generation_records r USING (seq) WHERE g.state IN ('queued', 'running') ORDER BY g.seq`,
    ),
    removed: select('g.removed_at IS NOT NULL'),
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

  return {
    add: told(
      database.transaction((g: Generation) => {
        prepared.add.run(g.id, g.by, g.serviceId, g.state, g.params.prompt)
        prepared.addRecord.run(JSON.stringify(g), g.id)
      }),
    ),
    save: told(
      database.transaction((g: Generation) => {
        prepared.setState.run(g.state, g.id)
        prepared.setRecord.run(JSON.stringify(g), g.id)
      }),
    ),
    find(id, options) {
      const row = (options?.removed ? prepared.findAny : prepared.find).get(id)
      return row === undefined ? null : readRow(row).record
    },
    accountOf: (id) => Whose.safeParse(prepared.account.get(id)).data?.account ?? null,
    page(query) {
      const { sql, values } = pageSql(query)
      const rows = database
        .prepare(sql)
        .all(...values)
        .map(readRow)
      const items = rows.slice(0, query.limit)
      const last = items.at(-1)
      return {
        items: items.map(({ record }) => record),
        nextCursor: rows.length > query.limit && last ? encodeCursor(last.seq) : null,
      }
    },
    handOver: (id, at) => void prepared.handOver.run(at, id),
    unfinished: () =>
      prepared.unfinished.all().map((row) => {
        const isHandedOver = Handed.parse(row).handed === 1
        return { generation: readRow(row).record, isHandedOver }
      }),
    setRemoved: told((id: string, at: number | null) => void prepared.remove.run(at, id)),
    removed: () => prepared.removed.all().map((row) => readRow(row).record),
    purge: told((id: string) => void prepared.purge.run(id)),
  }
}

function readRow(row: unknown) {
  const { seq, account, record } = Row.parse(row)
  return { seq, record: { ...Recorded.parse(JSON.parse(record)), by: account } }
}

/** The query of one page. One row more than the limit is asked for: it tells whether there is a next page. */
export function pageSql(query: PageQuery): { sql: string; values: (string | number)[] } {
  const { match, patterns } = parseSearch(query.search ?? '')
  const conditions = ['g.removed_at IS NULL']
  const values: (string | number)[] = []
  const where = (condition: string, value: string | number) => {
    conditions.push(condition)
    values.push(value)
  }
  // The search index must see the bound itself, to start there.
  const order = match === null ? 'g.seq' : 'p.rowid'
  if (match !== null) where('p.prompt MATCH ?', match)
  for (const pattern of patterns) where("g.prompt LIKE ? ESCAPE '\\'", pattern)
  if (query.cursor !== undefined) where(`${order} < ?`, decodeCursor(query.cursor))
  if (query.serviceId !== undefined) where('g.service_id = ?', query.serviceId)
  if (query.state !== undefined) where('g.state = ?', query.state)
  if (query.by !== undefined) where('g.account = ?', query.by)
  const from = match === null ? 'generations g' : 'generation_prompts p CROSS JOIN generations g ON g.seq = p.rowid'
  const sql = `SELECT g.seq, g.account, r.record FROM ${from} CROSS JOIN generation_records r ON r.seq = g.seq
    WHERE ${conditions.join(' AND ')} ORDER BY ${order} DESC LIMIT ?`
  return { sql, values: [...values, query.limit + 1] }
}
