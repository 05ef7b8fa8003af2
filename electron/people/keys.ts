import { randomUUID } from 'node:crypto'
import type { Key, Limits, MadeKey } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Everybody } from './book'
import { fingerprintOf, hashOf, isKey, newKey } from './key'
import { changing, everybodyOf, guest, keyOf, personOf, tellKey, withKeys, type Guest, type Parts } from './parts'
import { differing, isOver, noLimits, type KeptKey } from './record'

/** So many keys that open something a person may have. */
const mostKeys = 100

export interface NewKey {
  userId: string
  name: string
  services: readonly string[] | null
  expiresAt: number | null
  panel: boolean
  /** What is left out is without limit. */
  limits?: Partial<Limits> | undefined
}

export interface KeyChange {
  name?: string
  /** What is left out stays. */
  limits?: Partial<Limits>
}

/** A key with limits of its own, and the ids of all that are counted as one with it. */
export interface LimitedKey {
  id: string
  name: string
  limits: Limits
  keys: string[]
}

function keptKey({ keys }: Everybody, id: string): KeptKey {
  const kept = keys.get(id)
  if (!kept) throw new Problem('key.not-found', { id })
  return kept
}

/** A new key of somebody's, and what is kept of it. */
function makeKey(wanted: NewKey, now: number): { key: string; kept: KeptKey } {
  const key = newKey()
  const { userId, name, services, expiresAt, panel, limits } = wanted
  const kept: KeptKey = {
    ...{ id: randomUUID(), userId, name: name.trim(), services: services && [...new Set(services)], panel },
    ...{
      limits: { ...noLimits, ...limits },
      hash: hashOf(key),
      createdAt: now,
      expiresAt,
      graceUntil: null,
      replacedBy: null,
      endedAt: null,
    },
  }
  return { key, kept }
}

/** Throws `key.too-many`. */
function checkRoom(everybody: Everybody, userId: string, now: number): void {
  const own = [...everybody.keys.values()].filter((key) => key.userId === userId && !isOver(key, now))
  if (own.length >= mostKeys) throw new Problem('key.too-many', { most: mostKeys })
}

function checkNew(everybody: Everybody, { userId, expiresAt }: NewKey, now: number): void {
  personOf(everybody, userId)
  if (expiresAt !== null && expiresAt <= now) throw new Problem('key.end-past')
  checkRoom(everybody, userId, now)
}

const detailsOf = ({ userId, name, hash }: KeptKey) => ({ account: userId, name, fingerprint: fingerprintOf(hash) })

/** A key made within another change, for whoever is put into the book by it. Throws what `create` throws. */
export function keyWithin(everybody: Everybody, wanted: NewKey, now: number) {
  checkNew(everybody, wanted, now)
  // A user’s never becomes an administrator’s, whatever becomes of the user.
  return makeKey({ ...wanted, panel: wanted.panel && personOf(everybody, wanted.userId).role === 'admin' }, now)
}

/** So many ended keys of a person are still told of, the last ones. */
export const mostEnded = 50

/** The same with keys put in, less those of their person that ended long ago. */
function withNew(everybody: Everybody, keys: readonly KeptKey[]): Everybody {
  const all = withKeys(everybody, keys)
  const owner = keys[0]?.userId
  const ended = [...all.keys.values()].flatMap(({ id, userId, endedAt }) =>
    userId === owner && endedAt !== null ? [{ id, endedAt }] : [],
  )
  const old = new Set(
    ended
      .sort((a, b) => b.endedAt - a.endedAt)
      .slice(mostEnded)
      .map(({ id }) => id),
  )
  return { ...all, keys: new Map([...all.keys].filter(([id]) => !old.has(id))) }
}

async function create(parts: Parts, wanted: NewKey, who: string): Promise<MadeKey> {
  const { key, kept } = await changing(parts, async (everybody) => {
    const made = keyWithin(everybody, wanted, parts.now())
    const details = { ...detailsOf(made.kept), ...(made.kept.panel && { panel: 'yes' }) }
    await parts.audit.appendFirst({ who, action: 'key.created', target: made.kept.id, details })
    return { next: withNew(everybody, [made.kept]), takesAway: false, answer: made }
  })
  return { id: kept.id, key, record: tellKey(parts, kept) }
}

async function rotate(parts: Parts, id: string, graceS: number, who: string): Promise<MadeKey> {
  const { audit, now } = parts
  const { key, kept, replaced } = await changing(parts, async (everybody) => {
    const old = keptKey(everybody, id)
    if (isOver(old, now()) || old.replacedBy !== null) throw new Problem('key.ended', { name: old.name })
    if (graceS > 0) checkRoom(everybody, old.userId, now())
    const made = makeKey(old, now())
    const details = { ...detailsOf(made.kept), before: fingerprintOf(old.hash), graceS }
    await audit.appendFirst({ who, action: 'key.rotated', target: old.id, details })
    const ends = graceS === 0 ? { endedAt: now() } : { graceUntil: now() + graceS * 1000 }
    const answer = { ...made, replaced: { ...old, ...ends, replacedBy: made.kept.id } }
    return { next: withNew(everybody, [answer.replaced, made.kept]), takesAway: graceS === 0, answer }
  })
  tellKey(parts, replaced)
  return { id: kept.id, key, record: tellKey(parts, kept) }
}

