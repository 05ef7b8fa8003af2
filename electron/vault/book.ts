import { randomBytes } from 'node:crypto'
import type * as z from 'zod'
import { Problem } from '../../shared/problems'
import { createSerial } from '../async/serial'
import { codeOf, diskProblem } from '../storage/disk'
import { readIfPresent, writeFileAtomic } from '../storage/files'
import type { AuditHead } from '../audit/chain'
import { keyBytes } from './cipher'
import type { WrappedKey } from './keepers'
import {
  entryOf,
  parseVaultFile,
  readVault,
  resealed,
  textOf,
  type BookState,
  type Entries,
  type Entry,
  type VaultFile,
  type Sealed,
} from './vault-file'

type Wrap = (dataKey: Buffer) => Promise<WrappedKey>

export interface BookOptions<R extends Sealed> {
  /** Reads what was sealed. */
  schema: z.ZodType<R>
  /** Told of every content that the file is given from now on; the change waits for it. */
  saved?: (text: string, state: BookState) => Promise<void> | void
  /** The end of the audit log now. */
  auditHead?: () => AuditHead | null
  now?: () => number
}

/** The open vault: its records in memory, and each change written to the file before it counts. */
export interface Book<R extends Sealed> {
  find(id: string): R | null
  all(): R[]
  /** Adds a record. Throws `vault.write-failed`; then nothing has changed. */
  add(record: R): Promise<void>
  /** Changes a record as it stands when its turn comes; without effect if it is gone. Throws `vault.write-failed`. */
  edit(id: string, change: (record: R) => R): Promise<void>
  remove(id: string): Promise<void>
  /** Several changes in one write: all of them or none. Throws `vault.write-failed`; then nothing has changed. */
  changeSeveral(changes: {
    add: readonly R[]
    edit: ReadonlyMap<string, (record: R) => R>
    remove: readonly string[]
  }): Promise<void>
  /**
   * Seals everything with a new data key. No other change of the vault comes in between, and nothing has changed until
   * `work` commits. Throws what `wrap` and `work` throw, and `vault.write-failed`.
   */
  renewKey(wrap: Wrap, work: (renewal: KeyRenewal) => Promise<void>): Promise<void>
  /** The vault file as it would be under a data key of its own; the vault itself stays as it is. */
  exportedFor(wrap: Wrap): Promise<string>
  /** Throws unless the text is a vault file that this vault's key opens. */
  prove(text: string): void
  /** Takes the records of an earlier state of this vault in place of its own. Throws as `prove` does. */
  restore(text: string): Promise<void>
  /** The file's present content. */
  text(): string
  /** Which state that is. */
  state(): BookState
  /** Writes the file anew, as a state that is newer than this one. Throws `vault.write-failed`. */
  write(newerThan?: number): Promise<void>
  /** The data key, in the hands of whoever keeps it now. */
  key(): WrappedKey
}

/** A new data key that the vault does not have yet. */
export interface KeyRenewal {
  /** The new data key in its keeper's hands. */
  key: WrappedKey
  /** An earlier state, sealed with the new data key in place of this one (the present). Throws as `readVault` does. */
  reseal(file: VaultFile, dataKey?: Buffer): string
  /** Writes the vault file: from here on the new data key alone opens it. Throws `vault.write-failed`. */
  commit(): Promise<void>
}

/** Opens every record of a vault file. Throws `vault.tampered`, `vault.truncated` or `vault.newer`. */
export function openBook<R extends Sealed>(
  path: string,
  text: string,
  dataKey: Buffer,
  options: BookOptions<R>,
): Book<R> {
  const file = parseVaultFile(text)
  return new OpenBook(path, { dataKey, key: file.key, text, ...readVault(options.schema, file, dataKey) }, options)
}

/** Makes an empty vault and writes its file. The caller has made sure that there is none. */
export async function newBook<R extends Sealed>(path: string, wrap: Wrap, options: BookOptions<R>): Promise<Book<R>> {
  const dataKey = randomBytes(keyBytes)
  const state = { generation: 0, at: null, audit: null, ownKey: true }
  const book = new OpenBook(
    path,
    { dataKey, key: await wrap(dataKey), entries: new Map<string, Entry<R>>(), state, text: '' },
    options,
  )
  await book.write()
  return book
}

/** All that changes together with the file. */
interface Content<R extends Sealed> {
  dataKey: Buffer
  key: WrappedKey
  entries: Entries<R>
  state: BookState
  text: string
}

