import type { VaultBackup, VaultImport, VaultStatus } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Backups } from './backups'
import { parseVaultFile, recordsIn } from './book'
import type { VaultContext } from './context'
import { passphraseKeeper, type KeyKeeper } from './keepers'
import { secretsOf, type CredentialRecord } from './record'
import { planSinks } from './sinks/plan'

/** What keeps a vault from being lost: copies, an export, and another keeper for its key. */
export interface Safety {
  backups(): Promise<VaultBackup[]>
  /**
   * Takes the vault back to a backup; how it stood before becomes a backup itself. A vault that cannot be read needs
   * the passphrase of the time where a passphrase kept its key. Throws `vault.no-backup`, `vault.wrong-key`.
   */
  restoreBackup(from: { id: string; passphrase?: string | undefined; who: string }): Promise<VaultStatus>
  /** The whole vault as a file that only this passphrase opens. */
  exportWith(passphrase: string, who: string): Promise<string>
  /** Adds the credentials of an exported vault; those whose id is taken stay as they are. Throws `vault.wrong-key`. */
  importFrom(file: { text: string; passphrase: string; who: string }): Promise<VaultImport>
  /**
   * Gives the vault's key to another keeper: a new passphrase, or with null the one that this panel was started with
   * (the keychain, on the desktop). `current` is asked where a passphrase keeps it now. Throws `vault.wrong-key`.
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
  const { context, backups, isOpen, reopen, changed, own, keeperFor = passphraseKeeper } = options
  const { audit, exclusively, redactor } = context

  const learn = (records: readonly CredentialRecord[]) => {
    for (const record of records) for (const secret of secretsOf(record)) redactor.learn(secret)
  }

  const add = async (record: CredentialRecord): Promise<VaultImport['credentials'][number]> => {
    const { id, scheme } = record
    if (context.book().find(id)) return { id, outcome: 'exists' }
    const around = { dataRoot: context.dataRoot, records: context.book().all() }
    const inputs = record.sinks.map(({ key, requires, ...sink }) => ({
      ...sink,
      ...(key === null ? {} : { key }),
      ...(requires === null ? {} : { requires }),
    }))
    const sinks = await planSinks(inputs, { id, scheme }, around).catch((error: unknown) => {
      if (error instanceof Problem) return error
      throw error
    })
    const isPlanned = !(sinks instanceof Problem)
    learn([record])
    await context.book().add({ ...record, pending: null, lastProof: null, sinks: isPlanned ? sinks : [] })
    await context.announce(id)
    return isPlanned ? { id, outcome: 'added' } : { id, outcome: 'added-without-sinks', reason: sinks.reason }
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
      const text = await context.book().wrappedFor((dataKey) => keeperFor(passphrase).wrap(dataKey))
      const credentials = context.book().all().length
      await audit.append({ who, action: 'vault.exported', target: '', details: { credentials } })
      return text
    },

    importFrom: ({ text, passphrase, who }) =>
      exclusively(async () => {
        context.book()
        const dataKey = await keeperFor(passphrase).unwrap(parseVaultFile(text).key)
        const credentials: VaultImport['credentials'] = []
        for (const record of recordsIn(text, dataKey)) credentials.push(await add(record))
        const added = credentials.filter(({ outcome }) => outcome !== 'exists').length
        await audit.append({ who, action: 'vault.imported', target: '', details: { added } })
        return { credentials }
      }),

    changeKeeper: ({ passphrase, current, who }) =>
      exclusively(async () => {
        const book = context.book()
        if (book.keeper() === 'passphrase') {
          if (current === undefined) throw new Problem('vault.passphrase-needed')
          await keeperFor(current).unwrap(parseVaultFile(book.text()).key)
        }
        const next = passphrase === null ? own : keeperFor(passphrase)
        if (!next) throw new Problem('vault.no-other-keeper')
        await book.rewrap((dataKey) => next.wrap(dataKey))
        await audit.append({ who, action: 'vault.keeper-changed', target: '', details: { keeper: next.kind } })
        return changed()
      }),
  }
}
