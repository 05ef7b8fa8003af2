import type { Key, KeyUse, Role, Limits, User } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Audit } from '../audit/audit'
import type { Attempts } from './attempts'
import type { Book, Change, Everybody } from './book'
import { toKey, toUser, type KeptKey, type Person } from './record'

/** Somebody who is let in somewhere: who, with which rights, and by which key. */
export interface Guest {
  account: string
  name: string
  role: Role
  /** Null for who came by a password. */
  keyId: string | null
  /** The services that the key opens; null: all. */
  services: readonly string[] | null
  limits: Limits
}

/** What changed of people and keys, for every page that shows it. */
export type PeopleEvent =
  | { type: 'user'; user: User }
  | { type: 'user-removed'; id: string }
  | { type: 'key'; key: Key }

/** Where it is kept when and by whom each key was last used. */
export interface KeyUses {
  note(keyId: string, use: KeyUse): void
  /** Null where it is not known of any. */
  lastOf(keyId: string): KeyUse | null
  forget(keyId: string): void
}

/** bcrypt, away from the event loop. */
export interface PasswordHasher {
  hash(password: string): Promise<string>
  compare(password: string, hash: string): Promise<boolean>
}

/** What every part of this room stands on. */
export interface Parts {
  file: string
  book: Book
  audit: Pick<Audit, 'append' | 'appendFirst'>
  hasher: PasswordHasher
  attempts: Attempts
  uses: KeyUses
  publish: (event: PeopleEvent) => void
  /** Unix time in ms, never turned back. */
  now: () => number
  /** Keeps how far the time has come, for the next start. Throws the file system's error. */
  noteTime: (at: number) => Promise<void>
  /** When each was seen since the start. */
  seen: Map<string, number>
}

/** Why nobody is let in by a password or a key; null where all is well. */
export function unreadable({ book, file }: Pick<Parts, 'book' | 'file'>): Problem | null {
  if (book.read() !== null) return null
  return book.isUnbegun ? new Problem('access.unreadable') : new Problem('people.unreadable', { file })
}

/** Everybody there is. Throws `people.unreadable`, and `access.unreadable` for what was to become it. */
export function everybodyOf(parts: Pick<Parts, 'book' | 'file'>): Everybody {
  const everybody = parts.book.read()
  if (!everybody) throw unreadable(parts) ?? new Error('nobody was read')
  return everybody
}

/** Changes everybody. Throws `people.unreadable`, and what `make` throws. */
export async function changing<T>(parts: Parts, make: (now: Everybody) => Change<T> | Promise<Change<T>>): Promise<T> {
  everybodyOf(parts)
  return parts.book.change(make)
}

/** Throws `user.not-found`. */
export function personOf({ people }: Everybody, id: string): Person {
  const person = people.get(id)
  if (!person) throw new Problem('user.not-found', { id })
  return person
}

/** The same with some people or keys put in. */
export const withPerson = (everybody: Everybody, person: Person): Everybody => ({
  ...everybody,
  people: new Map(everybody.people).set(person.id, person),
})
export const withKeys = (everybody: Everybody, keys: readonly KeptKey[]): Everybody => ({
  ...everybody,
  keys: new Map([...everybody.keys, ...keys.map((key) => [key.id, key] as const)]),
})

export const guest = ({ id, name, role, limits }: Person, key: KeptKey | null): Guest => ({
  ...{ account: id, name, role, limits },
  keyId: key?.id ?? null,
  services: key?.services ?? null,
})

export const userOf = (parts: Parts, person: Person): User =>
  toUser(person, parts.seen.get(person.id) ?? person.lastSeenAt, parts.now())

export const keyOf = (parts: Parts, key: KeptKey, now = parts.now()): Key => toKey(key, parts.uses.lastOf(key.id), now)

/** Tells of somebody, and answers how they are told of. */
export function tellUser(parts: Parts, person: Person): User {
  const user = userOf(parts, person)
  parts.publish({ type: 'user', user })
  return user
}

/** Tells of a key, and answers how it is told of. */
export function tellKey(parts: Parts, kept: KeptKey): Key {
  const key = keyOf(parts, kept)
  parts.publish({ type: 'key', key })
  return key
}
