import { access, mkdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { Problem } from '../../shared/problems'
import { fileErrorCode, writeFileAtomic } from '../storage/files'
import type { GeneratedImage } from '../../shared/contract'
import { mediaOf, pixelsOf } from '../../shared/media'
import { tileOf } from './media/tile'
import { loadSharp } from './sharp'

/** Longest side of a thumbnail, in pixels. */
const thumbnailSide = 384
const thumbnailsAtOnce = 2

/** A small picture as it is answered to a request. */
export interface ImageFile {
  bytes: Uint8Array<ArrayBuffer>
  mime: string
  name: string
}

/** Lets at most `count` tasks run at once; the others wait in line. */
function createSlots(count: number) {
  let free = count
  const waiting: (() => void)[] = []
  return async <T>(task: () => Promise<T>): Promise<T> => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}

/** The file, where it is there. Throws a Problem when it is gone. */
async function presentFile(file: string, id: string): Promise<string> {
  if (
    await access(file).then(
      () => true,
      () => false,
    )
  )
    return file
  throw new Problem('image.not-found', { id })
}

/** The picture in a file, small; null where it cannot be unpacked. */
async function small(file: string): Promise<Buffer<ArrayBuffer> | null> {
  const sharp = await loadSharp()
  const made = sharp(file)
    .resize(thumbnailSide, thumbnailSide, { fit: 'inside', withoutEnlargement: true })
    // More effort makes a twentieth less of it and takes a third longer, on cores that others wait for.
    .webp({ quality: 80, effort: 2 })
    .toBuffer()
  // sharp's errors carry no code: what it cannot unpack has a tile.
  return made.then((bytes) => Buffer.from(bytes)).catch(() => null)
}

/** Small pictures for the gallery, each made at its first request and kept in `folder`. */
export function createThumbnails(folder: string) {
  const making = new Map<string, Promise<Buffer<ArrayBuffer>>>()
  const slots = createSlots(thumbnailsAtOnce)
  const placeOf = (id: string) => path.join(folder, id.slice(0, 2), `${id}.webp`)

  async function make(image: GeneratedImage, file: string): Promise<Buffer<ArrayBuffer>> {
    const { id, mime } = image
    const bytes = await slots(async () => {
      const present = await presentFile(file, id)
      return mediaOf(mime).shown === 'image' ? small(present) : null
    })
    // Not kept: it takes no time, and what cannot be unpacked now may be another time.
    if (bytes === null) return tileOf(mime, pixelsOf(image))
    await mkdir(path.dirname(placeOf(id)), { recursive: true })
    await writeFileAtomic(placeOf(id), bytes)
    return bytes
  }

  return {
    /** Of a picture in `file`; a tile that says what it is where there is none to be made. Throws a Problem when it is gone. */
    async of(image: GeneratedImage, file: string): Promise<ImageFile> {
      const { id } = image
      const answer = (bytes: Uint8Array<ArrayBuffer>) => ({ bytes, mime: 'image/webp', name: `${id}.webp` })
      try {
        return answer(await readFile(placeOf(id)))
      } catch (error) {
        if (fileErrorCode(error) !== 'ENOENT') throw error
      }
      const running = making.get(id)
      if (running) return answer(await running)
      const made = make(image, file)
      making.set(id, made)
      try {
        return answer(await made)
      } finally {
        making.delete(id)
      }
    },
    erase: (id: string): Promise<void> => rm(placeOf(id), { force: true }),
  }
}
