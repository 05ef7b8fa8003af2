import { readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { fileErrorCode } from '../storage/files'

/** So many dumps are kept, the newest, and none for longer than so many ms: each is some megabytes of memory. */
const mostDumps = 5
const oldestMs = 30 * 24 * 60 * 60_000

interface Dump {
  file: string
  bytes: number
  /** In Unix ms. */
  at: number
}

const unlessGone =
  <T>(instead: T) =>
  (error: unknown): T => {
    if (fileErrorCode(error) === 'ENOENT') return instead
    throw error
  }

/** The crash dumps of a folder, newest first; none where there is no such folder. */
export async function crashDumps(folder: string): Promise<Dump[]> {
  const names = await readdir(folder, { recursive: true }).catch(unlessGone<string[]>([]))
  const dumps = await Promise.all(
    names
      .filter((name) => name.endsWith('.dmp'))
      .map(async (name) => {
        const file = path.join(folder, name)
        const found = await stat(file).catch(unlessGone(null))
        return found?.isFile() ? [{ file, bytes: found.size, at: Math.round(found.mtimeMs) }] : []
      }),
  )
  return dumps.flat().toSorted((a, b) => b.at - a.at)
}

/** Deletes the older crash dumps of a folder, and what the system noted beside each; nothing else that lies there. */
export async function trimCrashDumps(folder: string, now = Date.now()): Promise<void> {
  const dumps = await crashDumps(folder)
  const old = dumps.filter(({ at }, index) => index >= mostDumps || now - at > oldestMs)
  for (const { file } of old) {
    await rm(file, { force: true })
    await rm(file.replace(/\.dmp$/, '.meta'), { force: true })
  }
}
