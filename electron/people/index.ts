import type { KeyUse } from '../../shared/contract'
import { reason, type Reason } from '../../shared/problems'
import { createListeners } from '../async/listeners'
import type { Audit } from '../audit/audit'
import type { Attempts } from './attempts'
import { readIfPresent, writeFileAtomic } from '../storage/files'
import { openMark } from '../storage/mark'
import { createBook, type BookFile, type Everybody } from './book'
import { createDue } from './due'
import { createInvitations } from './invitations'
import { createKeys } from './keys'
import { sharedNames } from './names'
import { unreadable, type KeyUses, type Parts, type PasswordHasher, type PeopleEvent } from './parts'
import { createPasswords } from './passwords'
import { createPersons, newPerson } from './persons'
import { createForwardTime, LatestTime, unnoticedMs, type KeptTime } from './time'

export { withoutEnded } from './carried'
export { createAttempts, sourceOf, type Attempts, type Login } from './attempts'
export { isKey, isKeyShaped } from './key'
export type { NewKey } from './keys'
export type { Guest, KeyUses } from './parts'
export { loginsOf } from './passwords'
export { PasswordHash } from './record'

/** Whose session goes on when their password changes; null: nobody's. */
export type Changer = object | null

export interface PeopleOptions {
  /** `people.json`. */
  file: string
  /**
   * The hashes of the two passwords that there were before there were people, for a folder without the file; null where
   * they cannot be read, and then nobody is let in.
   */
  former: () => { admin?: string | undefined; user?: string | undefined } | null
  audit: Pick<Audit, 'append' | 'appendFirst'>
  hasher: PasswordHasher
  attempts: Attempts
  /** Where it is kept when keys were last used; left out: in memory. */
  uses?: KeyUses
  publish?: (event: PeopleEvent) => void
  reportError: (error: unknown) => void
  wall?: () => number
  steady?: () => number
}

export type People = ReturnType<typeof createPeople>

function usesInMemory(): KeyUses {
  const last = new Map<string, Parameters<KeyUses['note']>[1]>()
  return {
    note: (keyId, use) => void last.set(keyId, use),
    lastOf: (keyId) => last.get(keyId) ?? null,
    forget: (keyId) => void last.delete(keyId),
  }
}

/** The two accounts that every panel begins with. */
function firstPeople(former: ReturnType<PeopleOptions['former']>, now: number): Everybody | null {
  if (!former) return null
  const admin = { ...newPerson({ id: 'admin', name: 'Admin', role: 'admin' }, now), password: former.admin ?? null }
  const user = { ...newPerson({ id: 'user', name: 'User', role: 'user' }, now), password: former.user ?? null }
  return { people: new Map([admin, user].map((each) => [each.id, each])), keys: new Map(), formerIds: new Set() }
}

/** Opens the accounts and keys of a panel. Throws the file system's errors. */
export async function openPeople(options: PeopleOptions): Promise<People> {
  const { file } = options
  const content = await readIfPresent(file)
  const mark = openMark(`${file}.clock`, LatestTime)
  const kept: BookFile & KeptTime = {
    ...{ content, write: (text) => writeFileAtomic(file, text) },
    ...{ latest: (await mark.read())?.at ?? 0, note: (at) => mark.write({ at }) },
  }
  const people = createPeople(options, kept)
  await people.begin()
  return people
}

/** What all parts of the room stand on. */
function partsOf(options: PeopleOptions, kept: BookFile & Partial<KeptTime>): Parts {
  const { file, former, audit, hasher, attempts, uses = usesInMemory(), publish = () => undefined } = options
  const now = createForwardTime({ ...options, latest: kept.latest })
  const book = createBook(kept, () => firstPeople(former(), now()))
  return {
    file,
    book,
    audit,
    hasher,
    attempts,
    uses,
    publish,
    now,
    seen: new Map(),
    noteTime: kept.note ?? (() => Promise.resolve()),
  }
}

