import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'

// Neither a link nor a pipe that came in the meantime is waited for; Windows knows neither flag.
export const unlinked = (constants as Partial<typeof constants>).O_NOFOLLOW ?? 0
export const unblocked = (constants as Partial<typeof constants>).O_NONBLOCK ?? 0

/**
 * Opens an ordinary file in a folder into which others write: whatever they have put in its place is refused. A link
 * would lead anywhere, and a pipe keep one of node's few threads for files for ever. Throws the file system's error,
 * `EINVAL` for what is no ordinary file. `flags`: as of `open(2)`.
 */
export async function openOrdinary(file: string, flags = constants.O_RDONLY, mode?: number): Promise<FileHandle> {
  const handle = await open(file, flags | unlinked | unblocked, mode)
  try {
    if ((await handle.stat()).isFile()) return handle
  } catch (error) {
    await handle.close()
    throw error
  }
  await handle.close()
  throw Object.assign(new Error('no ordinary file'), { code: 'EINVAL' })
}
