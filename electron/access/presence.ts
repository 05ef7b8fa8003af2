import type { IdentityProof, Role } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Access } from './access'
import type { Login } from './attempts'
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
  /** The role whose password locks and unlocks. */
  role: Role
  login: Login
  /** Where the lock is kept, so that a restart does not open it. */
  lock: { read(): boolean; write(isLocked: boolean): void }
  /** Takes a token in place of a password; throws `session.bad-token`. None on the desktop. */
  takeToken?: (token: string) => ProofKind
  /** Asks the person at this computer outside of the page; false when they decline. None in a browser. */
  confirm?: (() => Promise<boolean>) | null
  /** Whoever shows the token with each call, as a script does, has nothing more to show. */
  isProvenByEachCall?: boolean
}

export function createPresence(options: PresenceOptions): Presence {
  const { access, role, login, lock, takeToken, confirm = null, isProvenByEachCall = false } = options
  const { clock } = access
  let proven: { at: Instant; by: ProofKind } | null = null
  let touchedAt = clock.now()

  const wasProven = (by: ProofKind) => {
    proven = { at: clock.now(), by }
    touchedAt = clock.now()
  }
  /** The last proof, unless there is a password by now and it was something less. */
  const lastProof = () => {
    const isLess = proven?.by === 'link' || proven?.by === 'dialog'
    return isLess && access.hasPassword(role) ? null : proven
  }
  const confirmed = async () => {
    // Where there is a password, somebody at the keyboard who does not know it is not its owner.
    const isYes = confirm !== null && !access.hasPassword(role) && (await confirm())
    if (!isYes) throw new Problem('session.not-confirmed')
    wasProven('dialog')
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
      if (isProvenByEachCall) return true
      const last = lastProof()
      return last !== null && clock.since(last.at) < proofLastsMs
    },
    async prove(proof) {
      if ('password' in proof) {
        await access.verify(role, proof.password, login)
        wasProven('password')
      } else if ('confirm' in proof) {
        await confirmed()
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
      return lastProof()?.at ?? null
    },
  }
}
