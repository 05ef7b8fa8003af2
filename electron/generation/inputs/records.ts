import * as z from 'zod'
import { InputImage, type AccountId } from '../../../shared/contract'
import type { Database } from '../../storage/database'

const Row = z.object({
  id: z.string(),
  account: z.string(),
  mime: InputImage.shape.mime,
  width: z.number(),
  height: z.number(),
  bytes: z.number(),
  image_id: z.string().nullable(),
  created_at: z.number(),
})

/** A picture that was given, and whose it is. */
export interface KeptInput extends InputImage {
  account: AccountId
}

/** What is known of the pictures that were given. Their bytes are files. */
export interface InputRecords {
  add(input: KeptInput, hash: string): void
  find(id: string): KeptInput | null
  /** The same picture of the same account. */
  same(account: AccountId, hash: string, imageId: string | null): KeptInput | null
  /** Has it kept as if it were given at that moment. */
  renew(id: string, at: number): void
  /** Those that were given before a moment, and that no generation names. */
  unused(before: number): KeptInput[]
  remove(id: string): void
  /** How many bytes an account keeps that no generation names. */
  unusedBytes(account: AccountId): number
}

const unnamed = 'NOT EXISTS (SELECT 1 FROM generation_inputs g WHERE g.input = i.id)'

export function createInputRecords(database: Database): InputRecords {
  const prepared = {
    add: database.prepare(
      `INSERT INTO inputs (id, account, hash, mime, width, height, bytes, image_id, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    find: database.prepare('SELECT * FROM inputs WHERE id = ?'),
    same: database.prepare('SELECT * FROM inputs WHERE account = ? AND hash = ? AND image_id IS ?'),
    renew: database.prepare('UPDATE inputs SET created_at = ? WHERE id = ?'),
    unused: database.prepare(`SELECT * FROM inputs i WHERE created_at < ? AND ${unnamed}`),
    remove: database.prepare('DELETE FROM inputs WHERE id = ?'),
    bytes: database.prepare(`SELECT coalesce(sum(bytes), 0) AS bytes FROM inputs i WHERE account = ? AND ${unnamed}`),
  }
  const read = (row: unknown): KeptInput => {
    const { image_id: imageId, created_at: createdAt, ...rest } = Row.parse(row)
    return { ...rest, imageId, createdAt }
  }
  const readIf = (row: unknown): KeptInput | null => (row === undefined ? null : read(row))
  return {
    add({ id, account, mime, width, height, bytes, imageId, createdAt }, hash) {
      prepared.add.run(id, account, hash, mime, width, height, bytes, imageId, createdAt)
    },
    find: (id) => readIf(prepared.find.get(id)),
    same: (account, hash, imageId) => readIf(prepared.same.get(account, hash, imageId)),
    renew: (id, at) => void prepared.renew.run(at, id),
    unused: (before) => prepared.unused.all(before).map(read),
    remove: (id) => void prepared.remove.run(id),
    unusedBytes: (account) => z.object({ bytes: z.number() }).parse(prepared.bytes.get(account)).bytes,
  }
}
