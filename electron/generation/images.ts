import { createReadStream, openAsBlob } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { GeneratedImage } from '../../shared/contract'
import { mediaOf, type MediaMime } from '../../shared/media'
import { Problem } from '../../shared/problems'
import { sniffMedia, tellingBytes } from '../kinds/image-type'
import type { Redact } from '../logs/cutting'
import { roomOn } from '../storage/disk'
import { fileErrorCode, writePiecesAtomic } from '../storage/files'
import { sizeOf } from './media/size'
import type { Pixels } from './media/source'
import { hideInPngText } from './png-text'
import { createReaders } from './readers'
import { createThumbnails, type ImageFile } from './thumbnails'

export type { ImageFile }

/** `<id of the generation>-<number>`; the id is a UUID, so this can name nothing but a file of the gallery. */
const imageId = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})-\d{1,3}$/

/** The generation that an image belongs to, or null for what is no image id. */
export const generationOf = (id: string): string | null => imageId.exec(id)?.[1] ?? null

/** Thrown where a picture is larger than the room that there is for it. */
export class OutOfRoom extends Error {}

/** Thrown for a file that is none of the types that are kept. */
export class OtherFile extends Error {
  constructor(
    /** Whether there was nothing in it. */
    readonly isEmpty: boolean,
  ) {
    super('no type that is kept')
  }
}

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

/** What type of file comes, by its first bytes, and all of its pieces. Throws OtherFile when it is none that is kept. */
async function begun(pieces: AsyncGenerator<Uint8Array, void, undefined>) {
  let first = Buffer.alloc(0)
  while (first.length < tellingBytes) {
    const next = await pieces.next()
    if (next.done) break
    first = Buffer.concat([first, next.value])
  }
  const mime = sniffMedia(first)
  if (mime === null) {
    await pieces.return()
    throw new OtherFile(first.length === 0)
  }
  async function* all(): AsyncGenerator<Uint8Array, void, undefined> {
    yield first
    yield* pieces
  }
  return { mime, all }
}

/** Of a file that does not tell its size. */
const unknown = { width: null, height: null }

/**
 * Writes a backend's file as it comes, and returns what is known of it. Throws OtherFile when it is of no type that is
 * kept, a Problem when it is a broken picture, and OutOfRoom when it is larger than `room`, in bytes; nothing of it is
 * left then. `safe` resolves when no loss of power can take it away, and throws a Problem when that cannot be had.
 */
function createKeeping(fileOf: (image: { id: string; mime: MediaMime }) => string, redact: Redact) {
  return async (
    generationId: string,
    index: number,
    { pieces, room }: { pieces: AsyncIterable<Uint8Array>; room: number },
  ): Promise<{ image: GeneratedImage; safe: Promise<void> }> => {
    let bytes = 0
    const measured: { size: Pixels | null } = { size: null }
    const { mime, all } = await begun(within(pieces, room, (length) => (bytes += length)))
    const id = `${generationId}-${index}`
    const file = fileOf({ id, mime })
    try {
      await mkdir(path.dirname(file), { recursive: true })
      const { named } = await writePiecesAtomic(file, all(), async (temporary) => {
        measured.size = await sizeOf(temporary, mime)
        return hideInPngText(temporary, redact)
      })
      return { image: { id, ...(measured.size ?? unknown), bytes, mime }, safe: named.catch(cannotKeep) }
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
  const nameOf = ({ id, mime }: Pick<GeneratedImage, 'id' | 'mime'>) => `${id}.${mediaOf(mime).ending}`
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
    /** The file as the backend made it, read from the disk as it is taken. Throws a Problem when it is gone. */
    async open(image: GeneratedImage, name: string): Promise<File> {
      return openImage(fileOf(image), { ...image, name })
    },
    /** A WebP of at most 384 px, made at the first request. Throws a Problem when the picture is gone. */
    thumbnail: (image: GeneratedImage): Promise<ImageFile> => thumbnails.of(image, fileOf(image)),
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

/** A file of the disk as the web knows files: a part of a video is read without the rest of it. */
async function openImage(file: string, { id, mime, name }: { id: string; mime: string; name: string }): Promise<File> {
  try {
    await stat(file)
    return new File([await openAsBlob(file)], name, { type: mime })
  } catch (error) {
    if (fileErrorCode(error) !== 'ENOENT') throw error
    throw new Problem('image.not-found', { id })
  }
}

/** Throws why a picture cannot be kept, where the file system says it. */
function cannotKeep(error: unknown): never {
  const code =
    error instanceof Problem || error instanceof OutOfRoom || error instanceof OtherFile ? null : fileErrorCode(error)
  if (code === null) throw error
  throw new Problem('generation.cannot-keep', { detail: code }, { cause: error })
}
