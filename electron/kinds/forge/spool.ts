import { Buffer } from 'node:buffer'
import { mkdir, mkdtemp, open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Problem } from '../../../shared/problems'
import { roomOn } from '../../storage/disk'
import type { BackendImage } from '../backend'
import { createPictureScan, type PictureRange } from './picture-scan'

/** An answer with pictures, held until it is read. */
export interface Spooled {
  /** The JSON with empty texts in place of the pictures. */
  rest: Buffer
  images: BackendImage[]
  /** Lets go of it, and takes it off the disk. */
  release: () => Promise<void>
}

const pieceBytes = 64 * 1024

/** An answer that is no longer is held in memory: it is there for a moment only, and most are one picture. */
const usuallyHeld = 4 * 2 ** 20

/** So many bytes from a place on, or fewer where it ends. */
type ReadAt = (at: number, length: number) => Promise<Buffer>

/** The bytes of one picture, decoded piece by piece. */
async function* decoded(read: ReadAt, { from, to }: PictureRange): AsyncGenerator<Uint8Array, void, undefined> {
  let left = ''
  for (let at = from; at < to;) {
    const piece = await read(at, Math.min(pieceBytes, to - at))
    if (piece.length === 0) return
    const text = left + piece.toString('latin1')
    // `data:image/png;base64,` may stand before it, and JSON may escape a slash.
    const base64 = (at === from ? text.replace(/^data:[^,]{0,100},/, '') : text).replaceAll('\\', '')
    at += piece.length
    const whole = at < to ? base64.length - (base64.length % 4) : base64.length
    left = base64.slice(whole)
    if (whole > 0) yield Buffer.from(base64.slice(0, whole), 'base64')
  }
}

/** A file of its own in a folder, which is made where it is missing. */
async function openSpool(folder: string) {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const room = await roomOn(folder)
  const own = await mkdtemp(path.join(folder, '.spool-'))
  const file = await open(path.join(own, 'answer'), 'wx+', 0o600)
  return {
    room,
    file,
    async remove() {
      await file.close()
      await rm(own, { recursive: true, force: true })
    },
  }
}

async function readFrom(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at)
  return buffer.subarray(0, bytesRead)
}

/** Where an answer lies while it comes and is read: in memory, and on disk once it is longer than `held`. */
function createKeep(folder: string, held: number) {
  let pieces: Buffer[] = []
  let length = 0
  let spool: Awaited<ReturnType<typeof openSpool>> | null = null
  return {
    /** Throws `disk.full` where there is no room for it. */
    async add(piece: Buffer): Promise<void> {
      length += piece.length
      pieces.push(piece)
      if (length <= held) return
      spool ??= await openSpool(folder)
      if (length > spool.room) throw new Problem('disk.full', { path: folder })
      for (const one of pieces) await spool.file.appendFile(one)
      pieces = []
    },
    /** How to read it, once all of it is there. */
    reader(): ReadAt {
      if (spool) {
        const { file } = spool
        return (at, count) => readFrom(file, at, count)
      }
      const all = Buffer.concat(pieces)
      pieces = [all]
      return (at, count) => Promise.resolve(all.subarray(at, at + count))
    },
    async release() {
      pieces = []
      await spool?.remove()
    },
  }
}

interface Spooling {
  /** Made where it is missing; left out, the system's own for temporary files. */
  folder?: string | undefined
  limit: number
  held?: number
  tooLong: () => Problem
}

/**
 * Puts an answer with pictures in base64 on disk as it comes, but for one that is no longer than `held`, in bytes. Throws
 * what its pieces throw, `disk.full` where the disk has no room for it, and `tooLong()` for one that is longer than
 * `limit`, in bytes; nothing is left of it then.
 */
export async function spoolAnswer(
  pieces: AsyncIterable<Buffer>,
  { folder = tmpdir(), limit, held = usuallyHeld, tooLong }: Spooling,
): Promise<Spooled> {
  const keep = createKeep(folder, held)
  try {
    const scan = createPictureScan()
    let length = 0
    for await (const piece of pieces) {
      length += piece.length
      if (length > limit || !scan.push(piece)) throw tooLong()
      await keep.add(piece)
    }
    const read = keep.reader()
    const images = scan.pictures.map((range) => ({ pieces: () => decoded(read, range), place: null, name: null }))
    return { rest: scan.rest(), images, release: () => keep.release() }
  } catch (error) {
    await keep.release()
    throw error
  }
}
