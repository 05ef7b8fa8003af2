import { firstAccount, type AccountId } from '../../shared/contract'

/** Who asks for something, and through which door. */
interface Asking {
  account: AccountId | null
  door: 'desktop' | 'http'
  /** The address that the request came from; null on the desktop. */
  from: string | null
  /** The key that was shown in place of a session, by its id and by what it is called; null without one. */
  shownKey?: { id: string; name: string } | null
}

/** The person at this computer, who has no address. */
const owner = 'owner'
const stranger = 'stranger'

/** How somebody appears in the audit log: who, through which door, from where, and with which key, its id first. */
export function nameOf({ account, door, from, shownKey = null }: Asking): string {
  if (door === 'desktop') return owner
  const who = `${account ?? stranger} (${[door, from].join(' ').trim()})`
  return shownKey ? `${who} with key ${shownKey.id} ${shownKey.name}` : who
}

/** The account in such a name; null where it is nobody's: what Regie does by itself, and strangers. */
export function accountIn(who: string): AccountId | null {
  if (who === owner) return firstAccount
  const name = /^([a-z0-9][a-z0-9_-]*) \(http/.exec(who)?.[1] ?? null
  return name === stranger ? null : name
}
