import { Problem } from '../../shared/problems'
import { fileErrorCode, moveAside, readIfPresent } from '../storage/files'
import type { DataPaths } from '../storage/paths'
import type { Audit } from '../audit/audit'
import type { Backups } from './backups'
import { newBook, openBook, type Book, type BookOptions } from './book'
import { findFormer } from './former'
import { passphraseKeeper, type KeeperKind, type KeyKeeper } from './keepers'
import type { Renewal } from './renewal'
import type { Redactor } from './redactor'
import { rolledBack, type Rollback } from './rollback'
import type { RecordKind, Sealed } from './sealed'
import { parseVaultFile, type BookState, type VaultFile } from './vault-file'

/** What keeps the vault closed, or the open book. */
export type State<R extends Sealed> = { name: 'open'; book: Book<R> } | Closed<R>

interface Closed<R extends Sealed> {
  name: 'empty' | 'locked' | 'unreadable'
  problem: Problem
  /** What a person may decide: to take the vault as it lies. */
  accept?: (who: string) => Promise<State<R>>
}

export interface OpeningOptions<R extends Sealed> {
  records: RecordKind<R>
  audit: Audit
  redactor: Pick<Redactor, 'learn'>
  paths: Pick<DataPaths, 'vault' | 'audit'>
  keeper?: KeyKeeper | undefined
  passphrase?: ((passphrase: string) => KeyKeeper) | undefined
  now?: (() => number) | undefined
  /** Told of every content that the vault file is found with or given. */
  saved: (text: string, state: BookState) => Promise<void>
  backups: Pick<Backups, 'list'>
  rollback: Rollback
  renewal: Renewal
  /** The configuration file, where it links services with credentials. */
  linkedIn?: (() => string | null) | undefined
  reportError: (error: unknown) => void
}

