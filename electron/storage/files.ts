import { randomBytes } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { open, readdir, readFile, readlink, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** For files that hold secrets: nobody but the owner. Windows ignores it; there the folder's rights count. */
const ownerOnly = 0o600

/** The `code` of a file system error (`ENOENT`, …), or null for anything else. */
export function fileErrorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}

/** The bytes of a file, or null if there is none. Other failures are thrown as they are. */
export async function readIfPresent(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file)
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return null
    throw error
  }
}

/**
 * Replaces a file's content so that a reader, or a crash at any instant, sees the old bytes or the new ones, never a
 * mixture: temporary file beside it, fsync, rename, fsync of the folder. Mode and owner of an existing file are kept,
 * a new one is for its owner only, a symbolic link is followed to its target.
 * Throws the file system's error; the temporary file is then gone and the old content untouched.
 */
export async function writeFileAtomic(file: string, data: string | Uint8Array): Promise<void> {
  const target = await targetOf(file)
  const before = await statIfPresent(target)
  if (before && !canGiveOwner(before)) {
    await writeInPlace(target, data)
    return
  }
  const folder = path.dirname(target)
  const temporary = path.join(folder, temporaryName(target, randomBytes(6).toString('hex')))
  try {
    const handle = await open(temporary, 'wx', ownerOnly)
    try {
      await handle.writeFile(data)
      if (before && process.platform !== 'win32') await takeOver(handle, before)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await renamePatiently(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true })
    // On Linux a file that is itself a mount point can be rewritten but not replaced.
    if (process.platform === 'win32' || fileErrorCode(error) !== 'EBUSY') throw error
    await writeInPlace(target, data)
    return
  }
  await syncFolder(folder)
}

/**
 * Makes a new file of pieces as they come: complete under its name, or not at all. `check` is given the temporary file
 * when all is in it, and may change or refuse it; it resolves with whether it has changed it. Throws what the pieces and the check throw, and the file system's
 * error; nothing is left then. `named` resolves when a loss of power cannot take its name away either, so that
 * whoever has something else to do meanwhile need not wait for the disk.
 */
