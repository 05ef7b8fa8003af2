import { Problem } from '../../shared/problems'
import { fileErrorCode, moveAside, readIfPresent } from '../storage/files'
import { openBook, type Book, type BookOptions } from './book'
import { createEntering, type OpeningOptions, type State } from './entering'
import { findFormer } from './former'
import { passphraseKeeper, type KeeperKind, type KeyKeeper } from './keepers'
import { parseVaultFile, type VaultFile, type Sealed } from './vault-file'

interface Found {
  text: string
  content: VaultFile
}

/** The text of the vault file; null where there is none. Throws `vault.no-access`. */
async function readText(file: string): Promise<string | null> {
  const bytes = await readIfPresent(file).catch((error: unknown) => {
    throw new Problem('vault.no-access', { path: file, code: fileErrorCode(error) ?? 'unknown' }, { cause: error })
  })
  return bytes === null ? null : bytes.toString('utf8')
}

/** The vault file as it lies there. Throws a Problem for what cannot be read. */
async function findVaultFile(file: string): Promise<Found | null> {
  const text = await readText(file)
  return text === null ? null : { text, content: parseVaultFile(text) }
}

/** The ways into the vault file: at start with the given keeper, later with a passphrase. */
export function createOpening<R extends Sealed>(options: OpeningOptions<R>) {
  const { records, keeper, audit, saved, rollback, now = Date.now, passphrase: keeperFor = passphraseKeeper } = options
  const file = options.paths.vault
  const bookOptions: BookOptions<R> = { schema: records.schema, saved, auditHead: () => audit.head(), now }

  const { begin, opened, openedUnlessOlder } = createEntering(options, bookOptions)
  const waiting = new Problem('vault.locked')
  /** Where anything tells that there was a vault, none is begun in its place unless somebody says so. */
  const missing = () => findFormer(options)
  /** What a person decides where there is no vault any more. A copy that was put back meanwhile is opened instead. */
  const beginAnew = async (who: string): Promise<State<R>> => {
    if ((await readText(file)) !== null) return (await first()).state
    await audit.appendFirst({ who, action: 'vault.begun-anew', target: '' })
    return keeper ? begin(keeper) : { name: 'empty', problem: waiting }
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
    let found: Found | null
    try {
      found = await findVaultFile(file)
    } catch (error) {
      return closedBy(error)
    }
    if (found === null) {
      const problem = mayBegin ? null : await missing()
      if (problem) throw problem
      return begin(by)
    }
    // A wrong key throws from here and changes nothing.
    const dataKey = await by.unwrap(found.content.key)
    let book: Book<R>
    try {
      book = openBook(file, found.text, dataKey, bookOptions)
    } catch (error) {
      return closedBy(error)
    }
    return openedUnlessOlder(book, dataKey, by)
  }
  const first = async (): Promise<{ state: State<R>; kind: KeeperKind }> => {
    let found: Found | null
    try {
      found = await findVaultFile(file)
    } catch (error) {
      return { state: await closedBy(error), kind: keeper?.kind ?? 'passphrase' }
    }
    const kind = found?.content.key.keeper ?? keeper?.kind ?? 'passphrase'
    const problem = found ? null : await missing()
    if (problem) return { state: { name: 'unreadable', problem, accept: beginAnew }, kind }
    if (!keeper) {
      // Without a keeper only a passphrase can open it.
      const problem = kind === 'passphrase' ? waiting : new Problem('vault.other-keeper', { keeper: kind })
      return { state: { name: found ? 'locked' : 'empty', problem }, kind }
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
    if ((await readText(file)) !== null) await moveAside(file, now())
    await book.write(newest?.generation)
    return opened(book, by)
  }
  return { first, withPassphrase, fromCopy }
}
