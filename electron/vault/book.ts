import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { Problem } from '../../shared/problems'
import { codeOf, diskProblem } from '../storage/disk'
import { writeFileAtomic } from '../storage/files'
import { keyBytes, seal, unseal } from './cipher'
import { WrappedKeySchema, type WrappedKey } from './keepers'
import { AuditHead } from './audit-chain'
import { RecordSchema, type CredentialRecord } from './record'

const fileVersion = 1

const HeaderSchema = z.object({ format: z.literal('regie-vault'), version: z.number().int().positive() })

/** The vault file. Everything about a credential is inside its seal; outside stand only its id and revision. */
const FileSchema = HeaderSchema.extend({
  key: WrappedKeySchema,
  /** Sealed list of the records, so that none can be removed or swapped for an older one unseen. */
  manifest: z.base64url(),
  records: z.array(z.object({ id: z.string(), revision: z.number().int().positive(), sealed: z.base64url() })),
})
export type VaultFile = z.infer<typeof FileSchema>

const ManifestSchema = z.object({
  /** Grows by one with each write of the file. */
  generation: z.number().int().positive(),
  revisions: z.record(z.string(), z.number().int()),
  /** When the file was written; absent in files of earlier Regies, like the next. */
  at: z.number().optional(),
  /** The last line of the audit log then: a forged log cannot fit it. */
  audit: AuditHead.optional(),
})

/** Which of the vault's states a file holds. */
export interface BookState {
  generation: number
  at: number | null
  /** The end of the audit log when it was written. */
  audit: AuditHead | null
}

/** What goes beside the records of a book. */
export interface BookOptions {
  /** Told of every content that the file is given from now on; the change waits for it. */
  saved?: (text: string, state: BookState) => Promise<void> | void
  /** The end of the audit log now. */
  auditHead?: () => AuditHead | null
  now?: () => number
}

interface Entry {
  record: CredentialRecord
  revision: number
  sealed: string
}

/** The open vault: its records in memory, and each change written to the file before it counts. */
export interface Book {
  find(id: string): CredentialRecord | null
  all(): CredentialRecord[]
  /** Adds a record. Throws `vault.write-failed`; then nothing has changed. */
  add(record: CredentialRecord): Promise<void>
  /** Changes a record as it stands when its turn comes; without effect if it is gone. Throws `vault.write-failed`. */
  edit(id: string, change: (record: CredentialRecord) => CredentialRecord): Promise<void>
  remove(id: string): Promise<void>
  /** Several changes in one write: all of them or none. Throws `vault.write-failed`; then nothing has changed. */
  changeSeveral(changes: {
    add: readonly CredentialRecord[]
    edit: ReadonlyMap<string, (record: CredentialRecord) => CredentialRecord>
    remove: readonly string[]
  }): Promise<void>
  /** Hands the data key to another keeper and writes the file. Throws what `wrap` throws; then nothing has changed. */
  rewrap(wrap: (dataKey: Buffer) => Promise<WrappedKey>): Promise<void>
  /** The vault file as it would be with the data key in another keeper's hands; the vault itself stays as it is. */
  wrappedFor(wrap: (dataKey: Buffer) => Promise<WrappedKey>): Promise<string>
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
  /** Who keeps the data key now. */
  keeper(): WrappedKey['keeper']
}

const manifestContext = 'manifest'
const recordContext = (id: string, revision: number) => `record:${id}:${revision}`

/**
 * Reads the text of a vault file. Throws `vault.newer` for a later format, and `vault.tampered` for anything that is
 * not a vault file.
 */
export function parseVaultFile(text: string): VaultFile {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    throw new Problem('vault.tampered')
  }
  const header = HeaderSchema.safeParse(content)
  if (!header.success) throw new Problem('vault.tampered')
  if (header.data.version > fileVersion) throw new Problem('vault.newer', { version: header.data.version })
  const file = FileSchema.safeParse(content)
  if (!file.success) throw new Problem('vault.tampered')
  return file.data
}

/** Opens every record of a vault file. Throws `vault.tampered`, `vault.truncated` or `vault.newer`. */
export function openBook(path: string, text: string, dataKey: Buffer, options: BookOptions = {}): Book {
  const file = parseVaultFile(text)
  return createBook(path, dataKey, { key: file.key, text, ...readRecords(file, dataKey) }, options)
}

/** Which state a vault file holds. Throws as `openBook` does. */
export const stateIn = (text: string, dataKey: Buffer): BookState => readRecords(parseVaultFile(text), dataKey).state

function readRecords(file: VaultFile, dataKey: Buffer): { entries: Map<string, Entry>; state: BookState } {
  const manifest = read(ManifestSchema, dataKey, file.manifest, manifestContext)
  const entries = new Map<string, Entry>()
  for (const { id, revision, sealed } of file.records) {
    const record = read(RecordSchema, dataKey, sealed, recordContext(id, revision))
    if (manifest.revisions[id] !== revision || record.id !== id) throw new Problem('vault.tampered')
    entries.set(id, { record, revision, sealed })
  }
  if (entries.size !== Object.keys(manifest.revisions).length) throw new Problem('vault.tampered')
  const { generation, at = null, audit = null } = manifest
  return { entries, state: { generation, at, audit } }
}

