import { open } from 'node:fs/promises'
import { Problem } from '../../../shared/problems'
import type { MediaMime } from '../../../shared/media'
import { loadSharp } from '../sharp'
import { avifSize } from './avif'
import { exrSize } from './exr'
import { mp4Size } from './mp4'
import type { Pixels, ReadAt } from './source'
import { webmSize } from './webm'

/** The size of a picture that sharp reads. Throws a Problem where its header cannot be read. */
async function pictureSize(file: string): Promise<Pixels> {
  const sharp = await loadSharp()
  try {
    const { width, height } = await sharp(file).metadata()
    return { width, height }
  } catch (error) {
    // sharp's errors carry no code: any failure to read a header means that these bytes are no picture.
    throw new Problem('generation.bad-image', { detail: 'its header cannot be read' }, { cause: error })
  }
}

/** So much is read in one go, in bytes: headers are many small parts. */
const windowBytes = 16 * 1024

/** What a header tells by our own reading; none unpacks anything, and each looks at a bounded number of parts. */
async function headerSize(file: string, by: (read: ReadAt, bytes: number) => Promise<Pixels | null>) {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const fresh = async (at: number, length: number) => {
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - at)))
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, at)
      return bytes.subarray(0, bytesRead)
    }
    let window = { at: 0, bytes: await fresh(0, windowBytes) }
    const read: ReadAt = async (at, length) => {
      const isThere = at >= window.at && at + length <= window.at + window.bytes.length
      if (!isThere) window = { at, bytes: await fresh(at, Math.max(length, windowBytes)) }
      return window.bytes.subarray(at - window.at, at - window.at + length)
    }
    return await by(read, size)
  } finally {
    await handle.close()
  }
}

/**
 * The size of a file of a type, as it is shown, by its header alone; null where that does not tell. Throws a Problem for
 * a PNG, JPEG, WebP or GIF whose header cannot be read.
 */
export function sizeOf(file: string, mime: MediaMime): Promise<Pixels | null> {
  switch (mime) {
    case 'image/png':
    case 'image/jpeg':
    case 'image/webp':
    case 'image/gif':
      return pictureSize(file)
    case 'image/avif':
      return headerSize(file, avifSize)
    case 'image/x-exr':
      return headerSize(file, exrSize)
    case 'video/mp4':
    case 'video/quicktime':
      return headerSize(file, mp4Size)
    case 'video/webm':
    case 'video/x-matroska':
      return headerSize(file, webmSize)
    default:
      return mime satisfies never
  }
}
