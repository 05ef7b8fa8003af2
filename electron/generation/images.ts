import { mkdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import type Sharp from 'sharp'
import type { GeneratedImage } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { BackendImage } from '../backends'
import { fileErrorCode, writeFileAtomic } from '../storage/files'

const extensions: Readonly<Record<string, string>> = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp' }

/** Longest side of a thumbnail, in pixels. */
const thumbnailSide = 384
const thumbnailsAtOnce = 2

/** A picture as it is answered to a request. */
export interface ImageFile {
  bytes: Uint8Array<ArrayBuffer>
  mime: string
  name: string
}

/** `<id of the generation>-<number>`; the id is a UUID, so this can name nothing but a file of the gallery. */
const imageId = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})-\d{1,2}$/

/** The generation that an image belongs to, or null for what is no image id. */
export const generationOf = (id: string): string | null => imageId.exec(id)?.[1] ?? null

/** The gallery's pixels: files that hold a backend's bytes unchanged, and thumbnails that are made once. */
export function createImages(paths: { images: string; thumbnails: string }) {
  const making = new Map<string, Promise<Buffer<ArrayBuffer>>>()
  const slots = createSlots(thumbnailsAtOnce)
  const nameOf = ({ id, mime }: Pick<GeneratedImage, 'id' | 'mime'>) => `${id}.${extensions[mime] ?? 'bin'}`
  const fileOf = (image: Pick<GeneratedImage, 'id' | 'mime'>) =>
    path.join(paths.images, image.id.slice(0, 2), nameOf(image))
  const thumbnailOf = (id: string) => path.join(paths.thumbnails, id.slice(0, 2), `${id}.webp`)

  async function makeThumbnail(image: GeneratedImage): Promise<Buffer<ArrayBuffer>> {
    const bytes = await slots(async () =>
      (await loadSharp())(await readImage(fileOf(image), image.id))
        .resize(thumbnailSide, thumbnailSide, { fit: 'inside', withoutEnlargement: true })
        .webp({ quality: 80 })
        .toBuffer(),
    )
    await mkdir(path.dirname(thumbnailOf(image.id)), { recursive: true })
    await writeFileAtomic(thumbnailOf(image.id), bytes)
    return Buffer.from(bytes)
  }

  return {
    /** Writes a backend's picture and returns what is known of it. Throws a Problem when it is no picture. */
    async keep(generationId: string, index: number, image: BackendImage): Promise<GeneratedImage> {
      const { width, height } = await measure(image)
      const kept = { id: `${generationId}-${index}`, width, height, bytes: image.bytes.length, mime: image.mime }
      try {
        await mkdir(path.dirname(fileOf(kept)), { recursive: true })
        await writeFileAtomic(fileOf(kept), image.bytes)
      } catch (error) {
        const code = fileErrorCode(error)
        if (code === null) throw error
        throw new Problem('generation.cannot-keep', { detail: code }, { cause: error })
      }
      return kept
    },
    /** The bytes as the backend made them. Throws a Problem when the file is gone. */
    async read(image: GeneratedImage): Promise<ImageFile> {
      return { bytes: await readImage(fileOf(image), image.id), mime: image.mime, name: nameOf(image) }
    },
    /** A WebP of at most 384 px, made at the first request. Throws a Problem when the picture is gone. */
    async thumbnail(image: GeneratedImage): Promise<ImageFile> {
      const answer = (bytes: Uint8Array<ArrayBuffer>) => ({ bytes, mime: 'image/webp', name: `${image.id}.webp` })
      try {
        return answer(await readFile(thumbnailOf(image.id)))
      } catch (error) {
        if (fileErrorCode(error) !== 'ENOENT') throw error
      }
      const running = making.get(image.id)
      if (running) return answer(await running)
      const made = makeThumbnail(image)
      making.set(image.id, made)
      try {
        return answer(await made)
      } finally {
        making.delete(image.id)
      }
    },
    /** Deletes a picture and its thumbnail for good. */
    async erase(image: GeneratedImage): Promise<void> {
      await rm(fileOf(image), { force: true })
      await rm(thumbnailOf(image.id), { force: true })
    },
  }
}

let loading: Promise<typeof Sharp> | undefined
/** Its native part takes 100 ms to load, which the start of the panel need not wait for. */
const loadSharp = () => (loading ??= import('sharp').then((module) => module.default))

export type Images = ReturnType<typeof createImages>

async function readImage(file: string, id: string) {
  try {
    return await readFile(file)
  } catch (error) {
    if (fileErrorCode(error) !== 'ENOENT') throw error
    throw new Problem('image.not-found', { id })
  }
}

async function measure({ bytes, mime }: BackendImage): Promise<{ width: number; height: number }> {
  if (!Object.hasOwn(extensions, mime)) throw new Problem('generation.bad-image', { detail: mime })
  const sharp = await loadSharp()
  try {
    const { width, height } = await sharp(bytes).metadata()
    return { width, height }
  } catch (error) {
    // sharp's errors carry no code: any failure to read a header means that these bytes are no picture.
    throw new Problem(
      'generation.bad-image',
      { detail: error instanceof Error ? error.message : mime },
      { cause: error },
    )
  }
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
