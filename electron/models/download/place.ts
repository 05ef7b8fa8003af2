import { stat, unlink } from 'node:fs/promises'
import path from 'node:path'
import { Problem } from '../../../shared/problems'
import { syncFolder } from '../../storage/files'
import { openOrdinary } from '../../storage/ordinary'
import { nameFreely } from '../changing'
import { readHeader } from '../headers'
import { lookAt } from '../scan'
import type { ModelThread } from '../thread'

/** No bound: what was fetched from a network is slower than any disk. */
const hashBytesPerS = 4e9

/** Throws where what was fetched is not what was asked for, by its hash or, without one, by its own header. */
export async function verify(
  part: string,
  { name, sha256 }: { name: string; sha256: string | null },
  thread: Pick<ModelThread, 'hash'>,
  signal: AbortSignal,
): Promise<void> {
  if (sha256 !== null) {
    const found = await thread.hash(part, { bytesPerS: hashBytesPerS, signal })
    if (found?.sha256 !== sha256) throw new Problem('library.wrong-hash')
  }
  // A part has an end of its own, so that the format is told by the name that it gets.
  if ((await readHeader(part, name)).header === 'refused') throw new Problem('library.no-model')
}

/**
 * Whether a whole file has come under its name already, when the panel ended just there: its part, if it is left, is then
 * taken away. `placing` is the inode that was about to get the name. Throws `library.taken` where another file has the
 * name, before anything more is fetched.
 */
export async function isPlaced(part: string, target: string, placing: string | undefined): Promise<boolean> {
  const [there, left] = await Promise.all([lookAt(target), lookAt(part)])
  if (!there) return false
  if (there.inode !== (left?.inode ?? placing)) throw new Problem('library.taken', { name: path.basename(target) })
  if (left) await unlink(part)
  return true
}

/** Puts a whole file under its name, where there is none: for everybody to read, as its folder's owner where that can be. */
export async function place(part: string, target: string): Promise<void> {
  const folder = path.dirname(target)
  if (process.platform !== 'win32') {
    // By what was opened: a link that a service has put there would give away the file that it leads to.
    const file = await openOrdinary(part)
    try {
      await file.chmod(0o644)
      const { uid, gid } = await stat(folder)
      // Only the system's administrator gives files away: a container's user then has what is in his folder.
      if (process.geteuid?.() === 0) await file.chown(uid, gid)
    } finally {
      await file.close()
    }
  }
  await nameFreely(part, target)
  await syncFolder(folder)
}
