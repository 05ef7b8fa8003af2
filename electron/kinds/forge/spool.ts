import { Buffer } from 'node:buffer'
import { mkdir, mkdtemp, open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Problem } from '../../../shared/problems'
import { roomOn } from '../../storage/disk'
import type { BackendImage } from '../backend'
import { createPictureScan, type PictureRange } from './picture-scan'

/** An answer with pictures that lies on disk. */
export interface Spooled {
  /** The JSON with empty texts in place of the pictures. */
  rest: Buffer
  images: BackendImage[]
  /** Takes it off the disk. */
  release: () => Promise<void>
}

const pieceBytes = 64 * 1024

/** The bytes of one picture, decoded piece by piece. */
async function* decoded(file: FileHandle, { from, to }: PictureRange): AsyncGenerator<Uint8Array, void, undefined> {
  const piece = Buffer.alloc(pieceBytes)
  let left = ''
  for (let at = from; at < to;) {
    const { bytesRead } = await file.read(piece, 0, Math.min(pieceBytes, to - at), at)
    if (bytesRead === 0) return
    const text = left + piece.toString('latin1', 0, bytesRead)
    // `data:image/png;base64,` may stand before it, and JSON may escape a slash.
    const base64 = (at === from ? text.replace(/^data:[^,]{0,100},/, '') : text).replaceAll('\\', '')
    at += bytesRead
    const whole = at < to ? base64.length - (base64.length % 4) : base64.length
    left = base64.slice(whole)
    if (whole > 0) yield Buffer.from(base64.slice(0, whole), 'base64')
  }
}

/**
 * Puts an answer with pictures in base64 on disk as it comes. Nothing of it is held in memory but one piece. Throws
 * what its pieces throw, `disk.full` where the disk has no room for it, and `tooLong()` for one that is longer than
 * `limit`, in bytes; nothing is left of it then. `folder`: made where it is missing; left out, the system's own for temporary files.
 */
export async function spoolAnswer(
  pieces: AsyncIterable<Buffer>,
  { folder = tmpdir(), limit, tooLong }: { folder?: string | undefined; limit: number; tooLong: () => Problem },
): Promise<Spooled> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const room = await roomOn(folder)
  const own = await mkdtemp(path.join(folder, '.spool-'))
  const file = await open(path.join(own, 'answer'), 'wx+', 0o600)
  const release = async () => {
    await file.close()
    await rm(own, { recursive: true, force: true })
  }
  try {
    const scan = createPictureScan()
    let length = 0
    for await (const piece of pieces) {
      length += piece.length
      if (length > limit || !scan.push(piece)) throw tooLong()
      if (length > room) throw new Problem('disk.full', { path: folder })
      await file.appendFile(piece)
    }
    const images = scan.pictures.map((range) => ({ pieces: () => decoded(file, range), place: null, name: null }))
    return { rest: scan.rest(), images, release }
  } catch (error) {
    await release()
    throw error
  }
}