/** The same under another data key, which nobody but this keeper has. */
const under = <R extends Sealed>(
  dataKey: Buffer,
  key: WrappedKey,
  { entries, state }: Pick<Content<R>, 'entries' | 'state'>,
) => ({
  dataKey,
  key,
  entries: resealed(entries, dataKey),
  state: { ...state, ownKey: true },
})

class OpenBook<R extends Sealed> implements Book<R> {
  readonly #path: string
  readonly #options: BookOptions<R>
  /** One change after the other, each on the state that the one before left. */
  readonly #inTurn = createSerial()
  #content: Content<R>

  constructor(path: string, start: Content<R>, options: BookOptions<R>) {
    this.#path = path
    this.#content = start
    this.#options = options
  }

  find(id: string) {
    return this.#content.entries.get(id)?.record ?? null
  }

  all() {
    return [...this.#content.entries.values()].map(({ record }) => record)
  }

  text() {
    return this.#content.text
  }

  state() {
    return this.#content.state
  }

  key() {
    return this.#content.key
  }

  add(record: R) {
    return this.changeSeveral({ add: [record], edit: new Map(), remove: [] })
  }

  edit(id: string, how: (record: R) => R) {
    return this.changeSeveral({ add: [], edit: new Map([[id, how]]), remove: [] })
  }

  remove(id: string) {
    return this.changeSeveral({ add: [], edit: new Map(), remove: [id] })
  }

  changeSeveral({ add, edit, remove }: Parameters<Book<R>['changeSeveral']>[0]) {
    return this.#inTurn(async () => {
      const { dataKey } = this.#content
      const entries = new Map(this.#content.entries)
      for (const id of remove) entries.delete(id)
      for (const [id, how] of edit) {
        const entry = entries.get(id)
        if (entry) entries.set(id, entryOf(how(entry.record), entry.revision + 1, dataKey))
      }
      for (const record of add) entries.set(record.id, entryOf(record, 1, dataKey))
      await this.#save({ entries })
    })
  }

  async renewKey(wrap: Wrap, work: (renewal: KeyRenewal) => Promise<void>) {
    const dataKey = randomBytes(keyBytes)
    const key = await wrap(dataKey)
    await this.#inTurn(() =>
      work({
        key,
        reseal: (file, from) => textOf(under(dataKey, key, this.#read(file, from))),
        commit: () => this.#save(under(dataKey, key, this.#content)),
      }),
    )
  }

  async exportedFor(wrap: Wrap) {
    const dataKey = randomBytes(keyBytes)
    return textOf(under(dataKey, await wrap(dataKey), this.#content))
  }

  prove(text: string) {
    this.#read(parseVaultFile(text))
  }

  restore(text: string) {
    return this.#inTurn(async () => {
      const { state, entries } = this.#read(parseVaultFile(text))
      this.#becomeNewerThan(state.generation)
      await this.#save({ entries })
    })
  }

  write(newerThan = 0) {
    this.#becomeNewerThan(newerThan)
    return this.#inTurn(() => this.#save({}))
  }

  #read(file: VaultFile, dataKey = this.#content.dataKey) {
    return readVault(this.#options.schema, file, dataKey)
  }

  #becomeNewerThan(generation: number) {
    const { state } = this.#content
    this.#content = { ...this.#content, state: { ...state, generation: Math.max(state.generation, generation) } }
  }

  async #save(change: Partial<Content<R>>) {
    const { saved, auditHead, now = Date.now } = this.#options
    const next = { ...this.#content, ...change }
    const { generation, audit, ownKey } = next.state
    next.state = { generation: generation + 1, at: now(), audit: auditHead?.() ?? audit, ownKey }
    next.text = textOf(next)
    try {
      await writeFileAtomic(this.#path, next.text)
    } catch (error) {
      // A file that is there under a new key must be gone on with, or nobody would have the key any more.
      if (!change.dataKey || !(await this.#isWritten(next.text)))
        throw (
          diskProblem(error, this.#path) ?? new Problem('vault.write-failed', { code: codeOf(error) }, { cause: error })
        )
    }
    this.#content = next
    await saved?.(next.text, next.state)
  }

  async #isWritten(text: string) {
    return (await readIfPresent(this.#path).catch(() => null))?.toString('utf8') === text
  }
}
