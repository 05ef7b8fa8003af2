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

const waiting = new Problem('vault.locked')

/** The ways into the vault file: at start with the given keeper, later with a passphrase. */
export class Opening<R extends Sealed> {
  readonly #options: OpeningOptions<R>
  readonly #file: string
  readonly #now: () => number
  readonly #bookOptions: BookOptions<R>
  readonly #entering: ReturnType<typeof createEntering<R>>

  constructor(options: OpeningOptions<R>) {
    const { records, audit, saved, now = Date.now } = options
    this.#options = options
    this.#file = options.paths.vault
    this.#now = now
    this.#bookOptions = { schema: records.schema, saved, auditHead: () => audit.head(), now }
    this.#entering = createEntering(options, this.#bookOptions)
  }

  async first(): Promise<{ state: State<R>; kind: KeeperKind }> {
    const { keeper } = this.#options
    let found: Found | null
    try {
      found = await findVaultFile(this.#file)
    } catch (error) {
      return { state: await this.#closedBy(error), kind: keeper?.kind ?? 'passphrase' }
    }
    const kind = found?.content.key.keeper ?? keeper?.kind ?? 'passphrase'
    const problem = found ? null : await this.#missing()
    if (problem) return { state: { name: 'unreadable', problem, accept: this.#beginAnew }, kind }
    if (!keeper) {
      // Without a keeper only a passphrase can open it.
      const problem = kind === 'passphrase' ? waiting : new Problem('vault.other-keeper', { keeper: kind })
      return { state: { name: found ? 'locked' : 'empty', problem }, kind }
    }
    try {
      return { state: await this.#withKeeper(keeper, true), kind }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      // A vault made with a passphrase can still be opened by a person, whatever keeper was offered.
      const problem = kind === 'passphrase' && error.id === 'vault.other-keeper' ? waiting : error
      return { state: { name: 'locked', problem }, kind }
    }
  }

  /** `mayBegin`: there was no vault, and the passphrase makes one. */
  async withPassphrase(passphrase: string, mayBegin: boolean): Promise<State<R>> {
    try {
      return await this.#withKeeper(this.#keeperFor(passphrase), mayBegin)
    } catch (error) {
      if (error instanceof Problem && error.id === 'vault.wrong-key') {
        await this.#options.audit.append({ who: 'unknown', action: 'vault.unlock-refused', target: '' })
      }
      throw error
    }
  }

  /** Begins again from a copy of the vault, because the file itself cannot be used; what lies in its place is kept. */
  async fromCopy(text: string, passphrase: string | null): Promise<State<R>> {
    const { key } = parseVaultFile(text)
    const by = passphrase === null ? this.#options.keeper : this.#keeperFor(passphrase)
    if (!by) throw new Problem('vault.passphrase-needed')
    const dataKey = await by.unwrap(key)
    const book = openBook(this.#file, text, dataKey, this.#bookOptions)
    const newest = await this.#options.rollback.newerThan(book.state(), dataKey)
    if ((await readText(this.#file)) !== null) await moveAside(this.#file, this.#now())
    await book.write(newest?.generation)
    return this.#entering.opened(book, by)
  }

  #keeperFor(passphrase: string): KeyKeeper {
    return (this.#options.passphrase ?? passphraseKeeper)(passphrase)
  }

  /** Where anything tells that there was a vault, none is begun in its place unless somebody says so. */
  #missing() {
    return findFormer(this.#options)
  }

  async #withKeeper(by: KeyKeeper, mayBegin: boolean): Promise<State<R>> {
    let found: Found | null
    try {
      found = await findVaultFile(this.#file)
    } catch (error) {
      return this.#closedBy(error)
    }
    if (found === null) {
      const problem = mayBegin ? null : await this.#missing()
      if (problem) throw problem
      return this.#entering.begin(by)
    }
    // A wrong key throws from here and changes nothing.
    const dataKey = await by.unwrap(found.content.key)
    let book: Book<R>
    try {
      book = openBook(this.#file, found.text, dataKey, this.#bookOptions)
    } catch (error) {
      return this.#closedBy(error)
    }
    return this.#entering.openedUnlessOlder(book, dataKey, by)
  }

  /** A damaged file goes aside under a name that says so; everything else stays where it is. */
  async #closedBy(error: unknown): Promise<State<R>> {
    if (!(error instanceof Problem)) throw error
    if (error.id !== 'vault.tampered' && error.id !== 'vault.truncated') return { name: 'unreadable', problem: error }
    const kept = await moveAside(this.#file, this.#now())
    await this.#options.audit.append({ who: 'regie', action: 'vault.moved-aside', target: '', details: { kept } })
    return { name: 'unreadable', problem: new Problem('vault.unreadable', { kept }), accept: this.#beginAnew }
  }

  /** What a person decides where there is no vault any more. A copy that was put back meanwhile is opened instead. */
  readonly #beginAnew = async (who: string): Promise<State<R>> => {
    if ((await readText(this.#file)) !== null) return (await this.first()).state
    const { audit, keeper } = this.#options
    await audit.appendFirst({ who, action: 'vault.begun-anew', target: '' })
    return keeper ? this.#entering.begin(keeper) : { name: 'empty', problem: waiting }
  }
}
