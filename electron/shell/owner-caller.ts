import type { Owner } from '../access'
import type { Caller } from '../api/context'
import { firstAccount } from '../../shared/contract'

/** Whoever calls through the desktop's door: the person at this computer. There is nobody to sign in. */
export const ownerCaller = (owner: Owner): Caller => ({
  door: 'desktop',
  get role() {
    return owner.role()
  },
  account: firstAccount,
  presence: owner.presence,
  keyId: null,
  shownKey: null,
  from: null,
  session: null,
})
