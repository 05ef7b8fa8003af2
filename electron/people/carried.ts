import type { Ended } from '../../shared/contract'
import { textOf, toFile, understood, type Everybody } from './book'
import { mostEnded } from './keys'
import { isOver, type KeptKey, type Person } from './record'

/** A record of an earlier state of the file, and what of it has ended since; null where it is gone. */
interface Carried<T> {
  kept: T | null
  ended: Ended[]
}

/** A person as they were, less what has been taken from them since. */
function carriedPerson(before: Person, now: Everybody, at: number): Carried<Person> {
  const { id, name } = before
  const told = (what: Ended['what']): Ended => ({ what, id, name, person: null })
  if (now.formerIds.has(id)) return { kept: null, ended: [told('person')] }
  const after = now.people.get(id)
  if (!after) return { kept: before, ended: [] }
  const { invitation } = before
  const isOtherLink = invitation !== null && invitation.hash !== after.invitation?.hash
  return {
    kept: {
      ...before,
      suspended: before.suspended || after.suspended,
      role: after.role === 'user' ? 'user' : before.role,
      password: after.password,
      invitation: isOtherLink ? after.invitation : invitation,
    },
    ended: [
      ...(after.suspended && !before.suspended ? [told('suspension')] : []),
      ...(after.role === 'user' && before.role === 'admin' ? [told('role')] : []),
      ...(after.password === before.password ? [] : [told('password')]),
      ...(isOtherLink && invitation.expiresAt > at ? [told('invitation')] : []),
    ],
  }
}

/** A key as it was, ended where it has ended since. */
function carriedKey(before: KeptKey, now: Everybody, at: number): Carried<KeptKey> {
  if (isOver(before, at)) return { kept: before, ended: [] }
  const { id, name, userId } = before
  const told: Ended = { what: 'key', id, name, person: now.people.get(userId)?.name ?? userId }
  const after = now.keys.get(id)
  if (after) {
    if (isOver(after, at)) return { kept: { ...before, endedAt: after.endedAt ?? at }, ended: [told] }
    // Another one took its place: it still ends when it was to.
    return after.graceUntil === before.graceUntil
      ? { kept: before, ended: [] }
      : { kept: { ...before, graceUntil: after.graceUntil }, ended: [told] }
  }
  // Of somebody with very many, those that ended long ago are forgotten.
  const ended = [...now.keys.values()].filter((key) => key.userId === userId && key.endedAt !== null)
  return ended.length < mostEnded ? { kept: before, ended: [] } : { kept: { ...before, endedAt: at }, ended: [told] }
}

/**
 * An earlier state of `people.json` with all that has been ended since, so that nothing of it lets anybody in again: its
 * text, and what that was. Null where one of the two is not understood.
 */
export function withoutEnded(before: Buffer, now: Buffer, at: number): { text: string; ended: Ended[] } | null {
  const [was, is] = [understood(before), understood(now)]
  if (!was || !is) return null
  const people = [...was.people.values()].map((person) => carriedPerson(person, is, at))
  const gone = new Set([...was.people.keys()].filter((id) => is.formerIds.has(id)))
  // Those of somebody who is gone go with them.
  const keys = [...was.keys.values()].filter(({ userId }) => !gone.has(userId)).map((key) => carriedKey(key, is, at))
  const byId = <T extends { id: string }>(all: Carried<T>[]) =>
    new Map(all.flatMap(({ kept }) => (kept === null ? [] : [[kept.id, kept] as const])))
  const formerIds = new Set([...was.formerIds, ...gone])
  return {
    text: textOf(toFile({ people: byId(people), keys: byId(keys), formerIds })),
    ended: [...people, ...keys].flatMap(({ ended }) => ended),
  }
}
