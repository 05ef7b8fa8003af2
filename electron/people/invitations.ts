import { randomBytes } from 'node:crypto'
import { firstAccount, type MadeKey } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { sourceOf } from './attempts'
import type { Everybody } from './book'
import { hashOf } from './key'
import { keyWithin, type NewKey } from './keys'
import { changing, everybodyOf, personOf, tellKey, tellUser, withKeys, withPerson, type Parts } from './parts'
import { checkName } from './names'
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

/** Who is invited by a link. Throws `invitation.not-good`. */
function invited({ people }: Everybody, token: string, now: number): { person: Person; expiresAt: number } {
  const hash = hashOf(token)
  const person = [...people.values()].find(({ invitation }) => invitation?.hash === hash)
  const expiresAt = person?.invitation?.expiresAt ?? 0
  if (!person || person.suspended || expiresAt <= now) throw new Problem('invitation.not-good')
  return { person, expiresAt }
}

/** The same, counting what is wrong by where it comes from. What is right never waits: nobody can guess it. */
function guarded(parts: Parts, token: string, from: string): ReturnType<typeof invited> {
  try {
    return invited(everybodyOf(parts), token, parts.now())
  } catch (error) {
    if (error instanceof Problem && error.id === 'invitation.not-good')
      parts.attempts.begin(`secrets ${sourceOf(from)}`)
    throw error
  }
}

async function create(parts: Parts, id: string, lastsDays: number, who: string) {
  const token = randomBytes(32).toString('base64url')
  const expiresAt = parts.now() + days(lastsDays)
  const invitation = { hash: hashOf(token), expiresAt }
  const invitee = await changing(parts, async (everybody) => {
    const person = personOf(everybody, id)
    if (id === firstAccount) throw new Problem('user.owner-password', { id })
    await parts.audit.appendFirst({ who, action: 'user.invited', target: id, details: { days: lastsDays } })
    const answer = { ...person, invitation }
    return { next: withPerson(everybody, answer), takesAway: false, answer }
  })
  return { token, user: tellUser(parts, invitee), expiresAt }
}

/** Puts the password in the place of the link, with a first key where one is wanted. */
function join(parts: Parts, { token, name, key }: Acceptance, hash: string, who: (id: string) => string) {
  const { audit, now } = parts
  return changing(parts, async (everybody) => {
    const { person: before } = invited(everybody, token, now())
    const wanted = key && { ...key, userId: before.id, services: null, expiresAt: null, panel: false }
    const made = wanted ? keyWithin(everybody, wanted, now()) : null
    const person = { ...before, password: hash, invitation: null, name: name?.trim() ?? before.name }
    checkName(everybody, person, before)
    const details = { key: made ? 'yes' : 'no' }
    await audit.appendFirst({ who: who(person.id), action: 'user.joined', target: person.id, details })
    const next = withPerson(everybody, person)
    return { next: made ? withKeys(next, [made.kept]) : next, takesAway: false, answer: { person, made } }
  })
}

/** Links that let somebody set their password: each works once, until its end, and the newest of a person alone. */
export function createInvitations(parts: Parts, passwordChanged: (account: string) => void) {
  return {
    /**
     * Makes the link of somebody; one that was made before is good no more. Throws `user.not-found`, and
     * `user.owner-password` for the machine's owner, whose password is changed by who knows it.
     */
    create: (id: string, lastsDays: number, who: string) => create(parts, id, lastsDays, who),
    /** Whose it is. Throws `invitation.not-good`, and `session.too-many` after many wrong ones from an address. */
    look: (token: string, from: string) => {
      const { person, expiresAt } = guarded(parts, token, from)
      return { id: person.id, name: person.name, expiresAt }
    },
    /** Sets the password, and ends the link. Throws what `look` throws, `user.name-taken`, and Problems of a password that may not be set. */
    accept: async (given: Acceptance, { from, who }: { from: string; who: (id: string) => string }) => {
      checkNewPassword(given.password)
      guarded(parts, given.token, from)
      const { person, made } = await join(parts, given, await parts.hasher.hash(given.password), who)
      passwordChanged(person.id)
      const key: MadeKey | null = made && { id: made.kept.id, key: made.key, record: tellKey(parts, made.kept) }
      return { user: tellUser(parts, person), key }
    },
  }
}
