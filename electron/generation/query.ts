import type { AccountId, GalleryFilter, GalleryOrder } from '../../shared/contract'
import { decodeCursor } from './cursor'
import { parseSearch } from './search'

type Optional<T> = { [K in keyof T]?: T[K] | undefined }

/** What is asked of the gallery. */
export interface FilterQuery extends Optional<GalleryFilter> {
  /** The one account whose generations whoever asks may know of, whatever the filter says; left out: everybody's. */
  sees?: AccountId | undefined
  /** Whose favourites are meant; left out: nobody's. */
  reader?: AccountId | undefined
}

export interface PageQuery extends FilterQuery {
  limit: number
  cursor?: string | undefined
  order?: GalleryOrder | undefined
}

export interface Sql {
  sql: string
  values: (string | number)[]
}

/** A tag as it is compared: capitals and compatible forms tell nothing apart. */
export const tagKey = (tag: string): string => tag.normalize('NFKC').trim().toLowerCase()

/** Where the rows come from, in the order of creation, and which of them are meant. `seq` names that order. */
interface Source {
  from: string
  seq: string
  where: string[]
  values: (string | number)[]
}

/**
 * The rows of a filter. What is rarest leads: the search's own index, then favourites, then a tag; each answers in the
 * order of creation, so that nothing has to be sorted.
 */
function sourceOf(query: FilterQuery): Source {
  const { match, patterns } = parseSearch(query.search ?? '')
  const source: Source = { from: 'generations g', seq: 'g.seq', where: ['g.removed_at IS NULL'], values: [] }
  const where = (condition: string, ...values: (string | number)[]) => {
    source.where.push(condition)
    source.values.push(...values)
  }
  const noted = [
    ...(query.favourite === true ? [{ table: 'favourites', column: 'account', value: query.reader ?? '' }] : []),
    ...(query.tag === undefined ? [] : [{ table: 'generation_tags', column: 'key', value: tagKey(query.tag) }]),
  ]
  const lead = match === null ? noted.shift() : undefined
  if (match !== null) {
    source.from = 'generation_prompts p CROSS JOIN generations g ON g.seq = p.rowid'
    // The search index must see the bound itself, to start there.
    source.seq = 'p.rowid'
    where('p.prompt MATCH ?', match)
  } else if (lead) {
    source.from = `${lead.table} n CROSS JOIN generations g ON g.seq = n.seq`
    source.seq = 'n.seq'
    where(`n.${lead.column} = ?`, lead.value)
  }
  for (const { table, column, value } of noted)
    where(`EXISTS (SELECT 1 FROM ${table} x WHERE x.${column} = ? AND x.seq = g.seq)`, value)
  for (const pattern of patterns) where("g.prompt LIKE ? ESCAPE '\\'", pattern)
  addPlain(query, source.seq, where)
  return source
}

function addPlain(query: FilterQuery, seq: string, where: (condition: string, ...values: (string | number)[]) => void) {
  if (query.serviceId !== undefined) where('g.service_id = ?', query.serviceId)
  if (query.state !== undefined) where('g.state = ?', query.state)
  if (query.model !== undefined) where('g.model = ?', query.model)
  if (query.sees !== undefined) where('g.account = ?', query.sees)
  if (query.by !== undefined) where('g.account = ?', query.by)
  if (query.show === 'images') where('g.ended = 0')
  if (query.show === 'ended') where('g.ended = 1')
  // Days follow the order of creation but for a clock that was set: the bound of the order is found by the day's index.
  if (query.from !== undefined) {
    where('g.created_at >= ?', query.from)
    where(
      `${seq} >= (SELECT min(seq) FROM generations INDEXED BY generations_by_day WHERE created_at >= ?)`,
      query.from,
    )
  }
  if (query.to !== undefined) {
    where('g.created_at < ?', query.to)
    where(`${seq} <= (SELECT max(seq) FROM generations INDEXED BY generations_by_day WHERE created_at < ?)`, query.to)
  }
}

const valueOf: Partial<Record<GalleryOrder, string>> = { largest: 'g.bytes', longest: 'g.total_ms' }

/** Whether the cursor of an order has a value beside the place. */
export const hasValue = (order: GalleryOrder = 'newest'): boolean => valueOf[order] !== undefined

/** The rows of one page: `seq` and `value` are its place. One more than the limit is asked for: it tells whether there is a next page. */
export function pageSql(query: PageQuery): Sql {
  const { order = 'newest' } = query
  const { from, seq, where, values } = sourceOf(query)
  const value = valueOf[order]
  const after = query.cursor === undefined ? null : decodeCursor(query.cursor, hasValue(order))
  if (after) {
    const isOldest = order === 'oldest'
    where.push(value === undefined ? `${seq} ${isOldest ? '>' : '<'} ?` : `(${value}, g.seq) < (?, ?)`)
    values.push(...(value === undefined || after.value === null ? [after.seq] : [after.value, after.seq]))
  }
  const by = value === undefined ? `${seq} ${order === 'oldest' ? 'ASC' : 'DESC'}` : `${value} DESC, g.seq DESC`
  const sql = `SELECT g.seq, g.account, r.record, ${value ?? 'NULL'} AS value, ${notesOf} FROM ${from}
    CROSS JOIN generation_records r ON r.seq = g.seq
    WHERE ${where.join(' AND ')} ORDER BY ${by} LIMIT ?`
  return { sql, values: [query.reader ?? '', ...values, query.limit + 1] }
}

/** What was noted about a row; its first parameter is whose favourites. */
export const notesOf = `EXISTS (SELECT 1 FROM favourites f WHERE f.account = ? AND f.seq = g.seq) AS favourite,
    (SELECT json_group_array(t.tag) FROM generation_tags t WHERE t.seq = g.seq) AS tags`

/** How many rows a filter has, and what they hold. */
export function totalsSql(query: FilterQuery): Sql {
  const { from, where, values } = sourceOf(query)
  const sql = `SELECT count(*) AS generations, coalesce(sum(g.images), 0) AS images, coalesce(sum(g.bytes), 0) AS bytes
    FROM ${from} WHERE ${where.join(' AND ')}`
  return { sql, values }
}

/** The ids of the rows of a filter, newest first, and no more than `limit`. */
export function idsSql(query: FilterQuery, limit: number): Sql {
  const { from, seq, where, values } = sourceOf(query)
  return {
    sql: `SELECT g.id FROM ${from} WHERE ${where.join(' AND ')} ORDER BY ${seq} DESC LIMIT ?`,
    values: [...values, limit],
  }
}
