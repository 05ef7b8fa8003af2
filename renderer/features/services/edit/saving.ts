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

/** What says nothing of how a service runs is arranged: no fresh proof is asked for it. */
async function send(change: ReturnType<typeof changeOf>): Promise<Service> {
  const { id, revision, name, tags, order, ...others } = change
  if (Object.keys(others).length > 0) return client.services.update(change)
  const [after] = await client.services.arrange({ changes: [{ id, revision, name, tags, order }] })
  if (!after) throw new Error('an arranged service was not answered')
  return after
}

interface SavingOptions {
  /** The service must stand still for the changes: it is stopped before. */
  stopsFirst: boolean
  /** It was stopped, and the changes could not be saved. */
  onStoppedInVain: () => void
}

/** Saves the changes. */
export async function saveService(
  service: Service,
  saved: Saved,
  { stopsFirst, onStoppedInVain }: SavingOptions,
): Promise<Service> {
  const change = changeOf(service, saved.form, saved.made)
  if (!stopsFirst) return send(change)
  // A proof that is not given, and what somebody has changed meanwhile, are met before anything is stopped.
  const { id, revision } = change
  await client.services.update({ id, revision })
  await client.services.stop({ id })
  return send(change).catch((failure: unknown) => {
    onStoppedInVain()
    throw failure
  })
}
