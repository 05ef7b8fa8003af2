import { readdir } from 'node:fs/promises'
import path from 'node:path'

/** The newest of the vault files that could not be read and were moved aside; null where none lies there. */
export async function newestAside(file: string): Promise<string | null> {
  const prefix = `${path.basename(file)}.unreadable-`
  const names = await readdir(path.dirname(file)).catch(() => [])
  const newest = names
    .filter((name) => name.startsWith(prefix))
    .sort()
    .at(-1)
  return newest === undefined ? null : path.join(path.dirname(file), newest)
}
