import { firstAccount, type Limits, type Role, type User } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Everybody } from './book'
import { changing, everybodyOf, personOf, tellUser, userOf, withPerson, type Parts } from './parts'
import { checkNewPassword } from './passwords'
import { noLimits, type Person } from './record'

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

function checkNew({ people, formerIds }: Everybody, id: string): void {
  if (reserved.has(id)) throw new Problem('user.id-reserved', { id })
  if (people.has(id) || formerIds.has(id)) throw new Problem('user.id-taken', { id })
  if (people.size >= mostPeople) throw new Problem('user.too-many', { most: mostPeople })
}

/** What was changed of somebody, for the audit log. */
function detailsOf(before: Person, after: Person) {
  const told = ({ name, role, suspended, limits }: Person) => ({
    ...{ name, role, suspended: suspended ? 'yes' : 'no' },
    ...Object.fromEntries(Object.entries(limits).map(([limit, value]) => [limit, value ?? 'none'])),
  })
  const former = Object.entries(told(before))
  return Object.fromEntries(Object.entries(told(after)).filter(([, value], at) => former[at]?.[1] !== value))
}

/** People, how they come and go. */
export function createPersons(parts: Parts) {
  const { audit, hasher, now } = parts
  return {
    list: (): User[] => [...everybodyOf(parts).people.values()].map((person) => userOf(parts, person)),
    get: (id: string): User => userOf(parts, personOf(everybodyOf(parts), id)),
    /** Null where there is nobody of that id, or nobody can tell. */
    find: (id: string): User | null => {
      const person = parts.book.read()?.people.get(id)
      return person ? userOf(parts, person) : null
    },
    idOf: (text: string): string => {
      const named = text.trim().toLowerCase()
      const all = parts.book.read()?.people
      if (!all || all.has(named)) return named
      const [one, other] = [...all.values()].filter(({ name }) => name.toLowerCase() === named)
      return one && !other ? one.id : named
    },
    /** Throws `user.id-taken`, `user.id-reserved`, `user.too-many`, those of a password, `audit.write-failed`. */
    create: async (wanted: NewPerson, who: string): Promise<User> => {
      checkNew(everybodyOf(parts), wanted.id)
      if (wanted.password !== undefined) checkNewPassword(wanted.password)
      const password = wanted.password === undefined ? null : await hasher.hash(wanted.password)
      const made = await changing(parts, async (everybody) => {
        checkNew(everybody, wanted.id)
        const person = { ...newPerson(wanted, now()), password }
        await audit.appendFirst({ who, action: 'user.created', target: person.id, details: { role: person.role } })
        return { next: withPerson(everybody, person), takesAway: false, answer: person }
      })
      return tellUser(parts, made)
    },
    /** Throws `user.not-found`, `user.owner-stays`, `audit.write-failed` where more would be allowed than before. */
    change: (id: string, change: PersonChange, who: string): Promise<User> =>
      changing(parts, async (everybody) => {
        const before = personOf(everybody, id)
        const after = { ...before, ...change, limits: { ...before.limits, ...change.limits } }
        if (id === firstAccount && (after.suspended || after.role !== 'admin'))
          throw new Problem('user.owner-stays', { id })
        const takesAway =
          (after.suspended && !before.suspended) || (before.role === 'admin' && after.role !== before.role)
        const details = detailsOf(before, after)
        const entry = { who, action: 'user.changed', target: id, details }
        // To take something away waits for no disk; to give does.
        if (Object.keys(details).length > 0) await (takesAway ? audit.append(entry) : audit.appendFirst(entry))
        return { next: withPerson(everybody, after), takesAway, answer: after }
      }).then((person) => tellUser(parts, person)),
    /** Removes somebody with all keys; what they made stays under their id. Throws `user.not-found`, `user.owner-stays`. */
    remove: async (id: string, who: string): Promise<void> => {
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
      await audit.append({ who, action: 'user.removed', target: id })
      parts.publish({ type: 'user-removed', id })
    },
  }
}
