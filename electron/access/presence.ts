import type { AccountId, IdentityProof } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Access } from './access'
import type { Login } from '../people'
import type { Instant } from './clock'

/** For so long after a proof a secret may leave, and what is run and written be changed, in ms. */
const proofLastsMs = 5 * 60_000

/** For so long the owner's password opens administrator's actions on the desktop, in ms. */
export const adminLastsMs = 15 * 60_000

/**
 * How somebody showed who they are. A link, and a click in the desktop's dialog, show less than a password, where there
 * is one.
 */
export type ProofKind = 'password' | 'token' | 'link' | 'dialog'

/** Whether the person of a session is still there, and how lately they have shown who they are. */
export interface Presence {
  isLocked(): boolean
  /** Throws `access.no-password` when nothing would unlock it. */
  lock(): void
  /** Throws `session.bad-password`, `session.too-many`. */
  unlock(password: string): Promise<void>
  /** Whether a secret may leave now, and what is run and written be changed. */
  isProven(): boolean
  /** Throws `session.bad-password`, `session.bad-token`, `session.not-confirmed`, `session.too-many`. */
  prove(proof: IdentityProof): Promise<void>
  /** Notes that they have just shown it, e.g. by signing in. */
  wasProven(by: ProofKind): void
  /** Somebody is at the keyboard. */
  touch(): void
  /** When the last proof that counts was given; null without one since the lock. */
  readonly provenAt: Instant | null
}

export interface PresenceOptions {
  access: Access
  /** The account whose password locks and unlocks. */
  account: AccountId
  /** As what its password is counted. */
  logins: readonly Login[]
  /** Where the lock is kept, so that a restart does not open it. */
  lock: { read(): boolean; write(isLocked: boolean): void }
  /** Takes a token in place of a password; throws `session.bad-token`. None on the desktop. */
  takeToken?: (token: string) => ProofKind
  /** Asks the person at this computer outside of the page; false when they decline. None in a browser. */
  confirm?: (() => Promise<boolean>) | null
  /** Whoever shows the token with each call, as a script does, has nothing more to show. */
  isProvenByEachCall?: boolean
}

/** How and when somebody last showed who they are. */
function createProof(access: Access, account: AccountId) {
  const { clock } = access
  let proven: { at: Instant; by: ProofKind } | null = null
  /** Null also where there is a password by now and it was something less. */
  const last = () => {
    const isLess = proven?.by === 'link' || proven?.by === 'dialog'
    return isLess && access.hasPassword(account) ? null : proven
  }
  return {
    last,
    note: (by: ProofKind) => void (proven = { at: clock.now(), by }),
    forget: () => void (proven = null),
    /** Whether it still counts. */
    isFresh() {
      const proof = last()
      return proof !== null && clock.since(proof.at) < proofLastsMs
    },
  }
}

export function createPresence(options: PresenceOptions): Presence {
  const { access, account, logins, lock, takeToken, confirm = null, isProvenByEachCall = false } = options
  const { clock } = access
  const proof = createProof(access, account)
  let touchedAt = clock.now()

  const wasProven = (by: ProofKind) => {
    proof.note(by)
    touchedAt = clock.now()
  }
  const confirmed = async () => {
    // Where there is a password, somebody at the keyboard who does not know it is not its owner.
    const isYes = confirm !== null && !access.hasPassword(account) && (await confirm())
    if (!isYes) throw new Problem('session.not-confirmed')
    wasProven('dialog')
  }
  const setLocked = () => {
    proof.forget()
    lock.write(true)
    access.shrank()
  }
  const isLocked = () => {
    if (!access.hasPassword(account)) return false
    if (lock.read()) return true
    const minutes = access.status().autoLockMinutes
    if (minutes === 0 || clock.since(touchedAt) < minutes * 60_000) return false
    setLocked()
    return true
  }
  return {
    isLocked,
    lock() {
      if (!access.hasPassword(account)) throw new Problem('access.no-password')
      setLocked()
    },
    async unlock(password) {
      if (!isLocked()) return
      await access.verify(account, password, ...logins)
      wasProven('password')
      lock.write(false)
    },
    isProven: () => isProvenByEachCall || proof.isFresh(),
    async prove(given) {
      if ('password' in given) {
        await access.verify(account, given.password, ...logins)
        wasProven('password')
      } else if ('confirm' in given) {
        await confirmed()
      } else if (!takeToken) throw new Problem('session.bad-token')
      else wasProven(takeToken(given.token))
    },
    wasProven,
    touch() {
      if (!isLocked()) touchedAt = clock.now()
    },
    get provenAt() {
      return proof.last()?.at ?? null
    },
  }
}

/** Of whoever comes with a key: it is never locked, and shows nothing but that somebody has it. */
export const keyPresence: Presence = {
  isLocked: () => false,
  lock() {
    throw new Problem('key.no-proof')
  },
  unlock: () => Promise.reject(new Problem('key.no-proof')),
  isProven: () => false,
  prove: () => Promise.reject(new Problem('key.no-proof')),
  wasProven: () => undefined,
  touch: () => undefined,
  provenAt: null,
}