/** The records of a vault file that its key opens. Throws as `openBook` does. */
export const recordsIn = (text: string, dataKey: Buffer): CredentialRecord[] =>
  [...readRecords(parseVaultFile(text), dataKey).entries.values()].map(({ record }) => record)

/** Makes an empty vault and writes its file. The caller has made sure that there is none. */
export async function newBook(
  path: string,
  wrap: (dataKey: Buffer) => Promise<WrappedKey>,
  options: BookOptions = {},
): Promise<Book> {
  const dataKey = randomBytes(keyBytes)
  const state = { generation: 0, at: null, audit: null }
  const start = { key: await wrap(dataKey), entries: new Map<string, Entry>(), state, text: '' }
  const book = createBook(path, dataKey, start, options)
  await book.write()
  return book
}

function read<T>(schema: z.ZodType<T>, dataKey: Buffer, sealed: string, context: string): T {
  const plain = unseal(dataKey, Buffer.from(sealed, 'base64url'), context)
  // What the seal proves was written by us; a shape that does not fit is a damaged file all the same.
  const parsed = schema.safeParse(JSON.parse(plain.toString('utf8')))
  if (!parsed.success) throw new Problem('vault.tampered')
  return parsed.data
}

function createBook(
  path: string,
  dataKey: Buffer,
  start: { key: WrappedKey; entries: Map<string, Entry>; state: BookState; text: string },
  { saved, auditHead, now = Date.now }: BookOptions,
): Book {
  let { entries, state, key, text } = start
  let last: Promise<unknown> = Promise.resolve()

  const textOf = (of: { key: WrappedKey; entries: Map<string, Entry>; state: BookState }) => {
    const list = [...of.entries]
    const { generation, at, audit } = of.state
    const manifest: z.infer<typeof ManifestSchema> = {
      generation,
      revisions: Object.fromEntries(list.map(([id, { revision }]) => [id, revision])),
      ...(at === null ? {} : { at }),
      ...(audit === null ? {} : { audit }),
    }
    const content: VaultFile = {
      format: 'regie-vault',
      version: fileVersion,
      key: of.key,
      manifest: seal(dataKey, JSON.stringify(manifest), manifestContext).toString('base64url'),
      records: list.map(([id, { revision, sealed }]) => ({ id, revision, sealed })),
    }
    return `${JSON.stringify(content, null, 1)}\n`
  }
  const save = async (next: Map<string, Entry>, nextKey = key) => {
    const nextState = { generation: state.generation + 1, at: now(), audit: auditHead?.() ?? state.audit }
    const written = textOf({ key: nextKey, entries: next, state: nextState })
    try {
      await writeFileAtomic(path, written)
    } catch (error) {
      throw diskProblem(error, path) ?? new Problem('vault.write-failed', { code: codeOf(error) }, { cause: error })
    }
    state = nextState
    entries = next
    key = nextKey
    text = written
    await saved?.(written, state)
  }
  const entryOf = (record: CredentialRecord, revision: number): Entry => {
    const sealed = seal(dataKey, JSON.stringify(record), recordContext(record.id, revision))
    return { record, revision, sealed: sealed.toString('base64url') }
  }
  /** One change after the other, each on the state that the one before left. */
  const change = (edit: (next: Map<string, Entry>) => void) => {
    const done = last.then(() => {
      const next = new Map(entries)
      edit(next)
      return save(next)
    })
    last = done.catch(() => undefined)
    return done
  }

  const editIn = (next: Map<string, Entry>, id: string, edit: (record: CredentialRecord) => CredentialRecord) => {
    const entry = next.get(id)
    if (entry) next.set(id, entryOf(edit(entry.record), entry.revision + 1))
  }

  return {
    find: (id) => entries.get(id)?.record ?? null,
    all: () => [...entries.values()].map(({ record }) => record),
    add: (record) => change((next) => next.set(record.id, entryOf(record, 1))),
    edit: (id, edit) => change((next) => editIn(next, id, edit)),
    remove: (id) => change((next) => next.delete(id)),
    changeSeveral: ({ add, edit, remove }) =>
      change((next) => {
        for (const id of remove) next.delete(id)
        for (const [id, how] of edit) editIn(next, id, how)
        for (const record of add) next.set(record.id, entryOf(record, 1))
      }),
    rewrap: async (wrap) => {
      const wrapped = await wrap(dataKey)
      const done = last.then(() => save(entries, wrapped))
      last = done.catch(() => undefined)
      return done
    },
    wrappedFor: async (wrap) => textOf({ key: await wrap(dataKey), entries, state }),
    prove: (candidate) => void readRecords(parseVaultFile(candidate), dataKey),
    restore: (earlier) => {
      const found = readRecords(parseVaultFile(earlier), dataKey)
      state = { ...state, generation: Math.max(state.generation, found.state.generation) }
      return change((next) => {
        next.clear()
        for (const [id, entry] of found.entries) next.set(id, entry)
      })
    },
    text: () => text,
    state: () => state,
    keeper: () => key.keeper,
    write: (newerThan = 0) => {
      state = { ...state, generation: Math.max(state.generation, newerThan) }
      return change(() => undefined)
    },
  }
}
