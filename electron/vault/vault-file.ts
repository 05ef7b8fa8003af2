import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { Problem } from '../../shared/problems'
import { AuditHead } from '../audit/chain'
import { keyBytes, seal, unseal } from './cipher'
import { carriedKeeper, WrappedKeySchema, type KeyKeeper, type WrappedKey } from './keepers'

/** What a vault holds: anything with an id. The rest of it is its owner's concern. */
export interface Sealed {
  id: string
}

/** What a vault must know of its records. */
export interface RecordKind<R extends Sealed> {
  /** Reads what was sealed, by this version or an earlier one. */
  schema: z.ZodType<R>
  /** Every string in a record that must never be shown. */
  secretsOf: (record: R) => string[]
}

const fileVersion = 1

const HeaderSchema = z.object({ format: z.literal('regie-vault'), version: z.number().int().positive() })

/** The vault file. Everything about a record is inside its seal; outside stand only its id and revision. */
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
  /** When the file was written; absent in files of earlier Regies, like the next two. */
  at: z.number().optional(),
  /** The last line of the audit log then: a forged log cannot fit it. */
  audit: AuditHead.optional(),
  /** The data key was made for its keeper: earlier Regies handed one key from keeper to keeper, and into exports. */
  ownKey: z.literal(true).optional(),
})

/** Which of the vault's states a file holds. */
export interface BookState {
  generation: number
  at: number | null
  /** The end of the audit log when it was written. */
  audit: AuditHead | null
  /** Whether no other keeper ever had the data key. */
  ownKey: boolean
}

/** A record and how it is sealed under the present data key. */
export interface Entry<R extends Sealed> {
  record: R
  revision: number
  sealed: string
}
export type Entries<R extends Sealed> = ReadonlyMap<string, Entry<R>>

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
export function readVault<R extends Sealed>(
  schema: z.ZodType<R>,
  file: VaultFile,
  dataKey: Buffer,
): { entries: Entries<R>; state: BookState } {
  const manifest = read(ManifestSchema, dataKey, file.manifest, manifestContext)
  const entries = new Map<string, Entry<R>>()
  for (const { id, revision, sealed } of file.records) {
    const record = read(schema, dataKey, sealed, recordContext(id, revision))
    if (manifest.revisions[id] !== revision || record.id !== id) throw new Problem('vault.tampered')
    entries.set(id, { record, revision, sealed })
  }
  if (entries.size !== Object.keys(manifest.revisions).length) throw new Problem('vault.tampered')
  const { generation, at = null, audit = null, ownKey = false } = manifest
  return { entries, state: { generation, at, audit, ownKey } }
}

function read<T>(schema: z.ZodType<T>, dataKey: Buffer, sealed: string, context: string): T {
  const plain = unseal(dataKey, Buffer.from(sealed, 'base64url'), context)
  // What the seal proves was written by us; a shape that does not fit is a damaged file all the same.
  const parsed = schema.safeParse(JSON.parse(plain.toString('utf8')))
  if (!parsed.success) throw new Problem('vault.tampered')
  return parsed.data
}

/** Which state a vault file holds. Throws as `readVault` does. */
export const stateIn = (schema: z.ZodType<Sealed>, text: string, dataKey: Buffer): BookState =>
  readVault(schema, parseVaultFile(text), dataKey).state

/** The records of a vault file that its key opens. Throws as `readVault` does. */
export const recordsIn = <R extends Sealed>(schema: z.ZodType<R>, text: string, dataKey: Buffer): R[] =>
  [...readVault(schema, parseVaultFile(text), dataKey).entries.values()].map(({ record }) => record)

/** A record, sealed. */
export function entryOf<R extends Sealed>(record: R, revision: number, dataKey: Buffer): Entry<R> {
  const sealed = seal(dataKey, JSON.stringify(record), recordContext(record.id, revision))
  return { record, revision, sealed: sealed.toString('base64url') }
}

/** The text of a vault file. The entries must be sealed with the same data key. */
export function textOf(of: { key: WrappedKey; entries: Entries<Sealed>; state: BookState; dataKey: Buffer }): string {
  const list = [...of.entries]
  const { generation, at, audit, ownKey } = of.state
  const manifest: z.infer<typeof ManifestSchema> = {
    generation,
    revisions: Object.fromEntries(list.map(([id, { revision }]) => [id, revision])),
    ...(at === null ? {} : { at }),
    ...(audit === null ? {} : { audit }),
    ...(ownKey ? { ownKey } : {}),
  }
  const content: VaultFile = {
    format: 'regie-vault',
    version: fileVersion,
    key: of.key,
    manifest: seal(of.dataKey, JSON.stringify(manifest), manifestContext).toString('base64url'),
    records: list.map(([id, { revision, sealed }]) => ({ id, revision, sealed })),
  }
  return `${JSON.stringify(content, null, 1)}\n`
}

/** The same records, sealed with another data key. */
export const resealed = <R extends Sealed>(entries: Entries<R>, dataKey: Buffer): Map<string, Entry<R>> =>
  new Map([...entries].map(([id, { record, revision }]) => [id, entryOf(record, revision, dataKey)]))

/** A vault as `sealedForBackup` gave it. */
export interface CarriedVault {
  text: string
  key: string
}

/** How many records it holds, each of them opened. Throws as `readVault` does, and `vault.wrong-key`. */
export const countCarried = async (schema: z.ZodType<Sealed>, carried: CarriedVault): Promise<number> =>
  (await openCarried(schema, carried)).entries.size

async function openCarried<R extends Sealed>(schema: z.ZodType<R>, { text, key }: CarriedVault) {
  const file = parseVaultFile(text)
  return readVault(schema, file, await carriedKeeper(key).unwrap(file.key))
}

/**
 * The same vault for another keeper, under a new data key: what was sealed for the backup opens nothing of it any more.
 * Nothing is written but what the keeper itself writes. Throws as `readVault` does, and what the keeper throws.
 */
export async function carriedTo<R extends Sealed>(
  schema: z.ZodType<R>,
  carried: CarriedVault,
  keeper: KeyKeeper,
): Promise<string> {
  const { entries, state } = await openCarried(schema, carried)
  const dataKey = randomBytes(keyBytes)
  const key = await keeper.wrap(dataKey)
  return textOf({ key, entries: resealed(entries, dataKey), state: { ...state, ownKey: true }, dataKey })
}
