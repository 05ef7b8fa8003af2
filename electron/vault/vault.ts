import type { PanelEvent, VaultStatus } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { createSerial } from '../async/serial'
import type { Audit } from '../audit/audit'
import { removeLeftovers } from '../storage/files'
import type { DataPaths } from '../storage/paths'
import { createBackups } from './backups'
import type { Book } from './book'
import type { KeyKeeper } from './keepers'
import { Opening } from './opening'
import type { Redactor } from './redactor'
import { createRenewal } from './renewal'
import { createRollback } from './rollback'
import { createSafety, type Safety } from './safety'
import { createStanding } from './standing'
import type { BookState, RecordKind, Sealed } from './vault-file'

export interface VaultOptions<R extends Sealed> {
  paths: Pick<DataPaths, 'vault' | 'vaultKey' | 'backups' | 'audit'>
  /** What it holds. */
  records: RecordKind<R>
  audit: Audit
  /** Learns every secret of the records. */
  redactor: Redactor
  /** Told how the vault stands now. */
  publish?: ((event: PanelEvent) => void) | undefined
  now?: (() => number) | undefined
  /** Takes what goes wrong beside the vault, e.g. a backup that cannot be written. */
  reportError?: ((error: unknown) => void) | undefined
  /** Opens the vault without asking; left out, a person must give the passphrase to `unlock`. */
  keeper?: KeyKeeper | undefined
  /** The configuration file, where it links services with credentials: then there was a vault. */
  linkedIn?: (() => string | null) | undefined
  /** Makes the keeper of a passphrase that a person gave; tests make a cheaper one. */
  passphrase?: ((passphrase: string) => KeyKeeper) | undefined
}

/** An encrypted store of records in one file. Calls throw `vault.locked` (or why it cannot be opened) unless it is open. */
export interface Vault<R extends Sealed> extends Safety<R> {
  status(): VaultStatus
  /** Opens the vault; the first passphrase creates it. Throws `vault.wrong-key` and changes nothing. */
  unlock(passphrase: string): Promise<VaultStatus>
  /** The records. */
  book(): Book<R>
  /** One change at a time, of the vault and of what stands beside it: several records may have one file outside. */
  exclusively<T>(work: () => Promise<T>): Promise<T>
  /** Calls back when the records may be others: after each write, and when the vault opens or closes. */
  onChange(listener: () => void): void
  /** Resolves when the last backup is on disk. */
  close(): Promise<void>
}

/**
 * Opens the vault of a data folder. Never throws for what the vault file holds: `status` tells. A damaged file is moved
 * aside; one of a newer format, or one that cannot be read, is left. Either way nothing is written in its place.
 */
export async function openVault<R extends Sealed>(options: VaultOptions<R>): Promise<Vault<R>> {
  const { paths, records, audit, redactor, now = Date.now } = options
  const { reportError = () => undefined, publish = () => undefined } = options
  const standing = createStanding<R>({ file: paths.vault, failure: () => backups.failure(), publish })
  const { book, changed, enter, isOpen, status } = standing
  const backups = createBackups({ folder: paths.backups, prove: (text) => book().prove(text), reportError })
  const rollback = createRollback({ schema: records.schema, file: `${paths.vault}.newest`, backups, reportError })
  const saved = async (text: string, saved: BookState) => {
    backups.note(text)
    standing.recordsChanged()
    await rollback.note(saved)
  }
  const renewal = createRenewal({ paths, backups, audit, reportError, now })
  const opening = new Opening({ ...options, saved, backups, rollback, renewal, reportError })
  await removeLeftovers(paths.vault)
  await renewal.recover().catch(reportError)
  const first = await opening.first()
  await enter(first.state, first.kind)

  const unlock = async (passphrase: string) => {
    const before = standing.state()
    if (before.name === 'open') return status()
    if (before.name === 'unreadable' || status().keeper !== 'passphrase') throw before.problem
    const next = await opening.withPassphrase(passphrase, before.name === 'empty')
    await enter(next)
    changed()
    if (next.name !== 'open') throw next.problem
    return status()
  }
  const accept = async (who: string) => {
    const before = standing.state()
    if (before.name === 'open' || !before.accept) throw new Problem('vault.nothing-to-accept')
    await enter(await before.accept(who))
  }
  const unlocking = createSerial()
  const exclusively = createSerial()
  return {
    status,
    // One at a time: two passphrases at once must not make two vaults.
    unlock: (passphrase) => unlocking(() => unlock(passphrase)),
    book,
    exclusively,
    onChange: standing.onChange,
    ...createSafety({
      ...{ records, book, audit, redactor, exclusively, backups, renewal, isOpen, accept, changed },
      reopen: async (text, passphrase) => enter(await opening.fromCopy(text, passphrase)),
      own: options.keeper ?? null,
      keeperFor: options.passphrase,
    }),
    close: () => backups.flush(),
  }
}
