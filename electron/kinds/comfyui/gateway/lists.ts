import { Problem } from '../../../../shared/problems'
import type {
  Eventually,
  GatewayQuestion,
  GatewayWorld,
  Handling,
  OwnAnswer,
  Visitor,
  WholeAnswer,
} from '../../gateway'
import { arrayOf, elementsOf, memberOf, membersOf, objectOf, stringOf } from '../../gateway/spans'
import { annotatedFile, type Belongings } from './belongings'
import { withBareClientIds } from './client-id'
import { idOfItem } from './line'

const maxBytes = 64 * 2 ** 20

export const json = (body: string, status = 200): OwnAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body,
})

/** Changes the text of an answer; one that is not what it should be tells nobody anything. */
const narrowed = (
  visitor: Visitor,
  change: (text: string) => Eventually<string | null>,
  otherwise: string,
): WholeAnswer => ({
  maxBytes,
  read: async (body) => Buffer.from(withBareClientIds(visitor, (await change(body.toString('utf8'))) ?? otherwise)),
})

/** `{queue_running: [item], queue_pending: [item]}`: one's own items. How many there are in all is told by `status`. */
export const narrowQueue = (visitor: Visitor, belongings: Belongings): Handling => ({
  answer: narrowed(
    visitor,
    (text) => {
      const members = membersOf(text)
      if (members === null) return null
      const own = (list: string) =>
        arrayOf((elementsOf(list) ?? []).filter((item) => belongings.owns(visitor, idOfItem(item))))
      return objectOf(members.map(({ key, value }) => ({ key, value: own(value) })))
    },
    '{"queue_running": [], "queue_pending": []}',
  ),
})

/**
 * The number in a query; null where there is none. Throws `gateway.unreadable` for what is none, and for what Python alone
 * reads as one (`1_0`, other digits): what cannot be cut anew is not asked for.
 */
function numberIn(query: URLSearchParams, name: string): number | null {
  const text = query.get(name)
  if (text === null) return null
  if (!/^\s*[+-]?\d{1,9}\s*$/.test(text)) throw new Problem('gateway.unreadable', { why: `${name} is no number` })
  return Number(text)
}

/** So much of the history is read to find somebody's newest entries: each holds a whole workflow. */
const reads = { atLeast: 256, times: 8, atMost: 4_000 }

/** `{id: entry}`, oldest first: one's own entries, and of these as many as were asked for. */
export function narrowHistory({ query, path }: GatewayQuestion, visitor: Visitor, belongings: Belongings): Handling {
  const [most, offset] = [numberIn(query, 'max_items'), numberIn(query, 'offset')]
  const isNewest = offset === null || offset < 0
  const read =
    most === null || !isNewest ? reads.atMost : Math.min(Math.max(most * reads.times, reads.atLeast), reads.atMost)
  return {
    target: `${path}?max_items=${read}`,
    answer: narrowed(
      visitor,
      (text) => {
        const own = membersOf(text)?.filter(({ key }) => belongings.owns(visitor, key))
        if (own === undefined) return null
        for (const { key, value } of own) belongings.noteEntry(key, value)
        if (isNewest) return objectOf(most === null ? own : own.slice(Math.max(own.length - most, 0)))
        return objectOf(own.slice(offset, most === null ? undefined : offset + most))
      },
      '{}',
    ),
  }
}

/** `{id: entry}`, or nothing where it is not one's own: the same as for an id that nobody has. */
export const narrowEntry = (id: string, visitor: Visitor, belongings: Belongings): Handling | OwnAnswer =>
  belongings.owns(visitor, id)
    ? { answer: noting(id, { visitor, belongings, entryOf: (text) => memberOf(membersOf(text) ?? [], id) }) }
    : json('{}')

/** The answer as it is; whose files are in it is noted. */
const noting = (
  id: string,
  {
    visitor,
    belongings,
    entryOf,
  }: { visitor: Visitor; belongings: Belongings; entryOf: (text: string) => string | null },
): WholeAnswer => ({
  maxBytes,
  read(body) {
    const text = body.toString('utf8')
    const entry = entryOf(text)
    if (entry !== null) belongings.noteEntry(id, entry)
    return Buffer.from(withBareClientIds(visitor, text))
  },
})

