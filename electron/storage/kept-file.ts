import type * as z from 'zod'
import { coalesce } from '../async/coalesce'
import { moveAside, readIfPresent, writeFileAtomic } from './files'

/** A small file that is held in memory whole. */
export interface KeptFile<T> {
  value: T
  /** What the file is called that could not be read and was moved aside; null where all is well. */
  setAside: string | null
  /** Writes it as it is now, whole or not at all. Throws the file system's error. */
  save: () => Promise<void>
}

function parsed<T>(text: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

/** Opens a file; one that cannot be read is moved aside, and nothing of it counts. */
export async function openKept<T>(file: string, schema: z.ZodType<T>, empty: T): Promise<KeptFile<T>> {
  const text = (await readIfPresent(file))?.toString('utf8') ?? null
  // A copy: what is changed here must not become how another one begins.
  const found = text === null ? structuredClone(empty) : parsed(text, schema)
  const kept: KeptFile<T> = {
    value: found ?? structuredClone(empty),
    setAside: found === null ? await moveAside(file, Date.now()) : null,
    save: coalesce(() => writeFileAtomic(file, `${JSON.stringify(kept.value)}\n`)),
  }
  return kept
}
