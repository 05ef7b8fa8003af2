import type { VaultImport } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Vault } from '../vault/vault'
import type { CredentialsContext } from './context'
import { secretsOf, type CredentialRecord } from './record'
import { planSinks } from './sinks/plan'

type Outcome = VaultImport['credentials'][number]

/** What an imported record becomes here, beside the others; null where its id is taken. */
async function planned(record: CredentialRecord, around: { dataRoot: string; records: readonly CredentialRecord[] }) {
  const { id, scheme } = record
  if (around.records.some((other) => other.id === id)) return null
  const inputs = record.sinks.map(({ key, requires, ...sink }) => ({
    ...sink,
    ...(key === null ? {} : { key }),
    ...(requires === null ? {} : { requires }),
  }))
  const sinks = await planSinks(inputs, { id, scheme }, around).catch((error: unknown) => {
    if (error instanceof Problem) return error
    throw error
  })
  const outcome: Outcome =
    sinks instanceof Problem ? { id, outcome: 'added-without-sinks', reason: sinks.reason } : { id, outcome: 'added' }
  return {
    record: { ...record, pending: null, lastProof: null, sinks: sinks instanceof Problem ? [] : sinks },
    outcome,
  }
}

/**
 * Adds the credentials of an exported vault, all of them in one write; those whose id is taken stay as they are. Throws
 * `vault.wrong-key`, `vault.key-cost`. Called one at a time.
 */
export async function importVault(
  context: CredentialsContext,
  vault: Pick<Vault<CredentialRecord>, 'readExport'>,
  file: { text: string; passphrase: string; who: string },
): Promise<VaultImport> {
  const before = context.book().all()
  const records = await vault.readExport(file.text, file.passphrase)
  const added: CredentialRecord[] = []
  const credentials: Outcome[] = []
  for (const record of records) {
    const plan = await planned(record, { dataRoot: context.dataRoot, records: [...before, ...added] })
    if (plan) added.push(plan.record)
    credentials.push(plan?.outcome ?? { id: record.id, outcome: 'exists' })
  }
  for (const record of added) for (const secret of secretsOf(record)) context.redactor.learn(secret)
  if (added.length > 0) await context.book().changeSeveral({ add: added, edit: new Map(), remove: [] })
  for (const { id } of added) await context.announce(id)
  const details = { added: added.length }
  await context.audit.append({ who: file.who, action: 'vault.imported', target: '', details })
  return { credentials }
}
