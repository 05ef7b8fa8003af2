import type { CredentialInput, ServiceKind, TypedSecret } from '../../../../shared/contract'
import { kinds } from '../../../../shared/kinds'

/** A credential that is put into the vault with the form that it is filled in. */
export interface CredentialDraft {
  /** Whether the secret is in use already; else Regie makes one. */
  isOwn: boolean
  username: string
  password: string
  token: string
}

export const emptyDraft: CredentialDraft = { isOwn: true, username: '', password: '', token: '' }

/** Whether an own secret is still to be typed. */
export const lacksSecret = ({ isOwn, password, token }: CredentialDraft): boolean =>
  isOwn && password === '' && token.trim() === ''

/** The values that are typed, to try them; nothing where Regie is to make them. */
export const typedSecret = ({ isOwn, username, password, token }: CredentialDraft): TypedSecret | undefined =>
  isOwn && (password !== '' || token.trim() !== '')
    ? {
        ...(username.trim() !== '' && { username: username.trim() }),
        ...(password !== '' && { password }),
        ...(token.trim() !== '' && { token: token.trim() }),
      }
    : undefined

/** The credential as the vault takes it: what is in use is taken as it is. */
export const toCredential = (id: string, kind: ServiceKind, draft: CredentialDraft): CredentialInput => ({
  ...{ id, scheme: kinds[kind].scheme, sinks: [] },
  ...(draft.username.trim() !== '' && { username: draft.username.trim() }),
  ...typedSecret(draft),
  ...(draft.isOwn && { inUse: true }),
})
