import { createReadStream } from 'node:fs'
import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { GeneratedImage } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { sniffImage } from '../kinds/image-type'
import type { Redact } from '../logs/cutting'
import { roomOn } from '../storage/disk'
import { fileErrorCode, writePiecesAtomic } from '../storage/files'
import { hideInPngText } from './png-text'
import { createReaders } from './readers'
import { createThumbnails, loadSharp, type ImageFile } from './thumbnails'

export type { ImageFile }

const extensions: Readonly<Record<string, string>> = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp' }

/** `<id of the generation>-<number>`; the id is a UUID, so this can name nothing but a file of the gallery. */
const imageId = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})-\d{1,3}$/

/** The generation that an image belongs to, or null for what is no image id. */
export const generationOf = (id: string): string | null => imageId.exec(id)?.[1] ?? null

/** Thrown where a picture is larger than the room that there is for it. */
export class OutOfRoom extends Error {}

/** So many first bytes tell what kind of picture it is. */
const telling = 12

/** The pieces of a picture as they come. Throws OutOfRoom behind so many bytes. */
async function* within(pieces: AsyncIterable<Uint8Array>, room: number, count: (bytes: number) => void) {
  let length = 0
  for await (const piece of pieces) {
    length += piece.length
    if (length > room) throw new OutOfRoom('no room')
    count(piece.length)
    yield piece
  }
}

/** What kind of picture comes, by its first bytes, and all of its pieces. Throws a Problem when it is none. */
async function begun(pieces: AsyncGenerator<Uint8Array, void, undefined>) {
  let first = Buffer.alloc(0)
  while (first.length < telling) {
    const next = await pieces.next()
    if (next.done) break
    first = Buffer.concat([first, next.value])
  }
  const mime = sniffImage(first)
  if (mime === null) {
    await pieces.return()
    throw new Problem('generation.bad-image', { detail: first.length === 0 ? '0 bytes' : 'neither PNG, JPEG nor WebP' })
  }
  async function* all(): AsyncGenerator<Uint8Array, void, undefined> {
    yield first
    yield* pieces
  }
  return { mime, all }
}

/**
 * Writes a backend's picture as it comes, and returns what is known of it. Throws a Problem when it is no picture,
 * and OutOfRoom when it is larger than `room`, in bytes; nothing of it is left then. `safe` resolves when no loss
 * of power can take it away, and throws a Problem when that cannot be had.
 */
function createKeeping(fileOf: (image: Pick<GeneratedImage, 'id' | 'mime'>) => string, redact: Redact) {
  return async (
    generationId: string,
    index: number,
    { pieces, room }: { pieces: AsyncIterable<Uint8Array>; room: number },
  ): Promise<{ image: GeneratedImage; safe: Promise<void> }> => {
    let bytes = 0
    let size = { width: 0, height: 0 }
    const { mime, all } = await begun(within(pieces, room, (length) => (bytes += length)))
    const id = `${generationId}-${index}`
    const file = fileOf({ id, mime })
    try {
      await mkdir(path.dirname(file), { recursive: true })
      const { named } = await writePiecesAtomic(file, all(), async (temporary) => {
        size = await measure(temporary)
        await hideInPngText(temporary, redact)
      })
      return { image: { id, ...size, bytes, mime }, safe: named.catch(cannotKeep) }
    } catch (error) {
      return cannotKeep(error)
    }
  }
}

/**
 * The gallery's pixels: files that hold a backend's bytes, and thumbnails that are made once. What a backend wrote into
 * a PNG as text passes `redact` before it is kept; the picture itself is unchanged.
 */
export function createImages(paths: { images: string; thumbnails: string }, redact: Redact) {
  const thumbnails = createThumbnails(paths.thumbnails)
  const nameOf = ({ id, mime }: Pick<GeneratedImage, 'id' | 'mime'>) => `${id}.${extensions[mime] ?? 'bin'}`
  const fileOf = (image: Pick<GeneratedImage, 'id' | 'mime'>) =>
    path.join(paths.images, image.id.slice(0, 2), nameOf(image))
  const eraseNow = async (image: GeneratedImage) => {
    await rm(fileOf(image), { force: true })
    await thumbnails.erase(image.id)
  }
  const readers = createReaders(eraseNow)

  return {
    /** How many bytes may still be put on the disk. */
    room: (): Promise<number> => roomOn(paths.images).catch(() => roomOn(path.dirname(paths.images))),
    keep: createKeeping(fileOf, redact),
    /** The bytes as the backend made them. Throws a Problem when the file is gone. */
    async read(image: GeneratedImage): Promise<ImageFile> {
      return { bytes: await readImage(fileOf(image), image.id), mime: image.mime, name: nameOf(image) }
    },
    /** A WebP of at most 384 px, made at the first request. Throws a Problem when the picture is gone. */
    thumbnail: (image: GeneratedImage): Promise<ImageFile> => thumbnails.of(image.id, fileOf(image)),
    /** How long the file is, in bytes; null where it is gone. */
    async sizeOf(image: GeneratedImage): Promise<number | null> {
      const file = await stat(fileOf(image)).catch((error: unknown) => {
        if (fileErrorCode(error) === 'ENOENT') return null
        throw error
      })
      return file === null ? null : file.size
    },
    /** The bytes piece by piece; the file is opened when the first is asked for. */
    async *pieces(image: GeneratedImage): AsyncGenerator<Uint8Array, void, undefined> {
      for await (const piece of createReadStream(fileOf(image))) yield piece as Uint8Array // no encoding is set
    },
    /** Keeps files from being deleted while somebody reads them. Returns how to let go of them, which may be called twice. */
    hold: (images: readonly GeneratedImage[]) => readers.hold(images),
    /** Deletes a picture and its thumbnail for good: at once, or when its last reader has gone. */
    async erase(image: GeneratedImage): Promise<void> {
      if (!readers.leaveTo(image)) await eraseNow(image)
    },
    /** Resolves when what was left to readers is deleted too. */
    settled: () => readers.settled(),
  }
}

export type Images = ReturnType<typeof createImages>

async function readImage(file: string, id: string) {
  try {
    return await readFile(file)
  } catch (error) {
    if (fileErrorCode(error) !== 'ENOENT') throw error
    throw new Problem('image.not-found', { id })
  }
}

/** Throws why a picture cannot be kept, where the file system says it. */
function cannotKeep(error: unknown): never {
  const code = error instanceof Problem || error instanceof OutOfRoom ? null : fileErrorCode(error)
  if (code === null) throw error
  throw new Problem('generation.cannot-keep', { detail: code }, { cause: error })
}

async function measure(file: string): Promise<{ width: number; height: number }> {
  const sharp = await loadSharp()
  try {
    const { width, height } = await sharp(file).metadata()
    return { width, height }
  } catch (error) {
    // sharp's errors carry no code: any failure to read a header means that these bytes are no picture.
    throw new Problem('generation.bad-image', { detail: 'its header cannot be read' }, { cause: error })
  }
}
