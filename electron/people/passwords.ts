import { randomBytes } from 'node:crypto'
import { Problem } from '../../shared/problems'
import { sourceOf, type Login } from './attempts'
import { changing, everybodyOf, guest, personOf, tellUser, withPerson, type Guest, type Parts } from './parts'
import type { Person } from './record'

const leastCharacters = 8

/** bcrypt reads no more than this and would ignore the rest, so a longer password is refused. */
const mostBytes = 72

/** Whether bcrypt sees all of it. */
const fits = (password: string): boolean => Buffer.byteLength(password) <= mostBytes

/** Throws a Problem for a password that may not be set. */
export function checkNewPassword(password: string): void {
  if (password.length < leastCharacters) throw new Problem('access.password-short', { least: leastCharacters })
  if (!fits(password)) throw new Problem('access.password-long', { most: mostBytes })
}

/** The accounts that every panel has had a password for, each counted as a whole, whoever guesses. */
const isFirst = (account: string): account is 'admin' | 'user' => account === 'admin' || account === 'user'

/** As what a sign-in at an account from an address is counted. */
export function loginsOf(account: string, from: string | null): Login[] {
  const source = sourceOf(from ?? '')
  return isFirst(account) ? [account, `from ${source}`] : [`at ${account} ${source}`, `from ${source}`]
}

/** What becomes of a password: null removes it. */
export interface PasswordChange<By> {
  account: string
  password: string | null
  /** The present one; asked for where `asksCurrent`. */
  current: string | undefined
  asksCurrent: boolean
  /** As what the present password is counted. */
  logins: readonly Login[]
  /** Whose session goes on. */
  by: By
  who: string
}

/** Passwords, and the news that one was changed. */
export function createPasswords<By>(parts: Parts, changed: (account: string, by: By) => void) {
  const { attempts, hasher, audit } = parts
  /** What is compared where there is no password, so that the time tells nobody who there is. */
  let nobodys: Promise<string> | undefined
  const hashOfNobody = () => (nobodys ??= hasher.hash(randomBytes(24).toString('base64url')))

  /** Throws `session.bad-password`, `session.too-many`, `people.unreadable`. */
  const compare = async (account: string, password: string, logins: readonly Login[]): Promise<Person> => {
    for (const login of logins) attempts.check(login)
    for (const login of logins) attempts.begin(login)
    const person = everybodyOf(parts).people.get(account)
    const hash = person?.password ?? null
    // Of the first two everybody is told whether they have a password.
    const compared = hash ?? (isFirst(account) ? null : await hashOfNobody())
    const isSame = compared !== null && fits(password) && (await hasher.compare(password, compared))
    if (!isSame || !person || hash === null) throw new Problem('session.bad-password')
    // What is counted over all accounts is not forgiven for one that is right.
    for (const login of logins) if (!login.startsWith('from ')) attempts.succeed(login)
    return person
  }

  return {
    /** Whether an account has one; also where nobody can tell, so that none is taken for missing. */
    has: (account: string): boolean => {
      const everybody = parts.book.read()
      return everybody === null || (everybody.people.get(account)?.password ?? null) !== null
    },
    compare,
    /** The same for a sign-in. Throws `user.suspended` too, to who knows the password. */
    verify: async (account: string, password: string, from: string): Promise<Guest> => {
      const person = await compare(account, password, loginsOf(account, from))
      if (person.suspended) throw new Problem('user.suspended')
      return guest(person, null)
    },
    /** Throws what `compare` throws, `user.not-found`, and Problems of a password that may not be set. */
    set: async ({ account, password, current, asksCurrent, logins, by, who }: PasswordChange<By>): Promise<void> => {
      if (password !== null) checkNewPassword(password)
      // Before its turn: others do not wait for bcrypt.
      const hash = password === null ? null : await hasher.hash(password)
      // One change at a time: two first passwords at once must not both be the first.
      const after = await changing(parts, async (everybody) => {
        const before = personOf(everybody, account)
        if (asksCurrent && before.password !== null) await compare(account, current ?? '', logins)
        const did = hash === null ? 'removed' : before.password === null ? 'set' : 'changed'
        await audit.append({ who, action: `access.password-${did}`, target: '', details: { role: account } })
        const answer = { ...before, password: hash }
        return { next: withPerson(everybody, answer), takesAway: false, answer }
      })
      changed(account, by)
      tellUser(parts, after)
    },
  }
}
