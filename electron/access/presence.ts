import type { IdentityProof, Role } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Access } from './access'
import type { Login } from './attempts'
import type { Instant } from './clock'

/** For so long after a proof a secret may leave, in ms. */
const proofLastsMs = 5 * 60_000

/** For so long the owner's password opens administrator's actions on the desktop, in ms. */
export const adminLastsMs = 15 * 60_000

/** How somebody showed who they are. A link shows less than a password, where there is one. */
export type ProofKind = 'password' | 'token' | 'link'

/** Whether the person of a session is still there, and how lately they have shown who they are. */
export interface Presence {
  isLocked(): boolean
  /** Throws `access.no-password` when nothing would unlock it. */
  lock(): void
  /** Throws `session.bad-password`, `session.too-many`. */
  unlock(password: string): Promise<void>
  /** Whether a secret may leave now. */
  isProven(): boolean
  /** Throws `session.bad-password`, `session.bad-token`, `session.too-many`. */
  prove(proof: IdentityProof): Promise<void>
  /** Notes that they have just shown it, e.g. by signing in. */
  wasProven(by: ProofKind): void
  /** Somebody is at the keyboard. */
  touch(): void
  /** When the last proof was given; null without one since the lock. */
  readonly provenAt: Instant | null
}

export interface PresenceOptions {
  access: Access
  /** The role whose password locks and unlocks. */
  role: Role
  login: Login
  /** Where the lock is kept, so that a restart does not open it. */
  lock: { read(): boolean; write(isLocked: boolean): void }
  /** Takes a token in place of a password; throws `session.bad-token`. None on the desktop. */
  takeToken?: (token: string) => ProofKind
  /** True on the desktop: without a password the person at this computer is its owner. */
  needsNoProof?: () => boolean
}

export function createPresence(options: PresenceOptions): Presence {
  const { access, role, login, lock, takeToken, needsNoProof = () => false } = options
  const { clock } = access
  let proven: { at: Instant; by: ProofKind } | null = null
  let touchedAt = clock.now()

  const wasProven = (by: ProofKind) => {
    proven = { at: clock.now(), by }
    touchedAt = clock.now()
  }
  const setLocked = () => {
    proven = null
    lock.write(true)
    access.shrank()
  }
  const isLocked = () => {
    if (!access.hasPassword(role)) return false
    if (lock.read()) return true
    const minutes = access.status().autoLockMinutes
    if (minutes === 0 || clock.since(touchedAt) < minutes * 60_000) return false
    setLocked()
    return true
  }
  return {
    isLocked,
    lock() {
      if (!access.hasPassword(role)) throw new Problem('access.no-password')
      setLocked()
    },
    async unlock(password) {
      if (!isLocked()) return
      await access.verify(role, password, login)
      wasProven('password')
      lock.write(false)
    },
    isProven() {
      if (needsNoProof()) return true
      if (!proven || clock.since(proven.at) >= proofLastsMs) return false
      return proven.by !== 'link' || !access.hasPassword(role)
    },
    async prove(proof) {
      if ('password' in proof) {
        await access.verify(role, proof.password, login)
        wasProven('password')
      } else {
        if (!takeToken) throw new Problem('session.bad-token')
        wasProven(takeToken(proof.token))
      }
    },
    wasProven,
    touch() {
      if (!isLocked()) touchedAt = clock.now()
    },
    get provenAt() {
      return proven?.at ?? null
    },
  }
}
