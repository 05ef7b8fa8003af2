import { randomUUID } from 'node:crypto'
import type { Key, MadeKey } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Everybody } from './book'
import { fingerprintOf, hashOf, isKey, newKey } from './key'
import { changing, everybodyOf, guest, keyOf, personOf, tellKey, withKeys, type Guest, type Parts } from './parts'
import { isOver, type KeptKey } from './record'

/** So many keys that open something a person may have. */
const mostKeys = 100

export interface NewKey {
  userId: string
  name: string
  services: readonly string[] | null
  expiresAt: number | null
  panel: boolean
}

function keptKey({ keys }: Everybody, id: string): KeptKey {
  const kept = keys.get(id)
  if (!kept) throw new Problem('key.not-found', { id })
  return kept
}

/** A new key of somebody's, and what is kept of it. */
function makeKey(wanted: NewKey, now: number): { key: string; kept: KeptKey } {
  const key = newKey()
  const { userId, name, services, expiresAt, panel } = wanted
  const kept: KeptKey = {
    ...{ id: randomUUID(), userId, name: name.trim(), services: services && [...new Set(services)], panel },
    ...{ hash: hashOf(key), createdAt: now, expiresAt, graceUntil: null, replacedBy: null, endedAt: null },
  }
  return { key, kept }
}

function checkNew(everybody: Everybody, { userId, expiresAt }: NewKey, now: number): void {
  personOf(everybody, userId)
  if (expiresAt !== null && expiresAt <= now) throw new Problem('key.end-past')
  const own = [...everybody.keys.values()].filter((key) => key.userId === userId && !isOver(key, now))
  if (own.length >= mostKeys) throw new Problem('key.too-many', { most: mostKeys })
}

const detailsOf = ({ userId, name, hash }: KeptKey) => ({ account: userId, name, fingerprint: fingerprintOf(hash) })

/** A key made within another change, for whoever is put into the book by it. Throws what `create` throws. */
export function keyWithin(everybody: Everybody, wanted: NewKey, now: number) {
  checkNew(everybody, wanted, now)
  // A user’s never becomes an administrator’s, whatever becomes of the user.
  return makeKey({ ...wanted, panel: wanted.panel && personOf(everybody, wanted.userId).role === 'admin' }, now)
}

/** What keys may, and how they come and go. Whose each may be is looked at by whoever calls. */
export function createKeys(parts: Parts) {
  const { book, audit, now } = parts

  /**
   * Who shows a key, and whether it opens the panel as administrator; null for one that is unknown, ended or past its
   * time, and where the person is suspended or gone.
   */
  const find = (text: string): (Guest & { keyId: string; panel: boolean }) | null =>
    isKey(text) ? opened(book.byHash(hashOf(text))) : null

  const opened = (kept: KeptKey | null): (Guest & { keyId: string; panel: boolean }) | null => {
    if (!kept || isOver(kept, now())) return null
    const person = book.read()?.people.get(kept.userId)
    return person && !person.suspended ? { ...guest(person, kept), keyId: kept.id, panel: kept.panel } : null
  }

  return {
    find,
    /** The same for a key that was shown before, by its id. */
    findById: (id: string): Guest | null => opened(book.read()?.keys.get(id) ?? null),
    /** Every key, or those of one person, newest first. */
    list: (userId: string | null): Key[] => {
      const all = [...everybodyOf(parts).keys.values()].filter((key) => userId === null || key.userId === userId)
      return all.sort((a, b) => b.createdAt - a.createdAt).map((key) => keyOf(parts, key))
    },
    /** Whose a key is; null where there is none. */
    ownerOf: (id: string): string | null => book.read()?.keys.get(id)?.userId ?? null,
    /** Throws `user.not-found`, `key.end-past`, `key.too-many`, `audit.write-failed`. */
    create: (wanted: NewKey, who: string): Promise<MadeKey> =>
      changing(parts, async (everybody) => {
        const { key, kept } = keyWithin(everybody, wanted, now())
        const details = { ...detailsOf(kept), ...(kept.panel && { panel: 'yes' }) }
        await audit.appendFirst({ who, action: 'key.created', target: kept.id, details })
        return { next: withKeys(everybody, [kept]), takesAway: false, answer: { key, kept } }
      }).then(({ key, kept }) => ({ id: kept.id, key, record: tellKey(parts, kept) })),
    /**
     * Makes a key that takes the place of another, which goes on for `graceS` seconds. Throws `key.not-found`,
     * `key.ended`, `audit.write-failed`.
     */
    rotate: (id: string, graceS: number, who: string): Promise<MadeKey> =>
      changing(parts, async (everybody) => {
        const old = keptKey(everybody, id)
        if (isOver(old, now()) || old.replacedBy !== null) throw new Problem('key.ended', { name: old.name })
        const { key, kept } = makeKey(old, now())
        const details = { ...detailsOf(kept), before: fingerprintOf(old.hash), graceS }
        await audit.appendFirst({ who, action: 'key.rotated', target: old.id, details })
        const ends = graceS === 0 ? { endedAt: now() } : { graceUntil: now() + graceS * 1000 }
        const replaced = { ...old, ...ends, replacedBy: kept.id }
        return { next: withKeys(everybody, [replaced, kept]), takesAway: graceS === 0, answer: { key, kept, replaced } }
      }).then(({ key, kept, replaced }) => {
        tellKey(parts, replaced)
        return { id: kept.id, key, record: tellKey(parts, kept) }
      }),
    /** Ends a key now and for good, one in grace too; again changes nothing. Throws `key.not-found`. */
    end: async (id: string, who: string): Promise<Key> => {
      const before = keptKey(everybodyOf(parts), id)
      if (before.endedAt !== null) return keyOf(parts, before)
      const ended = await changing(parts, (everybody) => {
        const answer = { ...keptKey(everybody, id), endedAt: now() }
        return { next: withKeys(everybody, [answer]), takesAway: true, answer }
      })
      await audit.append({ who, action: 'key.ended', target: id, details: detailsOf(ended) })
      return tellKey(parts, ended)
    },
  }
}