export async function writePiecesAtomic(
  file: string,
  pieces: AsyncIterable<Uint8Array>,
  check: (temporary: string) => Promise<boolean>,
): Promise<{ named: Promise<void> }> {
  const folder = path.dirname(file)
  const temporary = path.join(folder, temporaryName(file, randomBytes(6).toString('hex')))
  try {
    const handle = await open(temporary, 'wx', ownerOnly)
    try {
      for await (const piece of pieces) await handle.appendFile(piece)
      // It goes to the disk while it is checked, and what the check has changed after that: its length and bytes are all
      // that is needed of it, and its name is safe with the folder.
      const [isChanged] = await Promise.all([check(temporary), handle.datasync()])
      if (isChanged) await handle.datasync()
    } finally {
      await handle.close()
    }
    await renamePatiently(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  return { named: syncFolder(folder) }
}

const temporaryName = (target: string, mark: string) => `.${path.basename(target)}.${mark}.tmp`

/**
 * Deletes the temporary files that a killed process left beside a file: they may hold a secret. Call it only while
 * nobody writes the file.
 */
export async function removeLeftovers(file: string): Promise<void> {
  const target = await targetOf(file)
  const [before = '', after = ''] = temporaryName(target, '\0').split('\0')
  // A folder that cannot be listed is told by whatever is written there next.
  const names = await readdir(path.dirname(target)).catch(() => [])
  const isLeftover = (name: string) =>
    name.startsWith(before) && name.endsWith(after) && /^[0-9a-f]{12}$/.test(name.slice(before.length, -after.length))
  for (const name of names.filter(isLeftover)) await rm(path.join(path.dirname(target), name), { force: true })
}

/** Temporary names of our own, and of the configuration store's (`atomically`). */
const temporaryNames = [/^\..+\.[0-9a-f]{12}\.tmp$/, /\.json\.tmp-[0-9a-f]+$/]

/** Deletes every temporary file in a folder of Regie's own, where nobody else makes any. */
export async function clearTemporaries(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((one) => temporaryNames.some((pattern) => pattern.test(one))))
    await rm(path.join(folder, name), { force: true })
}

/**
 * Rewrites a file's content and keeps the file itself: for files that a container mounts one by one, where a rename
 * would leave the old content mounted. Not atomic: a crash in the middle leaves a torn file.
 * A missing file is created for its owner only. Throws the file system's error.
 */
export async function writeInPlace(file: string, data: string | Uint8Array): Promise<void> {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  const handle = await open(file, constants.O_RDWR | constants.O_CREAT, ownerOnly)
  try {
    const { size } = await handle.stat()
    // What makes the file longer goes first: where the disk has no room for it, the old content is still whole.
    if (bytes.length > size) {
      await writeFully(handle, bytes, { from: size, to: bytes.length }).catch(async (error: unknown) => {
        await handle.truncate(size)
        throw error
      })
    }
    await writeFully(handle, bytes, { from: 0, to: Math.min(size, bytes.length) })
    await handle.truncate(bytes.length)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Writes bytes where they stand in the file, or from `at` on. A write may take less than it was given. */
export async function writeFully(
  handle: Pick<FileHandle, 'write'>,
  bytes: Uint8Array,
  { from, to, at = from }: { from: number; to: number; at?: number },
): Promise<void> {
  for (let next = from; next < to;) {
    const { bytesWritten } = await handle.write(bytes, next, to - next, at + next - from)
    next += bytesWritten
  }
}

/**
 * Appends lines to a file and waits until they are on disk. Where a crash has left the file without its last line end,
 * that is written with them, so that nothing is glued to what stands there. A missing file is created for its owner
 * only. Throws the file system's error; what a full disk took of the text is then gone again.
 */
export async function appendDurably(file: string, lines: string): Promise<void> {
  const handle = await open(file, 'a+', ownerOnly)
  try {
    const { size } = await handle.stat()
    const text = (await endsInLine(handle, size)) ? lines : `\n${lines}`
    try {
      await handle.appendFile(text)
      await handle.datasync()
    } catch (error) {
      await handle.truncate(size)
      throw error
    }
  } finally {
    await handle.close()
  }
}

async function endsInLine(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
  return bytesRead === 0 || buffer[0] === '\n'.charCodeAt(0)
}

/** Renames a file that could not be read to `<file>.unreadable-<time>` and returns its new path. */
export async function moveAside(file: string, now: number): Promise<string> {
  for (let time = now; ; time++) {
    const kept = `${file}.unreadable-${time}`
    if (await statIfPresent(kept)) continue
    await renamePatiently(file, kept)
    await syncFolder(path.dirname(file))
    return kept
  }
}

const statIfPresent = (file: string) =>
  stat(file).catch((error: unknown) => {
    if (fileErrorCode(error) === 'ENOENT') return null
    throw error
  })

/** Where the bytes really lie, or will lie: a link may point at a file that does not exist yet. */
async function targetOf(file: string): Promise<string> {
  try {
    return await realpath(file)
  } catch (error) {
    if (fileErrorCode(error) !== 'ENOENT') throw error
    const link = await readlink(file).catch(() => null)
    return link === null ? path.resolve(file) : path.resolve(path.dirname(file), link)
  }
}

/** Whether a file can be replaced by another one: one of another user cannot, for it would change its owner. */
export async function isReplaceable(file: string): Promise<boolean> {
  const before = await statIfPresent(await targetOf(file))
  return before === null || canGiveOwner(before)
}

/** Only root may give a file away, so a file of another user keeps its owner only when it is rewritten in place. */
const canGiveOwner = (stats: Stats) => {
  const me = process.geteuid?.() ?? 0
  return me === 0 || stats.uid === me
}

async function takeOver(handle: FileHandle, before: Stats) {
  const now = await handle.stat()
  if (now.uid !== before.uid || now.gid !== before.gid) {
    await handle.chown(before.uid, before.gid).catch((error: unknown) => {
      // A group that the user is not in cannot be given; the owner is right all the same.
      if (fileErrorCode(error) !== 'EPERM') throw error
    })
  }
  await handle.chmod(before.mode & 0o7777)
}

/** On Windows a virus scanner or a reader may hold the target for a moment; elsewhere the first try decides. */
async function renamePatiently(from: string, to: string) {
  for (let attempt = 0; ; attempt++) {
    try {
      await rename(from, to)
      return
    } catch (error) {
      const held = ['EPERM', 'EACCES', 'EBUSY'].includes(fileErrorCode(error) ?? '')
      if (process.platform !== 'win32' || !held || attempt >= 8) throw error
      await wait(10 * 2 ** attempt)
    }
  }
}

/** Puts what a file holds on the disk, before it takes the place of another. */
export async function syncFile(file: string): Promise<void> {
  // Windows wants the right to write for that; elsewhere a file that may only be read is put there as well.
  const handle = await open(file, process.platform === 'win32' ? 'r+' : 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A rename is on disk only when its folder is. Windows has no such call and needs none. */
export async function syncFolder(folder: string) {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } catch (error) {
    // Some network and FUSE file systems cannot sync a folder.
    if (!['EINVAL', 'ENOTSUP', 'EISDIR'].includes(fileErrorCode(error) ?? '')) throw error
  } finally {
    await handle.close()
  }
}
