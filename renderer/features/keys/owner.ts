import type { AccountId, Limits, Role, User } from '../../../shared/contract'

/** Whose keys are shown and made. */
export interface KeyOwner {
  account: AccountId
  name: string
  role: Role
  limits: Limits
  /** Whoever looks: the words then speak to them. */
  isMe: boolean
}

/** A person as the owner of keys. */
export const ownerOf = ({ id, name, role, limits }: User, isMe: boolean): KeyOwner => ({
  ...{ account: id, name, role, limits, isMe },
})
