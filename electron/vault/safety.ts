import type { VaultBackup, VaultImport, VaultStatus } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Backups } from './backups'
import type { VaultContext } from '../credentials/context'
import { passphraseKeeper, type KeyKeeper } from './keepers'
import { secretsOf, type CredentialRecord } from '../credentials/record'
import type { Renewal } from './renewal'
import { planSinks } from '../credentials/sinks/plan'
import { parseVaultFile, recordsIn } from './vault-file'

/** What keeps a vault from being lost: copies, an export, and another keeper for its key. */
export interface Safety {
  backups(): Promise<VaultBackup[]>
  /**
   * Takes the vault back to a backup; how it stood before becomes a backup itself. A vault that cannot be read needs
   * the passphrase of the time where a passphrase kept its key. Throws `vault.no-backup`, `vault.wrong-key`.
   */
  restoreBackup(from: { id: string; passphrase?: string | undefined; who: string }): Promise<VaultStatus>
  /** The whole vault as a file that only this passphrase opens, under a data key that opens nothing else. */
  exportWith(passphrase: string, who: string): Promise<string>
  /**
   * Adds the credentials of an exported vault, all of them in one write; those whose id is taken stay as they are.
   * Throws `vault.wrong-key`, `vault.key-cost`.
   */
  importFrom(file: { text: string; passphrase: string; who: string }): Promise<VaultImport>
  /**
   * Gives the vault a new key, and that to another keeper: a new passphrase, or with null the one that this panel was started with
   * (the keychain, on the desktop). With the former keeper nothing of the vault opens any more, its backups neither.
   * `current` is asked where a passphrase keeps it now. Throws `vault.wrong-key`, `vault.aside-needs-key`.
   */
  changeKeeper(to: { passphrase: string | null; current?: string | undefined; who: string }): Promise<VaultStatus>
  /**
   * Takes the vault as it lies, where that is not as it should be: an older state, or none at all. Throws
   * `vault.nothing-to-accept`.
   */
  accept(who: string): Promise<VaultStatus>
  /** Resolves when the last backup is on disk. */
  settle(): Promise<void>
}

interface SafetyOptions {
  context: VaultContext
  backups: Backups
  renewal: Renewal
  isOpen: () => boolean
  /** Opens the vault from a copy of its file, in place of what cannot be read. */
  reopen: (text: string, passphrase: string | null) => Promise<void>
  /** Takes the vault as it lies. Throws `vault.nothing-to-accept`. */
  accept: (who: string) => Promise<void>
  /** Tells everybody how the vault stands now. */
  changed: () => VaultStatus
  /** The keeper that this panel was started with. */
  own: KeyKeeper | null
  keeperFor?: ((passphrase: string) => KeyKeeper) | undefined
}

export function createSafety(options: SafetyOptions): Safety {
  const { context, backups, renewal, isOpen, reopen, changed, own, keeperFor = passphraseKeeper } = options
  const { audit, exclusively, redactor } = context

  const learn = (records: readonly CredentialRecord[]) => {
    for (const record of records) for (const secret of secretsOf(record)) redactor.learn(secret)
  }

  type Outcome = VaultImport['credentials'][number]
  /** What an imported record becomes here, beside the others; null where its id is taken. */
  const planned = async (record: CredentialRecord, others: readonly CredentialRecord[]) => {
    const { id, scheme } = record
    if (others.some((other) => other.id === id)) return null
    const inputs = record.sinks.map(({ key, requires, ...sink }) => ({
      ...sink,
      ...(key === null ? {} : { key }),
      ...(requires === null ? {} : { requires }),
    }))
    const around = { dataRoot: context.dataRoot, records: others }
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
  const add = async (records: readonly CredentialRecord[]): Promise<Outcome[]> => {
    const before = context.book().all()
    const added: CredentialRecord[] = []
    const outcomes: Outcome[] = []
    for (const record of records) {
      const plan = await planned(record, [...before, ...added])
      if (plan) added.push(plan.record)
      outcomes.push(plan?.outcome ?? { id: record.id, outcome: 'exists' })
    }
    learn(added)
    if (added.length > 0) await context.book().changeSeveral({ add: added, edit: new Map(), remove: [] })
    for (const { id } of added) await context.announce(id)
    return outcomes
  }

  return {
    backups: () => backups.list(),
    settle: () => backups.flush(),
    accept: (who) =>
      exclusively(async () => {
        await options.accept(who)
        return changed()
      }),

    restoreBackup: ({ id, passphrase, who }) =>
      exclusively(async () => {
        const [rotating] = context.rotating.keys()
        if (rotating !== undefined) throw new Problem('rotation.running', { id: rotating })
        const text = await backups.read(id)
        if (isOpen()) {
          const book = context.book()
          book.prove(text)
          backups.note(book.text())
          await backups.flush()
          await book.restore(text)
          learn(book.all())
        } else await reopen(text, passphrase ?? null)
        await audit.append({ who, action: 'vault.restored', target: '', details: { backup: id } })
        return changed()
      }),

    async exportWith(passphrase, who) {
      const text = await context.book().exportedFor((dataKey) => keeperFor(passphrase).wrap(dataKey))
      const credentials = context.book().all().length
      await audit.append({ who, action: 'vault.exported', target: '', details: { credentials } })
      return text
    },

    importFrom: ({ text, passphrase, who }) =>
      exclusively(async () => {
        context.book()
        const dataKey = await keeperFor(passphrase).unwrap(parseVaultFile(text).key)
        const credentials = await add(recordsIn(text, dataKey))
        const added = credentials.filter(({ outcome }) => outcome !== 'exists').length
        await audit.append({ who, action: 'vault.imported', target: '', details: { added } })
        return { credentials }
      }),

    changeKeeper: ({ passphrase, current, who }) =>
      exclusively(async () => {
        const book = context.book()
        const former = book.key()
        let from = own
        if (former.keeper === 'passphrase') {
          if (current === undefined) throw new Problem('vault.passphrase-needed')
          from = keeperFor(current)
          await from.unwrap(former)
        }
        const to = passphrase === null ? own : keeperFor(passphrase)
        if (!to) throw new Problem('vault.no-other-keeper')
        await renewal.renew({ book, from, to, who, action: 'vault.keeper-changed' })
        return changed()
      }),
  }
}
