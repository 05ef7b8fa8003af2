import type { VaultBackup, VaultStatus } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Audit } from '../audit/audit'
import type { Backups } from './backups'
import type { Book } from './book'
import { carriedKeeper, newCarriedKey, passphraseKeeper, type KeyKeeper } from './keepers'
import type { Redactor } from './redactor'
import type { Renewal } from './renewal'
import { parseVaultFile, recordsIn, type RecordKind, type Sealed } from './vault-file'

/** What keeps a vault from being lost: copies, an export, and another keeper for its key. */
export interface Safety<R extends Sealed> {
  backups(): Promise<VaultBackup[]>
  /** Asks before each restoring: throws what stands in its way, such as work on a record that is under way. */
  beforeRestore(check: () => void): void
  /**
   * Takes the vault back to a backup; how it stood before becomes a backup itself. A vault that cannot be read needs
   * the passphrase of the time where a passphrase kept its key. Throws `vault.no-backup`, `vault.wrong-key`, and what
   * stands in the way.
   */
  restoreBackup(from: { id: string; passphrase?: string | undefined; who: string }): Promise<VaultStatus>
  /** The whole vault as a file that only this passphrase opens, under a data key that opens nothing else. */
  exportWith(passphrase: string, who: string): Promise<string>
  /**
   * The whole vault under a data key of its own, and the key that opens it, for a backup that seals both: neither may be
   * written anywhere else. `beside` reads what belongs together with it, while nothing of it changes. Told in the audit
   * log first; throws what stands in the way, such as a rotation that is under way.
   */
  sealedForBackup<T>(who: string, beside: () => Promise<T>): Promise<{ text: string; key: string; beside: T }>
  /** The records of an exported vault. Throws `vault.wrong-key`, `vault.key-cost`. */
  readExport(text: string, passphrase: string): Promise<R[]>
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

interface SafetyOptions<R extends Sealed> {
  records: RecordKind<R>
  /** The open book; throws whatever keeps it closed. */
  book: () => Book<R>
  audit: Pick<Audit, 'append' | 'appendFirst'>
  redactor: Pick<Redactor, 'learn'>
  exclusively: <T>(work: () => Promise<T>) => Promise<T>
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

/** The keeper that has the key now, once it has shown that it does. Throws `vault.passphrase-needed`, and what it throws. */
async function presentKeeper<R extends Sealed>(
  { book, own, keeperFor = passphraseKeeper }: SafetyOptions<R>,
  current: string | undefined,
): Promise<KeyKeeper | null> {
  const key = book().key()
  if (key.keeper !== 'passphrase') return own
  if (current === undefined) throw new Problem('vault.passphrase-needed')
  const keeper = keeperFor(current)
  await keeper.unwrap(key)
  return keeper
}

/** The vault for a backup; nothing else is done to it meanwhile. */
async function sealForBackup<R extends Sealed, T>(
  { book, audit }: Pick<SafetyOptions<R>, 'book' | 'audit'>,
  who: string,
  beside: () => Promise<T>,
): Promise<{ text: string; key: string; beside: T }> {
  const credentials = book().all().length
  await audit.appendFirst({ who, action: 'vault.backed-up', target: '', details: { credentials } })
  const key = newCarriedKey()
  const text = await book().exportedFor((dataKey) => carriedKeeper(key).wrap(dataKey))
  return { text, key, beside: await beside() }
}

export function createSafety<R extends Sealed>(options: SafetyOptions<R>): Safety<R> {
  const { records, audit, exclusively, backups, renewal, changed, own, keeperFor = passphraseKeeper } = options
  const checks: (() => void)[] = []

  const takeBack = async (text: string) => {
    const book = options.book()
    book.prove(text)
    backups.note(book.text())
    await backups.flush()
    await book.restore(text)
    for (const record of book.all()) for (const secret of records.secretsOf(record)) options.redactor.learn(secret)
  }

  return {
    backups: () => backups.list(),
    settle: () => backups.flush(),
    accept: (who) =>
      exclusively(async () => {
        await options.accept(who)
        return changed()
      }),
    beforeRestore: (check) => void checks.push(check),
    restoreBackup: ({ id, passphrase, who }) =>
      exclusively(async () => {
        for (const check of checks) check()
        const text = await backups.read(id)
        if (options.isOpen()) await takeBack(text)
        else await options.reopen(text, passphrase ?? null)
        await audit.append({ who, action: 'vault.restored', target: '', details: { backup: id } })
        return changed()
      }),
    async exportWith(passphrase, who) {
      const text = await options.book().exportedFor((dataKey) => keeperFor(passphrase).wrap(dataKey))
      const credentials = options.book().all().length
      await audit.append({ who, action: 'vault.exported', target: '', details: { credentials } })
      return text
    },
    sealedForBackup: (who, beside) =>
      exclusively(() => {
        for (const check of checks) check()
        return sealForBackup(options, who, beside)
      }),
    async readExport(text, passphrase) {
      const dataKey = await keeperFor(passphrase).unwrap(parseVaultFile(text).key)
      return recordsIn(records.schema, text, dataKey)
    },
    changeKeeper: ({ passphrase, current, who }) =>
      exclusively(async () => {
        const from = await presentKeeper(options, current)
        const to = passphrase === null ? own : keeperFor(passphrase)
        if (!to) throw new Problem('vault.no-other-keeper')
        await renewal.renew({ book: options.book(), from, to, who, action: 'vault.keeper-changed' })
        return changed()
      }),
  }
}
