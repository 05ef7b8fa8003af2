import { firstAccount, type AccountId } from '../../shared/contract'

/** Who asks for something, and through which door. */
interface Asking {
  account: AccountId | null
  door: 'desktop' | 'http'
  /** The address that the request came from; null on the desktop. */
  from: string | null
}

/** The person at this computer, who has no address. */
const owner = 'owner'
const stranger = 'stranger'

/** How somebody appears in the audit log: who, through which door, and from where. */
export const nameOf = ({ account, door, from }: Asking): string =>
  door === 'desktop' ? owner : `${account ?? stranger} (${[door, from].join(' ').trim()})`

/** The account in such a name; null where it is nobody's: what Regie does by itself, and strangers. */
export function accountIn(who: string): AccountId | null {
  if (who === owner) return firstAccount
  const name = /^([a-z0-9][a-z0-9_-]*) \(http/.exec(who)?.[1] ?? null
  return name === stranger ? null : name
}
