import { firstAccount, type Role } from '../../shared/contract'
import type { ConfigStore } from '../storage/config'
import type { Access } from './access'
import { adminLastsMs, createPresence, type Presence } from './presence'

/** The person at this computer. There is nobody to sign in: they own it. */
export interface Owner {
  /** Administrator, unless there is an admin password that was not given within the last 15 minutes. */
  role(): Role
  /** Whether administrator's actions wait for the password. */
  isOnDemand(): boolean
  /** Until when they do not, in Unix ms; null when no password asks. */
  adminUntil(): number | null
  readonly presence: Presence
}

export interface OwnerOptions {
  access: Access
  /** Keeps whether the desktop was left locked. */
  store: ConfigStore
  /** Asks them in a dialog that no page can answer; null where there is no desktop. */
  confirm: (() => Promise<boolean>) | null
}

export function createOwner({ access, store, confirm }: OwnerOptions): Owner {
  const presence = createPresence({
    access,
    account: firstAccount,
    logins: ['desktop'],
    lock: {
      read: () => store.get('desktopLocked') === true,
      write: (isLocked) => store.set('desktopLocked', isLocked),
    },
    confirm,
  })
  const leftMs = () => (presence.provenAt ? adminLastsMs - access.clock.since(presence.provenAt) : 0)
  const isOnDemand = () => access.hasPassword(firstAccount) && leftMs() <= 0
  access.onTick(() => void presence.isLocked())
  return {
    role: () => (isOnDemand() ? 'user' : 'admin'),
    isOnDemand,
    adminUntil: () =>
      access.hasPassword(firstAccount) && leftMs() > 0 ? Math.round(access.clock.now().wall + leftMs()) : null,
    presence,
  }
}
