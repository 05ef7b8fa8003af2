import { makeZip, predictLength } from 'client-zip'
import { randomUUID } from 'node:crypto'
import type { Archive, GeneratedImage, Generation } from '../../shared/contract'
import { archiveFileName, distinctNames, imageFileName } from '../../shared/file-names'
import { Problem } from '../../shared/problems'
import type { Images } from './images'

/** An order is fetched at once, or again by a browser that resumes; then it is forgotten. In ms. */
const keptMs = 10 * 60_000
/** So many orders are kept; one more takes the place of the oldest. */
const mostOrders = 50

interface Entry {
  image: GeneratedImage
  name: string
  bytes: number
  at: number
}

interface Order {
  owner: string
  orderedAt: number
  name: string
  entries: readonly Entry[]
}

/** A ZIP of images that is written as it is read. */
export interface ArchiveFile {
  name: string
  /** Its whole length, known beforehand. */
  bytes: number
  stream: ReadableStream<Uint8Array>
}

export interface Archives {
  /** Orders the images of some generations as one ZIP. Throws a Problem where there is no image. */
  order(generations: readonly Generation[], owner: string): Promise<Archive>
  /** The ZIP that `owner` ordered. Throws a Problem for what was not, or is forgotten. */
  open(id: string, owner: string): ArchiveFile
}

interface ArchiveParts {
  images: Pick<Images, 'sizeOf' | 'hold' | 'pieces'>
  now?: () => number
}

/** Several images as one file, each under the name under which it is saved alone. Images are stored as they are. */
export function createArchives({ images, now = Date.now }: ArchiveParts): Archives {
  const orders = new Map<string, Order>()
  const forgetOld = () => {
    for (const [id, { orderedAt }] of orders) if (now() - orderedAt > keptMs) orders.delete(id)
    for (const id of [...orders.keys()].slice(0, Math.max(0, orders.size - mostOrders + 1))) orders.delete(id)
  }
  return {
    async order(generations, owner) {
      const entries = await entriesOf(generations, images)
      if (entries.length === 0) throw new Problem('generation.nothing-to-archive')
      forgetOld()
      const id = randomUUID()
      const name = archiveFileName(now(), entries.length)
      orders.set(id, { owner, orderedAt: now(), name, entries })
      return { id, name, images: entries.length, bytes: lengthOf(entries) }
    },
    open(id, owner) {
      const order = orders.get(id)
      if (!order || order.owner !== owner || now() - order.orderedAt > keptMs)
        throw new Problem('archive.not-found', { id })
      return { name: order.name, bytes: lengthOf(order.entries), stream: zipOf(order.entries, images) }
    },
  }
}

/** The images whose files are there, oldest first, each under a name of its own. */
async function entriesOf(generations: readonly Generation[], images: Pick<Images, 'sizeOf'>): Promise<Entry[]> {
  const found: Entry[] = []
  for (const generation of generations.toSorted((a, b) => a.createdAt - b.createdAt)) {
    for (const [index, image] of generation.images.entries()) {
      const bytes = await images.sizeOf(image)
      if (bytes === null) continue
      found.push({ image, bytes, name: imageFileName(generation, index), at: generation.createdAt })
    }
  }
  const names = distinctNames(found.map(({ name }) => name))
  return found.map((entry, index) => ({ ...entry, name: names[index] ?? entry.name }))
}

const lengthOf = (entries: readonly Entry[]): number =>
  Number(predictLength(entries.map(({ name, bytes }) => ({ name, size: bytes }))))

/** Reads one image after another as the reader takes them; from the first byte on none is deleted until the reader has gone. */
function zipOf(entries: readonly Entry[], images: Pick<Images, 'hold' | 'pieces'>): ReadableStream<Uint8Array> {
  const files = entries.map(({ image, name, bytes, at }) => ({
    name,
    size: bytes,
    lastModified: new Date(at),
    input: images.pieces(image),
  }))
  const source = makeZip(files).getReader()
  let release: (() => void) | undefined
  const end = () => release?.()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        release ??= images.hold(entries.map(({ image }) => image))
        try {
          const { done, value } = await source.read()
          if (!done) {
            controller.enqueue(value)
            return
          }
          end()
          controller.close()
        } catch (error) {
          end()
          controller.error(error)
        }
      },
      async cancel(why) {
        end()
        await source.cancel(why)
      },
    },
    { highWaterMark: 0 },
  )
}
