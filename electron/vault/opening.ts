import { Problem } from '../../shared/problems'
import { fileErrorCode, moveAside, readIfPresent } from '../storage/files'
import type { DataPaths } from '../storage/paths'
import { newBook, openBook, parseVaultFile, type Book, type VaultFile } from './book'
import type { VaultContext } from './context'
import { passphraseKeeper, type KeeperKind, type KeyKeeper } from './keepers'
import { secretsOf } from './record'

/** What keeps the vault closed, or the open book. */
export type State = { name: 'open'; book: Book } | { name: 'empty' | 'locked' | 'unreadable'; problem: Problem }

export interface OpeningOptions extends Pick<VaultContext, 'audit' | 'redactor'> {
  paths: Pick<DataPaths, 'vault'>
  keeper?: KeyKeeper | undefined
  passphrase?: ((passphrase: string) => KeyKeeper) | undefined
  now?: (() => number) | undefined
  /** Told of every content that the vault file is found with or given. */
  saved: (text: string) => void
}

/** The ways into the vault file: at start with the given keeper, later with a passphrase. */
export function createOpening(options: OpeningOptions) {
  const { keeper, audit, redactor, now = Date.now, passphrase: keeperFor = passphraseKeeper, saved } = options
  const file = options.paths.vault

  const readFile = async (): Promise<string | null> => {
    const bytes = await readIfPresent(file).catch((error: unknown) => {
      throw new Problem('vault.no-access', { path: file, code: fileErrorCode(error) ?? 'unknown' }, { cause: error })
    })
    return bytes === null ? null : bytes.toString('utf8')
  }
  const opened = (book: Book): State => {
    saved(book.text())
    for (const record of book.all()) for (const secret of secretsOf(record)) redactor.learn(secret)
    return { name: 'open', book }
  }
  /** A damaged file goes aside under a name that says so; everything else stays where it is. */
  const closedBy = async (error: unknown): Promise<State> => {
    if (!(error instanceof Problem)) throw error
    if (error.id !== 'vault.tampered' && error.id !== 'vault.truncated') return { name: 'unreadable', problem: error }
    const kept = await moveAside(file, now())
    await audit.append({ who: 'regie', action: 'vault.moved-aside', target: '', details: { kept } })
    return { name: 'unreadable', problem: new Problem('vault.unreadable', { kept }) }
  }
  const withKeeper = async (by: KeyKeeper): Promise<State> => {
    let text: string | null
    let content: VaultFile | null
    try {
      text = await readFile()
      content = text === null ? null : parseVaultFile(text)
    } catch (error) {
      return closedBy(error)
    }
    if (text === null || content === null) {
      const book = await newBook(file, (dataKey) => by.wrap(dataKey), saved)
      await audit.append({ who: 'regie', action: 'vault.created', target: '', details: { keeper: by.kind } })
      return opened(book)
    }
    // A wrong key throws from here and changes nothing.
    const dataKey = await by.unwrap(content.key)
    try {
      return opened(openBook(file, text, dataKey, saved))
    } catch (error) {
      return closedBy(error)
    }
  }
  const first = async (): Promise<{ state: State; kind: KeeperKind }> => {
    let content: VaultFile | null
    try {
      const text = await readFile()
      content = text === null ? null : parseVaultFile(text)
    } catch (error) {
      return { state: await closedBy(error), kind: keeper?.kind ?? 'passphrase' }
    }
    const kind = content?.key.keeper ?? keeper?.kind ?? 'passphrase'
    const waiting = new Problem('vault.locked')
    if (!keeper) {
      // Without a keeper only a passphrase can open it.
      const problem = kind === 'passphrase' ? waiting : new Problem('vault.other-keeper', { keeper: kind })
      return { state: { name: content ? 'locked' : 'empty', problem }, kind }
    }
    try {
      return { state: await withKeeper(keeper), kind }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      // A vault made with a passphrase can still be opened by a person, whatever keeper was offered.
      const problem = kind === 'passphrase' && error.id === 'vault.other-keeper' ? waiting : error
      return { state: { name: 'locked', problem }, kind }
    }
  }
  const withPassphrase = async (passphrase: string): Promise<State> => {
    try {
      return await withKeeper(keeperFor(passphrase))
    } catch (error) {
      if (error instanceof Problem && error.id === 'vault.wrong-key') {
        await audit.append({ who: 'unknown', action: 'vault.unlock-refused', target: '' })
      }
      throw error
    }
  }
  /** Begins again from a copy of the vault, because the file itself cannot be used; what lies in its place is kept. */
  const fromCopy = async (text: string, passphrase: string | null): Promise<State> => {
    const { key } = parseVaultFile(text)
    const by = passphrase === null ? keeper : keeperFor(passphrase)
    if (!by) throw new Problem('vault.passphrase-needed')
    const dataKey = await by.unwrap(key)
    const book = openBook(file, text, dataKey, saved)
    if ((await readFile()) !== null) await moveAside(file, now())
    await book.write()
    return opened(book)
  }
  return { first, withPassphrase, fromCopy }
}
