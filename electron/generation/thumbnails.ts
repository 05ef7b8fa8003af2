import { access, mkdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import type Sharp from 'sharp'
import { Problem } from '../../shared/problems'
import { fileErrorCode, writeFileAtomic } from '../storage/files'

/** Longest side of a thumbnail, in pixels. */
const thumbnailSide = 384
const thumbnailsAtOnce = 2

/** A picture as it is answered to a request. */
export interface ImageFile {
  bytes: Uint8Array<ArrayBuffer>
  mime: string
  name: string
}

let loading: Promise<typeof Sharp> | undefined
/** Its native part takes 100 ms to load, which the start of the panel need not wait for. */
export const loadSharp = () =>
  (loading ??= import('sharp').then(({ default: sharp }) => {
    // It would keep files open, which Windows then neither renames nor deletes.
    sharp.cache(false)
    return sharp
  }))

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

/** Small pictures for the gallery, each made at its first request and kept in `folder`. */
export function createThumbnails(folder: string) {
  const making = new Map<string, Promise<Buffer<ArrayBuffer>>>()
  const slots = createSlots(thumbnailsAtOnce)
  const placeOf = (id: string) => path.join(folder, id.slice(0, 2), `${id}.webp`)

  async function make(id: string, file: string): Promise<Buffer<ArrayBuffer>> {
    const bytes = await slots(async () =>
      (await loadSharp())(await presentFile(file, id))
        .resize(thumbnailSide, thumbnailSide, { fit: 'inside', withoutEnlargement: true })
        .webp({ quality: 80 })
        .toBuffer(),
    )
    await mkdir(path.dirname(placeOf(id)), { recursive: true })
    await writeFileAtomic(placeOf(id), bytes)
    return Buffer.from(bytes)
  }

  return {
    /** Of the picture `id` in `file`. Throws a Problem when it is gone. */
    async of(id: string, file: string): Promise<ImageFile> {
      const answer = (bytes: Uint8Array<ArrayBuffer>) => ({ bytes, mime: 'image/webp', name: `${id}.webp` })
      try {
        return answer(await readFile(placeOf(id)))
      } catch (error) {
        if (fileErrorCode(error) !== 'ENOENT') throw error
      }
      const running = making.get(id)
      if (running) return answer(await running)
      const made = make(id, file)
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
