import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { Problem } from '../../shared/problems'
import { fileErrorCode, writeFileAtomic } from '../storage/files'
import { keyBytes, seal, unseal } from './cipher'
import { WrappedKeySchema, type WrappedKey } from './keepers'
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
})

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
export function openBook(path: string, file: VaultFile, dataKey: Buffer): Book {
  const manifest = read(ManifestSchema, dataKey, file.manifest, manifestContext)
  const entries = new Map<string, Entry>()
  for (const { id, revision, sealed } of file.records) {
    const record = read(RecordSchema, dataKey, sealed, recordContext(id, revision))
    if (manifest.revisions[id] !== revision || record.id !== id) throw new Problem('vault.tampered')
    entries.set(id, { record, revision, sealed })
  }
  if (entries.size !== Object.keys(manifest.revisions).length) throw new Problem('vault.tampered')
  return createBook(path, file.key, dataKey, { entries, generation: manifest.generation })
}

/** Makes an empty vault and writes its file. The caller has made sure that there is none. */
export async function newBook(path: string, wrap: (dataKey: Buffer) => Promise<WrappedKey>): Promise<Book> {
  const dataKey = randomBytes(keyBytes)
  const book = createBook(path, await wrap(dataKey), dataKey, { entries: new Map(), generation: 0 })
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
  key: WrappedKey,
  dataKey: Buffer,
  start: { entries: Map<string, Entry>; generation: number },
): Book & { write(): Promise<void> } {
  let entries = start.entries
  let generation = start.generation
  let last: Promise<unknown> = Promise.resolve()

  const save = async (next: Map<string, Entry>) => {
    const list = [...next]
    const manifest = JSON.stringify({
      generation: generation + 1,
      revisions: Object.fromEntries(list.map(([id, { revision }]) => [id, revision])),
    })
    const content: VaultFile = {
      format: 'regie-vault',
      version: fileVersion,
      key,
      manifest: seal(dataKey, manifest, manifestContext).toString('base64url'),
      records: list.map(([id, { revision, sealed }]) => ({ id, revision, sealed })),
    }
    try {
      await writeFileAtomic(path, `${JSON.stringify(content, null, 1)}\n`)
    } catch (error) {
      throw new Problem('vault.write-failed', { code: fileErrorCode(error) ?? 'unknown' }, { cause: error })
    }
    generation += 1
    entries = next
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

  return {
    find: (id) => entries.get(id)?.record ?? null,
    all: () => [...entries.values()].map(({ record }) => record),
    add: (record) => change((next) => next.set(record.id, entryOf(record, 1))),
    edit: (id, edit) =>
      change((next) => {
        const entry = next.get(id)
        if (entry) next.set(id, entryOf(edit(entry.record), entry.revision + 1))
      }),
    remove: (id) => change((next) => next.delete(id)),
    write: () => change(() => undefined),
  }
}