/** `GET /api/jobs/{id}`. */
export const narrowJob = (id: string, visitor: Visitor, belongings: Belongings): Handling | OwnAnswer =>
  belongings.owns(visitor, id)
    ? { answer: noting(id, { visitor, belongings, entryOf: (text) => text }) }
    : json('{"error": "Job not found"}', 404)

/** Of so many jobs at most the entries are asked for, to know whose their pictures are. */
const mostLooked = 32

/**
 * What is to be shown of jobs is the person's where the entries of the history say so: a preview alone may repeat what a
 * graph says.
 */
async function notePreviews(jobs: readonly string[], { visitor, world, belongings }: Narrowing): Promise<void> {
  const isOwn = (preview: string) => {
    const members = membersOf(preview) ?? []
    const [filename, subfolder, type] = ['filename', 'subfolder', 'type'].map((key) => stringOf(memberOf(members, key)))
    return !filename || belongings.ownsFile(visitor, { filename, subfolder: subfolder ?? '', type: type ?? 'output' })
  }
  const unknown = jobs.flatMap((job) => {
    const members = membersOf(job) ?? []
    const id = stringOf(memberOf(members, 'id'))
    return id === null || isOwn(memberOf(members, 'preview_output') ?? '') || belongings.isRead(id) ? [] : id
  })
  for (const id of unknown.slice(0, mostLooked)) {
    const target = `/history/${encodeURIComponent(id)}`
    const { status, body } = await world.ask({ method: 'GET', target, kind: 'history' })
    const entry = status === 200 ? memberOf(membersOf(body.toString('utf8')) ?? [], id) : null
    if (entry !== null) belongings.noteEntry(id, entry)
  }
}

interface Narrowing {
  visitor: Visitor
  world: GatewayWorld
  belongings: Belongings
}

/** `GET /api/jobs`: one's own, counted and cut anew. */
export function narrowJobs({ query, path }: GatewayQuestion, narrowing: Narrowing): Handling {
  const { visitor, belongings } = narrowing
  const [limit, offset] = [numberIn(query, 'limit'), numberIn(query, 'offset')]
  if (limit !== null && limit <= 0) throw new Problem('gateway.unreadable', { why: 'limit is no positive number' })
  const asked = new URLSearchParams(query)
  for (const name of ['limit', 'offset', 'token']) asked.delete(name)
  const from = Math.max(offset ?? 0, 0)
  return {
    target: asked.size === 0 ? path : `${path}?${asked}`,
    answer: narrowed(
      visitor,
      async (text) => {
        const jobs = elementsOf(memberOf(membersOf(text) ?? [], 'jobs') ?? '')
        if (jobs === null) return null
        const own = jobs.filter((job) => belongings.owns(visitor, stringOf(memberOf(membersOf(job) ?? [], 'id'))))
        const shown = own.slice(from, limit === null ? undefined : from + limit)
        await notePreviews(shown, narrowing)
        const pagination = { offset: from, limit, total: own.length, has_more: from + shown.length < own.length }
        return `{"jobs": ${arrayOf(shown)}, "pagination": ${JSON.stringify(pagination)}}`
      },
      '{"jobs": [], "pagination": {"offset": 0, "limit": null, "total": 0, "has_more": false}}',
    ),
  }
}

/** `/system_stats` without the arguments of the program, which tell paths and may hold secrets. */
export const narrowStats = (visitor: Visitor): Handling => ({
  answer: narrowed(
    visitor,
    (text) => {
      const members = membersOf(text)
      const system = membersOf(memberOf(members ?? [], 'system') ?? '')
      if (members === null || system === null) return null
      // The page joins what is there, so that an empty list stays.
      const bare = objectOf(system.map(({ key, value }) => ({ key, value: key === 'argv' ? '[]' : value })))
      return objectOf(members.map(({ key, value }) => ({ key, value: key === 'system' ? bare : value })))
    },
    '{}',
  ),
})

/** `/internal/files/{type}`: names, or `name [type]`; one's own. */
export const narrowFileNames = (type: string, visitor: Visitor, belongings: Belongings): Handling => ({
  answer: narrowed(
    visitor,
    (text) => {
      const isOwn = (name: string | null) => {
        const file = name === null ? null : annotatedFile({ type, subfolder: '', filename: name })
        return file !== null && belongings.ownsFile(visitor, file)
      }
      const names = elementsOf(text)
      return names === null ? null : arrayOf(names.filter((name) => isOwn(stringOf(name))))
    },
    '[]',
  ),
})