async function change(parts: Parts, id: string, { name, limits }: KeyChange, who: string): Promise<Key> {
  const changed = await changing(parts, async (everybody) => {
    const before = keptKey(everybody, id)
    if (isOver(before, parts.now())) throw new Problem('key.ended', { name: before.name })
    const after = { ...before, name: name?.trim() ?? before.name, limits: { ...before.limits, ...limits } }
    const told = ({ name: called, limits: own }: KeptKey) => ({ name: called, ...own })
    const details = differing(told(before), told(after))
    if (Object.keys(details).length > 0)
      await parts.audit.appendFirst({
        ...{ who, action: 'key.changed', target: id },
        details: { account: after.userId, fingerprint: fingerprintOf(after.hash), ...details },
      })
    return { next: withKeys(everybody, [after]), takesAway: false, answer: after }
  })
  return tellKey(parts, changed)
}

/** The ids of a key and of all those that it took the place of or that took its own, one after the other. */
function lineOf({ keys }: Everybody, { id, userId }: KeptKey): string[] {
  const own = [...keys.values()].filter((key) => key.userId === userId)
  const line = new Set([id])
  for (let before = 0; before < line.size;) {
    before = line.size
    for (const { id: old, replacedBy } of own) {
      if (replacedBy !== null && line.has(replacedBy)) line.add(old)
      if (replacedBy !== null && line.has(old)) line.add(replacedBy)
    }
  }
  return [...line]
}

const isLimited = ({ limits }: KeptKey) => Object.values(limits).some((limit) => limit !== null)

/** Null for a key without limits of its own. */
const limitedKey = (everybody: Everybody, kept: KeptKey): LimitedKey | null =>
  isLimited(kept) ? { id: kept.id, name: kept.name, limits: kept.limits, keys: lineOf(everybody, kept) } : null

async function end(parts: Parts, id: string, who: string): Promise<Key> {
  const before = keptKey(everybodyOf(parts), id)
  if (before.endedAt !== null) return keyOf(parts, before)
  const ended = await changing(parts, (everybody) => {
    const answer = { ...keptKey(everybody, id), endedAt: parts.now() }
    return { next: withKeys(everybody, [answer]), takesAway: true, answer }
  })
  await parts.audit.append({ who, action: 'key.ended', target: id, details: detailsOf(ended) })
  return tellKey(parts, ended)
}

/** What keys may, and how they come and go. Whose each may be is looked at by whoever calls. */
export function createKeys(parts: Parts) {
  const { book, now } = parts

  const opened = (kept: KeptKey | null): (Guest & { keyId: string; panel: boolean }) | null => {
    if (!kept || isOver(kept, now())) return null
    const person = book.read()?.people.get(kept.userId)
    return person && !person.suspended ? { ...guest(person, kept), keyId: kept.id, panel: kept.panel } : null
  }

  return {
    /**
     * Who shows a key, and whether it opens the panel as administrator; null for one that is unknown, ended or past its
     * time, and where the person is suspended or gone.
     */
    find: (text: string) => (isKey(text) ? opened(book.byHash(hashOf(text))) : null),
    /** The same for a key that was shown before, by its id. */
    findById: (id: string): Guest | null => opened(book.read()?.keys.get(id) ?? null),
    /** Every key, or those of one person, newest first. */
    list: (userId: string | null): Key[] => {
      const all = [...everybodyOf(parts).keys.values()].filter((key) => userId === null || key.userId === userId)
      const at = now()
      return all.sort((a, b) => b.createdAt - a.createdAt).map((key) => keyOf(parts, key, at))
    },
    /** What limits a key has of its own; null where it has none, or there is no such key. */
    limited: (id: string): LimitedKey | null => {
      const everybody = book.read()
      const kept = everybody?.keys.get(id)
      return everybody && kept ? limitedKey(everybody, kept) : null
    },
    /** The keys of somebody that open something and have limits of their own. */
    limitedOf: (userId: string): LimitedKey[] => {
      const everybody = book.read()
      const own = [...(everybody?.keys.values() ?? [])].filter((key) => key.userId === userId && !isOver(key, now()))
      return everybody ? own.flatMap((key) => limitedKey(everybody, key) ?? []) : []
    },
    /** What a key is called; null where there is none. */
    nameOf: (id: string): string | null => book.read()?.keys.get(id)?.name ?? null,
    /** Whose a key is; null where there is none. */
    ownerOf: (id: string): string | null => book.read()?.keys.get(id)?.userId ?? null,
    /** Throws `user.not-found`, `key.end-past`, `key.too-many`, `audit.write-failed`. */
    create: (wanted: NewKey, who: string) => create(parts, wanted, who),
    /** Throws `key.not-found`, `key.ended`, `audit.write-failed`. */
    change: (id: string, wanted: KeyChange, who: string) => change(parts, id, wanted, who),
    /**
     * Makes a key that takes the place of another, which goes on for `graceS` seconds. Throws `key.not-found`,
     * `key.ended`, `key.too-many`, `audit.write-failed`.
     */
    rotate: (id: string, graceS: number, who: string) => rotate(parts, id, graceS, who),
    /** Ends a key now and for good, one in grace too; again changes nothing. Throws `key.not-found`. */
    end: (id: string, who: string) => end(parts, id, who),
  }
}