/** The ways into the vault file: at start with the given keeper, later with a passphrase. */
export function createOpening<R extends Sealed>(options: OpeningOptions<R>) {
  const { records, keeper, audit, redactor, now = Date.now, passphrase: keeperFor = passphraseKeeper } = options
  const { saved, rollback, renewal, reportError } = options
  const file = options.paths.vault
  const bookOptions: BookOptions<R> = { schema: records.schema, saved, auditHead: () => audit.head(), now }

  const waiting = new Problem('vault.locked')
  const readFile = async (): Promise<string | null> => {
    const bytes = await readIfPresent(file).catch((error: unknown) => {
      throw new Problem('vault.no-access', { path: file, code: fileErrorCode(error) ?? 'unknown' }, { cause: error })
    })
    return bytes === null ? null : bytes.toString('utf8')
  }
  /** Holds the audit log against what the vault has sealed of it, and seals how it goes on from there. */
  const compareAudit = async (book: Book<R>) => {
    const { audit: sealed } = book.state()
    if (!sealed) return
    await audit.compare(sealed)
    if (audit.head()?.chain !== sealed.chain) await book.write()
  }
  /** Makes the vault's key its own where earlier Regies handed it on, and where its keeper's own key was replaced. */
  const ownKey = async (book: Book<R>, by: KeyKeeper) => {
    if (book.state().ownKey && !by.isOutdated?.()) return
    await renewal.renew({ book, from: by, to: by, who: 'regie', action: 'vault.key-renewed' })
  }
  const opened = async (book: Book<R>, by: KeyKeeper): Promise<State<R>> => {
    await saved(book.text(), book.state())
    for (const record of book.all()) for (const secret of records.secretsOf(record)) redactor.learn(secret)
    await compareAudit(book).catch(reportError)
    await ownKey(book, by).catch(reportError)
    return { name: 'open', book }
  }
  const begin = async (by: KeyKeeper): Promise<State<R>> => {
    const book = await newBook(file, (dataKey) => by.wrap(dataKey), bookOptions)
    await audit.append({ who: 'regie', action: 'vault.created', target: '', details: { keeper: by.kind } })
    return opened(book, by)
  }
  /** Where anything tells that there was a vault, none is begun in its place unless somebody says so. */
  const missing = () => findFormer(options)
  /** What a person decides where there is no vault any more. A copy that was put back meanwhile is opened instead. */
  const beginAnew = async (who: string): Promise<State<R>> => {
    if ((await readFile()) !== null) return (await first()).state
    await audit.appendFirst({ who, action: 'vault.begun-anew', target: '' })
    return keeper ? begin(keeper) : { name: 'empty', problem: waiting }
  }
  /** An older state is not gone on with unless somebody says so: what was rotated since would be lost without a word. */
  const openedUnlessOlder = async (book: Book<R>, dataKey: Buffer, by: KeyKeeper): Promise<State<R>> => {
    const newest = await rollback.newerThan(book.state(), dataKey)
    if (!newest) return opened(book, by)
    const details = { generation: book.state().generation, newest: newest.generation }
    await audit.append({ who: 'regie', action: 'vault.rolled-back', target: '', details })
    return {
      name: 'unreadable',
      problem: rolledBack(book.state(), newest),
      async accept(who) {
        await audit.appendFirst({ who, action: 'vault.older-accepted', target: '', details })
        await book.write(newest.generation)
        return opened(book, by)
      },
    }
  }
  /** A damaged file goes aside under a name that says so; everything else stays where it is. */
  const closedBy = async (error: unknown): Promise<State<R>> => {
    if (!(error instanceof Problem)) throw error
    if (error.id !== 'vault.tampered' && error.id !== 'vault.truncated') return { name: 'unreadable', problem: error }
    const kept = await moveAside(file, now())
    await audit.append({ who: 'regie', action: 'vault.moved-aside', target: '', details: { kept } })
    return { name: 'unreadable', problem: new Problem('vault.unreadable', { kept }), accept: beginAnew }
  }
  const withKeeper = async (by: KeyKeeper, mayBegin: boolean): Promise<State<R>> => {
    let text: string | null
    let content: VaultFile | null
    try {
      text = await readFile()
      content = text === null ? null : parseVaultFile(text)
    } catch (error) {
      return closedBy(error)
    }
    if (text === null || content === null) {
      const problem = mayBegin ? null : await missing()
      if (problem) throw problem
      return begin(by)
    }
    // A wrong key throws from here and changes nothing.
    const dataKey = await by.unwrap(content.key)
    let book: Book<R>
    try {
      book = openBook(file, text, dataKey, bookOptions)
    } catch (error) {
      return closedBy(error)
    }
    return openedUnlessOlder(book, dataKey, by)
  }
  const first = async (): Promise<{ state: State<R>; kind: KeeperKind }> => {
    let content: VaultFile | null
    try {
      const text = await readFile()
      content = text === null ? null : parseVaultFile(text)
    } catch (error) {
      return { state: await closedBy(error), kind: keeper?.kind ?? 'passphrase' }
    }
    const kind = content?.key.keeper ?? keeper?.kind ?? 'passphrase'
    const problem = content ? null : await missing()
    if (problem) return { state: { name: 'unreadable', problem, accept: beginAnew }, kind }
    if (!keeper) {
      // Without a keeper only a passphrase can open it.
      const problem = kind === 'passphrase' ? waiting : new Problem('vault.other-keeper', { keeper: kind })
      return { state: { name: content ? 'locked' : 'empty', problem }, kind }
    }
    try {
      return { state: await withKeeper(keeper, true), kind }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      // A vault made with a passphrase can still be opened by a person, whatever keeper was offered.
      const problem = kind === 'passphrase' && error.id === 'vault.other-keeper' ? waiting : error
      return { state: { name: 'locked', problem }, kind }
    }
  }
  /** `mayBegin`: there was no vault, and the passphrase makes one. */
  const withPassphrase = async (passphrase: string, mayBegin: boolean): Promise<State<R>> => {
    try {
      return await withKeeper(keeperFor(passphrase), mayBegin)
    } catch (error) {
      if (error instanceof Problem && error.id === 'vault.wrong-key') {
        await audit.append({ who: 'unknown', action: 'vault.unlock-refused', target: '' })
      }
      throw error
    }
  }
  /** Begins again from a copy of the vault, because the file itself cannot be used; what lies in its place is kept. */
  const fromCopy = async (text: string, passphrase: string | null): Promise<State<R>> => {
    const { key } = parseVaultFile(text)
    const by = passphrase === null ? keeper : keeperFor(passphrase)
    if (!by) throw new Problem('vault.passphrase-needed')
    const dataKey = await by.unwrap(key)
    const book = openBook(file, text, dataKey, bookOptions)
    const newest = await rollback.newerThan(book.state(), dataKey)
    if ((await readFile()) !== null) await moveAside(file, now())
    await book.write(newest?.generation)
    return opened(book, by)
  }
  return { first, withPassphrase, fromCopy }
}
