import {
  firstAccount,
  type AccessStatus,
  type AccountId,
  type AutoLock,
  type PanelEvent,
  type Role,
} from '../../shared/contract'
import { createListeners } from '../async/listeners'
import type { ConfigStore } from '../storage/config'
import type { Audit } from '../audit/audit'
import type { Attempts, Login, People } from '../people'
import { autoLock } from './kept'
import { createClock, type Clock } from './clock'

/** Whose session goes on when the password of its account changes. */
interface Changer {
  wasProven(by: 'password'): void
}

/** What to do to the password of one of the first two accounts; `password` is null to remove it. */
export interface PasswordChange {
  role: Role
  password: string | null
  /** The present admin password; asked for when that is what changes. */
  current?: string | undefined
  /** Which login the present password is counted under. */
  login: Login
  by: Changer | null
  who: string
}

/** A new password of one's own. */
export interface OwnPassword {
  account: AccountId
  password: string
  current: string
  logins: readonly Login[]
  by: Changer | null
  who: string
}

/** Passwords, when sessions lock, and the news that somebody may do less than before. */
export interface Access {
  status(): AccessStatus
  hasPassword(account: AccountId): boolean
  /** Throws `session.bad-password` or `session.too-many`. */
  verify(account: AccountId, password: string, ...logins: Login[]): Promise<void>
  /** Throws what `verify` throws, and Problems of a password that may not be set. */
  setPassword(change: PasswordChange): Promise<AccessStatus>
  /** The same of whoever asks. */
  setOwnPassword(change: OwnPassword): Promise<AccessStatus>
  setAutoLock(minutes: AutoLock, who: string): Promise<AccessStatus>
  readonly people: People
  readonly attempts: Attempts
  readonly clock: Clock
  /** Says that somebody was locked out, signed out or demoted: open streams are looked at again. */
  shrank: () => void
  /** Calls back at each of these. Returns the undo. */
  onShrink: (listener: () => void) => () => void
  /** Calls back when the password of an account was set, changed or removed, and by whom. Returns the undo. */
  onPassword: (listener: (account: AccountId, by: object | null) => void) => () => void
  /** Has `look` called every few seconds while sessions lock by themselves. Returns the undo. */
  onTick: (look: () => void) => () => void
  close(): void
}

export interface AccessOptions {
  /** Keeps when sessions lock. */
  config: ConfigStore
  people: People
  attempts: Attempts
  audit: Pick<Audit, 'append'>
  publish: (event: PanelEvent) => void
  wall?: () => number
  steady?: () => number
  tickMs?: number
}

/** Calls back every so many ms while it is on. */
function createTicks(everyMs: number) {
  const { tell, on } = createListeners<[]>()
  let timer: NodeJS.Timeout | undefined
  return {
    on,
    set(isOn: boolean) {
      clearInterval(timer)
      timer = isOn ? setInterval(() => tell(), everyMs).unref() : undefined
    },
  }
}

export function createAccess(options: AccessOptions): Access {
  const { people, attempts, audit, publish, wall, steady, tickMs = 5_000 } = options
  const lockAfter = autoLock(options.config)
  const shrinking = createListeners<[]>()
  const ticks = createTicks(tickMs)
  const has = (role: Role) => people.hasPassword(role)
  const status = (): AccessStatus => ({
    passwords: { admin: has('admin'), user: has('user') },
    autoLockMinutes: lockAfter.read(),
  })
  const changed = () => {
    const access = status()
    publish({ type: 'access', access })
    return access
  }
  const set = async (change: Parameters<People['setPassword']>[0] & { by: Changer | null }) => {
    await people.setPassword(change)
    // Whoever has just set their own knows it.
    if (change.asksCurrent) change.by?.wasProven('password')
    return changed()
  }
  const forget = [people.onShrink(shrinking.tell), people.onPassword(shrinking.tell)]

  ticks.set(lockAfter.read() > 0)
  return {
    status,
    hasPassword: people.hasPassword,
    verify: (account, password, ...logins) => people.comparePassword(account, password, logins),
    setPassword({ role, login, current, ...change }) {
      const isOwners = role === firstAccount
      return set({ ...change, account: role, current, asksCurrent: isOwners, logins: [login] })
    },
    setOwnPassword: (change) => set({ ...change, asksCurrent: true }),
    async setAutoLock(minutes, who) {
      await audit.append({ who, action: 'access.auto-lock', target: '', details: { minutes } })
      lockAfter.write(minutes)
      ticks.set(minutes > 0)
      return changed()
    },
    people,
    attempts,
    clock: createClock(wall, steady),
    shrank: shrinking.tell,
    onShrink: shrinking.on,
    onPassword: people.onPassword,
    onTick: ticks.on,
    close() {
      for (const undo of forget) undo()
      ticks.set(false)
    },
  }
}
