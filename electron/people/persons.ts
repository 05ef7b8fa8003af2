import { firstAccount, type Limits, type Role, type User } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Everybody } from './book'
import { changing, everybodyOf, guest, personOf, tellUser, userOf, withPerson, type Guest, type Parts } from './parts'
import { checkName, personCalled } from './names'
import { checkNewPassword } from './passwords'
import { differing, noLimits, type Person } from './record'

const mostPeople = 5000

/** How others than people are called in the audit log and the addresses of the API. */
const reserved = new Set(['owner', 'stranger', 'regie', 'me'])

export interface NewPerson {
  id: string
  name: string
  role: Role
  password?: string | undefined
  /** What is left out is without limit. */
  limits?: Partial<Limits> | undefined
}

export interface PersonChange {
  name?: string
  role?: Role
  suspended?: boolean
  /** What is left out stays. */
  limits?: Partial<Limits>
}

/** Somebody new, without password. */
export const newPerson = ({ id, name, role, limits }: NewPerson, createdAt: number): Person => ({
  ...{ id, name, role, createdAt, limits: { ...noLimits, ...limits } },
  ...{ suspended: false, password: null, lastSeenAt: null, invitation: null },
})

function checkNew(everybody: Everybody, { id, name }: Pick<NewPerson, 'id' | 'name'>): void {
  const { people, formerIds } = everybody
  if (reserved.has(id)) throw new Problem('user.id-reserved', { id })
  if (people.has(id) || formerIds.has(id)) throw new Problem('user.id-taken', { id })
  if (people.size >= mostPeople) throw new Problem('user.too-many', { most: mostPeople })
  checkName(everybody, { id, name }, null)
}

/** What was changed of somebody, for the audit log. */
function detailsOf(before: Person, after: Person) {
  const told = ({ name, role, suspended, limits }: Person) => ({
    ...{ name, role, suspended: suspended ? 'yes' : 'no', ...limits },
  })
  return differing(told(before), told(after))
}

async function create(parts: Parts, wanted: NewPerson, who: string): Promise<User> {
  const { audit, hasher, now } = parts
  checkNew(everybodyOf(parts), wanted)
  if (wanted.password !== undefined) checkNewPassword(wanted.password)
  const password = wanted.password === undefined ? null : await hasher.hash(wanted.password)
  const made = await changing(parts, async (everybody) => {
    checkNew(everybody, wanted)
    const person = { ...newPerson(wanted, now()), password }
    await audit.appendFirst({ who, action: 'user.created', target: person.id, details: { role: person.role } })
    return { next: withPerson(everybody, person), takesAway: false, answer: person }
  })
  return tellUser(parts, made)
}

async function change(parts: Parts, id: string, wanted: PersonChange, who: string): Promise<User> {
  const { audit } = parts
  const changed = await changing(parts, async (everybody) => {
    const before = personOf(everybody, id)
    const after = { ...before, ...wanted, limits: { ...before.limits, ...wanted.limits } }
    if (id === firstAccount && (after.suspended || after.role !== 'admin'))
      throw new Problem('user.owner-stays', { id })
    checkName(everybody, after, before)
    const takesAway = (after.suspended && !before.suspended) || (before.role === 'admin' && after.role !== before.role)
    const details = detailsOf(before, after)
    const entry = { who, action: 'user.changed', target: id, details }
    // To take something away waits for no disk; to give does.
    if (Object.keys(details).length > 0) await (takesAway ? audit.append(entry) : audit.appendFirst(entry))
    return { next: withPerson(everybody, after), takesAway, answer: after }
  })
  return tellUser(parts, changed)
}

async function remove(parts: Parts, id: string, who: string): Promise<void> {
  const gone = await changing(parts, (everybody) => {
    personOf(everybody, id)
    if (id === firstAccount) throw new Problem('user.owner-stays', { id })
    const people = new Map(everybody.people)
    people.delete(id)
    const keys = new Map([...everybody.keys].filter(([, { userId }]) => userId !== id))
    const next = { people, keys, formerIds: new Set([...everybody.formerIds, id]) }
    return { next, takesAway: true, answer: [...everybody.keys.keys()].filter((key) => !keys.has(key)) }
  })
  parts.seen.delete(id)
  for (const key of gone) parts.uses.forget(key)
  await parts.audit.append({ who, action: 'user.removed', target: id })
  parts.publish({ type: 'user-removed', id })
}

/** People, how they come and go. */
export function createPersons(parts: Parts) {
  return {
    /** Everybody. Throws `people.unreadable`. */
    list: (): User[] => [...everybodyOf(parts).people.values()].map((person) => userOf(parts, person)),
    /** The same of one. Throws `user.not-found` too. */
    get: (id: string): User => userOf(parts, personOf(everybodyOf(parts), id)),
    /** Null where there is nobody of that id, or nobody can tell. */
    find: (id: string): User | null => {
      const person = parts.book.read()?.people.get(id)
      return person ? userOf(parts, person) : null
    },
    /** Whose the id or, where one person alone has it, the name is; what is nobody’s comes back as it is. */
    idOf: (text: string): string => {
      const everybody = parts.book.read()
      return (everybody && personCalled(everybody, text)) ?? text.trim().toLowerCase()
    },
    /** Throws `user.id-taken`, `user.name-taken`, `user.id-reserved`, `user.too-many`, those of a password, `audit.write-failed`. */
    create: (wanted: NewPerson, who: string) => create(parts, wanted, who),
    /** Throws `user.not-found`, `user.name-taken`, `user.owner-stays`, `audit.write-failed` where more would be allowed than before. */
    change: (id: string, wanted: PersonChange, who: string) => change(parts, id, wanted, who),
    /** Removes somebody with all keys; what they made stays under their id. Throws `user.not-found`, `user.owner-stays`. */
    remove: (id: string, who: string) => remove(parts, id, who),
    /** What somebody may now; null where they are suspended or gone. */
    guestOf: (id: string): Guest | null => {
      const person = parts.book.read()?.people.get(id)
      return person && !person.suspended ? guest(person, null) : null
    },
    /** With which rights somebody is let in; the machine’s owner always as administrator. Null: not at all. */
    roleOf: (id: string): Role | null => {
      if (id === firstAccount) return 'admin'
      const person = parts.book.read()?.people.get(id)
      return person && !person.suspended ? person.role : null
    },
  }
}
