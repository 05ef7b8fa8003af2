import type * as z from 'zod'
import { readIfPresent, writeInPlace } from './files'

/** Wide enough for every mark, so that rewriting one needs no new room, even on a full disk. */
const width = 256

/** A small note in a file of its own. */
export interface Mark<T> {
  /** Null where there is none, or none that can be read. */
  read(): Promise<T | null>
  /** Throws the file system's error. */
  write(value: T): Promise<void>
}

/**
 * Keeps a note of a few numbers that is rewritten often. It is overwritten in one piece in place: there is never a
 * temporary file, and no crash of this process leaves half of it.
 */
export const openMark = <T>(file: string, schema: z.ZodType<T>): Mark<T> => ({
  async read() {
    try {
      return schema.safeParse(JSON.parse((await readIfPresent(file))?.toString('utf8') ?? 'null')).data ?? null
    } catch (error) {
      if (error instanceof SyntaxError) return null
      throw error
    }
  },
  write: (value) => writeInPlace(file, `${JSON.stringify(value).padEnd(width - 1)}\n`),
})
