import type { Service, VaultReference } from '../../../../shared/contract'
import { client } from '../../../api/client'
import { toCredential, type CredentialDraft } from '../connection/credential-draft'
import { freeId, slugOf } from '../slug'
import { changeOf, type EditForm, type Variable } from './edit-form'

/** What is saved beside the service itself: a credential that is made here, and secrets that were typed. */
export interface Unsaved {
  form: EditForm
  draft: CredentialDraft | null
}

interface Saved {
  form: EditForm
  made: Map<number, VaultReference>
}

/**
 * Puts new secrets into the vault, the credential of the service first. `keep` is told of each at once: what fails later
 * is tried again without making it twice.
 */
export async function saveSecrets(
  { id, kind }: Pick<Service, 'id' | 'kind'>,
  { form, draft }: Unsaved,
  keep: (saved: Unsaved) => void,
): Promise<Saved> {
  const taken = (await client.credentials.list()).map((credential) => credential.id)
  let now = form
  if (draft) {
    const credential = await client.credentials.create(toCredential(freeId(id, taken), kind, draft))
    taken.push(credential.id)
    now = { ...now, credentialId: credential.id }
    keep({ form: now, draft: null })
  }
  const made = new Map<number, VaultReference>()
  for (const { key, name, value } of form.env) {
    if (value.type !== 'new') continue
    const wanted = freeId(`${id}-${slugOf(name) || 'secret'}`, taken)
    await client.credentials.create({ id: wanted, scheme: 'token', token: value.secret, inUse: true, sinks: [] })
    taken.push(wanted)
    const reference: VaultReference = { credentialId: wanted, field: 'token' }
    made.set(key, reference)
    const withReference = (one: Variable): Variable =>
      one.key === key ? { ...one, value: { type: 'vault', ...reference } } : one
    now = { ...now, env: now.env.map(withReference) }
    keep({ form: now, draft: null })
  }
  return { form: now, made }
}

/** Saves the changes; where the service must stand still for them, it is stopped before. */
export async function saveService(
  service: Service,
  saved: Saved,
  { stopsFirst }: { stopsFirst: boolean },
): Promise<Service> {
  if (stopsFirst) await client.services.stop({ id: service.id })
  return client.services.update(changeOf(service, saved.form, saved.made))
}