/** What is told where the machine's clock is behind the time at which the panel ran last; null where it is not. */
function clockTold({ file, wall = Date.now }: PeopleOptions, latest: number): Reason | null {
  const now = wall()
  if (latest - now <= unnoticedMs) return null
  const [told, seen] = [now, latest].map((at) => new Date(at).toISOString())
  return reason('people.clock-behind', { now: told ?? '', seen: seen ?? '', file: `${file}.clock` })
}

/** So many names are told at once. */
const mostNames = 5

function namesTold({ book }: Parts): Reason[] {
  const everybody = book.read()
  const names = everybody ? sharedNames(everybody) : []
  return names.length > 0 ? [reason('people.same-names', { names: names.slice(0, mostNames).join(', ') })] : []
}

/** What others may do with keys. `schedule`: what may have an end sets the clock anew. */
const toldKeys = (keys: ReturnType<typeof createKeys>, schedule: () => void) => ({
  /** Who shows a key; null where it opens nothing. */
  findKey: keys.find,
  /** Who showed a key before; null where it opens nothing any more. */
  guestOfKey: keys.findById,
  keys: keys.list,
  keyOwner: keys.ownerOf,
  keyName: keys.nameOf,
  createKey: (...asked: Parameters<typeof keys.create>) => keys.create(...asked).finally(schedule),
  rotateKey: (...asked: Parameters<typeof keys.rotate>) => keys.rotate(...asked).finally(schedule),
  changeKey: keys.change,
  limitedKey: keys.limited,
  limitedKeysOf: keys.limitedOf,
  endKey: keys.end,
})

const noticesOf = (parts: Parts, clock: Reason | null): Reason[] =>
  [unreadable(parts)?.reason ?? [], namesTold(parts), clock ?? []].flat()

/** The accounts and keys that a file holds. Nothing is written before `begin`. */
export function createPeople(options: PeopleOptions, kept: BookFile & Partial<KeptTime>) {
  const { reportError } = options
  const parts = partsOf(options, kept)
  const { book, uses, seen, now } = parts
  const passwordChanges = createListeners<[account: string, by: Changer]>(reportError)
  const passwords = createPasswords<Changer>(parts, passwordChanges.tell)
  const { find: account, ...persons } = createPersons(parts)
  const keys = createKeys(parts)
  const invitations = createInvitations(parts, (who) => passwordChanges.tell(who, null))
  const due = createDue(parts, reportError)
  const clock = clockTold(options, kept.latest ?? 0)

  const noteSeen = (who: string) => void seen.set(who, now())
  return {
    /** Writes whom a new folder begins with, and ends what has its time behind it. Throws the file system's errors. */
    begin: due.begin,
    /** Whether the file was understood; else every password and key is refused, as `notices` says. */
    isReadable: (): boolean => book.read() !== null,
    notices: () => noticesOf(parts, clock),
    /** Null where there is nobody of an id, or nobody can tell. */
    account,
    ...persons,
    /** The ids of whoever was removed; none where the file is not understood. */
    formerIds: (): ReadonlySet<string> => book.read()?.formerIds ?? new Set(),

    hasPassword: passwords.has,
    /** Throws `session.bad-password`, `session.too-many`, `user.suspended`, `people.unreadable`. */
    verify: passwords.verify,
    /** The same, counted as the caller says, for a person who is known to be let in. */
    comparePassword: async (...asked: Parameters<typeof passwords.compare>): Promise<void> =>
      void (await passwords.compare(...asked)),
    setPassword: passwords.set,
    /** Calls back when a password was set, changed or removed, and by whom. Returns the undo. */
    onPassword: passwordChanges.on,

    invite: invitations.create,
    lookAtInvitation: invitations.look,
    acceptInvitation: invitations.accept,

    ...toldKeys(keys, due.schedule),
    /** Notes that a key was used just now. */
    noteKeyUse(keyId: string, use: Omit<KeyUse, 'at'>): void {
      uses.note(keyId, { at: now(), ...use })
      const owner = keys.ownerOf(keyId)
      if (owner !== null) noteSeen(owner)
    },
    noteSeen,
    /** Calls back when a key ended, or somebody was suspended, removed or demoted. Returns the undo. */
    onShrink: book.onShrink,
    close: due.close,
  }
}
