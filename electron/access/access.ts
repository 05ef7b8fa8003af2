import type { AccessStatus, AutoLock, PanelEvent, Role } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { createListeners } from '../async/listeners'
import { createSerial } from '../async/serial'
import type { ConfigStore } from '../storage/config'
import type { Audit } from '../audit/audit'
import type { Hasher } from '../credentials/hasher'
import { createAttempts, type Attempts, type Login } from '../people'
import { accessEntry, checkNewPassword, fits, type StoredAccess } from './passwords'
import { createClock, type Clock } from './clock'

/** Whose session goes on when the password of its role changes. */
interface Changer {
  wasProven(by: 'password'): void
}

/** What to do to the password of a role; `password` is null to remove it. */
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

/** Passwords of the roles, and the news that somebody may do less than before. */
export interface Access {
  status(): AccessStatus
  hasPassword(role: Role): boolean
  /** Throws `session.bad-password` or `session.too-many`. */
  verify(role: Role, password: string, login: Login): Promise<void>
  /** Throws what `verify` throws, and Problems of a password that may not be set. */
  setPassword(change: PasswordChange): Promise<AccessStatus>
  setAutoLock(minutes: AutoLock, who: string): Promise<AccessStatus>
  readonly attempts: Attempts
  readonly clock: Clock
  /** Says that somebody was locked out, signed out or demoted: open streams are looked at again. */
  shrank: () => void
  /** Calls back at each of these. Returns the undo. */
  onShrink: (listener: () => void) => () => void
  /** Calls back when the password of a role was set, changed or removed, and by whom. Returns the undo. */
  onPassword: (listener: (role: Role, by: Changer | null) => void) => () => void
  /** Has `look` called every few seconds while sessions lock by themselves. Returns the undo. */
  onTick: (look: () => void) => () => void
  close(): void
}

export interface AccessOptions {
  /** Keeps the hashes. */
  config: ConfigStore
  /** Keeps the failed attempts. */
  store: ConfigStore
  hasher: Hasher
  audit: Audit
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

/** What the configuration keeps of access; `wrote` is told of each change. */
function createKept(config: ConfigStore, wrote: (access: AccessStatus) => void) {
  const entry = accessEntry(config)
  const stored = (): StoredAccess => {
    const read = entry.read()
    if (!read) throw new Problem('access.unreadable')
    return read
  }
  const hasPassword = (role: Role) => {
    const read = entry.read()
    return read === null || read.passwords[role] !== undefined
  }
  const status = (): AccessStatus => ({
    passwords: { admin: hasPassword('admin'), user: hasPassword('user') },
    autoLockMinutes: entry.read()?.autoLockMinutes ?? 0,
  })
  const write = (change: Partial<StoredAccess>) => {
    entry.write({ ...stored(), ...change })
    const access = status()
    wrote(access)
    return access
  }
  return { stored, hasPassword, status, write }
}

export function createAccess(options: AccessOptions): Access {
  const { hasher, audit, publish, store, wall, steady, tickMs = 5_000 } = options
  const attempts = createAttempts({ store, ...(wall && { wall }), ...(steady && { steady }) })
  const shrinking = createListeners<[]>()
  const passwords = createListeners<[Role, Changer | null]>()
  const ticks = createTicks(tickMs)
  /** One at a time: two first passwords at once must not both be the first. */
  const inTurn = createSerial()
  const { stored, hasPassword, status, write } = createKept(options.config, (access) => {
    ticks.set(access.autoLockMinutes > 0)
    publish({ type: 'access', access })
  })

  const verify = async (role: Role, password: string, login: Login) => {
    attempts.begin(login)
    const hash = stored().passwords[role]
    const isRight = hash !== undefined && fits(password) && (await hasher.compare(password, hash))
    if (!isRight) throw new Problem('session.bad-password')
    attempts.succeed(login)
  }

  const change = async ({ role, password, current, login, by, who }: PasswordChange) => {
    if (password !== null) checkNewPassword(password)
    if (role === 'admin' && hasPassword('admin')) await verify('admin', current ?? '', login)
    const hash = password === null ? undefined : await hasher.hash(password)
    const { [role]: before, ...others } = stored().passwords
    const did = hash === undefined ? 'removed' : before === undefined ? 'set' : 'changed'
    await audit.append({ who, action: `access.password-${did}`, target: '', details: { role } })
    const after = write({ passwords: { ...others, ...(hash === undefined ? {} : { [role]: hash }) } })
    // Whoever has just set it knows it.
    if (role === 'admin') by?.wasProven('password')
    passwords.tell(role, by)
    shrinking.tell()
    return after
  }

  ticks.set(status().autoLockMinutes > 0)
  return {
    status,
    hasPassword,
    verify,
    setPassword: (wanted) => inTurn(() => change(wanted)),
    async setAutoLock(minutes, who) {
      await audit.append({ who, action: 'access.auto-lock', target: '', details: { minutes } })
      return write({ autoLockMinutes: minutes })
    },
    attempts,
    clock: createClock(wall, steady),
    shrank: shrinking.tell,
    onShrink: shrinking.on,
    onPassword: passwords.on,
    onTick: ticks.on,
    close: () => ticks.set(false),
  }
}
