import { Buffer } from 'node:buffer'
import { parseJson } from '../json'
import { readingOf, type ReadingName } from './readings'

/** What was picked out of an answer, or why nothing was. */
export type Picked =
  | { ok: true; value: unknown }
  | { ok: false; why: 'no-json' }
  /** It is JSON of another shape. */
  | { ok: false; why: 'other'; detail: string }
  /** More is wanted of it than anybody can use. */
  | { ok: false; why: 'too-much' }

/** The most that is picked of one answer, in texts and values, and in characters. */
const mostValues = 50_000
const mostCharacters = 2 ** 20
/** Longer texts are left out whole: a piece of one may end with half of a secret. */
const longestText = 16_384

/** Reads an answer. Takes time in proportion to it; what comes out is small, whatever came in. */
export function pick(name: ReadingName, bytes: Uint8Array): Picked {
  const json = parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  if (json === undefined) return { ok: false, why: 'no-json' }
  const { schema, picture } = readingOf(name)
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const detail = issue ? `${issue.path.join('.').slice(0, 200)}: ${issue.message.slice(0, 200)}` : 'unreadable'
    return { ok: false, why: 'other', detail }
  }
  const room = { values: mostValues, characters: mostCharacters }
  const value = tidied(parsed.data, picture, room)
  return room.values < 0 || room.characters < 0 ? { ok: false, why: 'too-much' } : { ok: true, value }
}

interface Room {
  values: number
  characters: number
}

/** A copy without texts that are too long; ends early where there is more than the room. */
function tidied(value: unknown, picture: string | undefined, room: Room): unknown {
  room.values -= 1
  if (room.values < 0 || room.characters < 0) return null
  if (typeof value === 'string') {
    if (value.length > longestText) return ''
    room.characters -= value.length
    return value
  }
  if (Array.isArray(value)) return value.map((item) => tidied(item, picture, room))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => {
      room.characters -= key.length
      return [key, key === picture && typeof item === 'string' ? item : tidied(item, picture, room)]
    }),
  )
}
