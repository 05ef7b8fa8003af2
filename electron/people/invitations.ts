import { randomBytes } from 'node:crypto'
import { firstAccount, type MadeKey } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { sourceOf } from './attempts'
import type { Everybody } from './book'
import { hashOf } from './key'
import { keyWithin, type NewKey } from './keys'
import { changing, everybodyOf, personOf, tellKey, tellUser, withKeys, withPerson, type Parts } from './parts'
import { checkNewPassword } from './passwords'
import type { Person } from './record'

export interface Acceptance {
  token: string
  password: string
  name?: string | undefined
  /** A first key, if one is wanted. */
  key?: Pick<NewKey, 'name'> | undefined
}

const days = (count: number) => count * 24 * 3600_000

/** Links that let somebody set their password: each works once, until its end, and the newest of a person alone. */
export function createInvitations(parts: Parts, passwordChanged: (account: string) => void) {
  const { audit, attempts, hasher, now } = parts

  const invited = ({ people }: Everybody, token: string): { person: Person; expiresAt: number } => {
    const hash = hashOf(token)
    const person = [...people.values()].find(({ invitation }) => invitation?.hash === hash)
    const expiresAt = person?.invitation?.expiresAt ?? 0
    if (!person || person.suspended || expiresAt <= now()) throw new Problem('invitation.not-good')
    return { person, expiresAt }
  }

  return {
    /**
     * Makes the link of somebody; one that was made before is good no more. Throws `user.not-found`, and
     * `user.owner-password` for the machine's owner, whose password is changed by who knows it.
     */
    create: async (id: string, lastsDays: number, who: string) => {
      const token = randomBytes(32).toString('base64url')
      const expiresAt = now() + days(lastsDays)
      const invitation = { hash: hashOf(token), expiresAt }
      const invitee = await changing(parts, async (everybody) => {
        const person = personOf(everybody, id)
        if (id === firstAccount) throw new Problem('user.owner-password', { id })
        await audit.appendFirst({ who, action: 'user.invited', target: id, details: { days: lastsDays } })
        const answer = { ...person, invitation }
        return { next: withPerson(everybody, answer), takesAway: false, answer }
      })
      return { token, user: tellUser(parts, invitee), expiresAt }
    },
    /** Whose it is. Throws `invitation.not-good`, and `session.too-many` after many wrong ones from an address. */
    look: (token: string, from: string) => {
      const { person, expiresAt } = guarded(from, () => invited(everybodyOf(parts), token))
      return { id: person.id, name: person.name, expiresAt }
    },
    /** Sets the password, and ends the link. Throws what `look` throws, and Problems of a password that may not be set. */
    accept: async (
      { token, password, name, key }: Acceptance,
      { from, who }: { from: string; who: (id: string) => string },
    ) => {
      checkNewPassword(password)
      guarded(from, () => invited(everybodyOf(parts), token))
      const hash = await hasher.hash(password)
      const done = await changing(parts, async (everybody) => {
        const { person: before } = invited(everybody, token)
        const wanted = key && { ...key, userId: before.id, services: null, expiresAt: null, panel: false }
        const made = wanted ? keyWithin(everybody, wanted, now()) : null
        const person = { ...before, password: hash, invitation: null, name: name?.trim() ?? before.name }
        const details = { key: made ? 'yes' : 'no' }
        await audit.appendFirst({ who: who(person.id), action: 'user.joined', target: person.id, details })
        const next = withPerson(everybody, person)
        return { next: made ? withKeys(next, [made.kept]) : next, takesAway: false, answer: { person, made } }
      })
      passwordChanged(done.person.id)
      const first: MadeKey | null = done.made && {
        ...{ id: done.made.kept.id, key: done.made.key, record: tellKey(parts, done.made.kept) },
      }
      return { user: tellUser(parts, done.person), key: first }
    },
  }

  /** Counts what is wrong by where it comes from. What is right is never kept waiting: nobody can guess it. */
  function guarded<T>(from: string, look: () => T): T {
    const login = `secrets ${sourceOf(from)}` as const
    try {
      return look()
    } catch (error) {
      if (error instanceof Problem && error.id === 'invitation.not-good') attempts.begin(login)
      throw error
    }
  }
}
