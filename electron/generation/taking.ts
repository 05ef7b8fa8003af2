import type { GeneratedImage, LeftFiles } from '../../shared/contract'
import { saysMedia } from '../../shared/media'
import { Problem, reason, type Reason } from '../../shared/problems'
import type { BackendImage } from '../kinds'
import { sizeText } from '../kinds/limits'
import { OtherFile, OutOfRoom, type Images } from './images'

/** How much is taken of one generation. */
export interface TakingBounds {
  files: number
  bytes: number
}

export const usualBounds: TakingBounds = { files: 256, bytes: 4 * 2 ** 30 }

/** Takes the files of one generation, one after the other, until a bound is reached. */
export interface Taking {
  readonly kept: readonly GeneratedImage[]
  readonly left: LeftFiles | null
  /** What there is to say of files that are of no type that is kept. */
  readonly warnings: readonly Reason[]
  /** Takes it, or counts it as left. Throws a Problem when it cannot be had, or is not what its name says. */
  take(image: BackendImage): Promise<void>
  /** Resolves when no loss of power can take away what was taken. Throws a Problem when that cannot be had. */
  settled(): Promise<void>
  /** Throws the Problem of a generation of which nothing could be taken although files were made. */
  assertSome(): void
  /** Deletes what was taken: it belongs to no record. */
  discard(): Promise<void>
}

/** So many files are named that are not kept. */
const mostNamed = 5

/** Files that are of no type that is kept. */
function createOthers() {
  const others: { name: string; place: string | null }[] = []
  return {
    /** Notes one. Throws a Problem where its name says that it is of such a type, and where it has none. */
    note({ isEmpty }: OtherFile, { name, place }: BackendImage): void {
      if (name === null || saysMedia(name))
        throw new Problem('generation.bad-image', { detail: isEmpty ? '0 bytes' : 'no type that Regie keeps' })
      others.push({ name, place })
    },
    /** What there is to say of them. */
    warnings(): Reason[] {
      const [first] = others
      if (!first) return []
      const names = others.slice(0, mostNamed).map(({ name }) => name)
      const files = (others.length > mostNamed ? [...names, '…'] : names).join(', ')
      return [reason('generation.not-kept', { files, place: first.place ?? '–' })]
    },
  }
}

export function createTaking(images: Images, id: string, bounds: TakingBounds): Taking {
  const kept: GeneratedImage[] = []
  const settling: Promise<void>[] = []
  let bytes = 0
  let left: LeftFiles | null = null
  const others = createOthers()

  const leave = (why: LeftFiles['why'], { place }: BackendImage) => {
    left = left ? { ...left, count: left.count + 1 } : { count: 1, why, place }
  }

  return {
    kept,
    get left() {
      return left
    },
    get warnings() {
      return others.warnings()
    },
    async take(image) {
      if (left) {
        leave(left.why, image)
        return
      }
      if (kept.length >= bounds.files) {
        leave('files', image)
        return
      }
      const [ofBound, ofDisk] = [bounds.bytes - bytes, await images.room()]
      const why = ofDisk < ofBound ? 'disk' : 'bytes'
      try {
        const room = Math.min(ofBound, ofDisk)
        const { image: one, safe } = await images.keep(id, kept.length, { pieces: image.pieces(), room })
        // Whoever asks whether all is settled is told.
        safe.catch(() => undefined)
        settling.push(safe)
        bytes += one.bytes
        kept.push(one)
      } catch (error) {
        if (error instanceof OtherFile) others.note(error, image)
        else if (error instanceof OutOfRoom) leave(why, image)
        else throw error
      }
    },
    async settled() {
      await Promise.all(settling)
    },
    assertSome() {
      if (!left || kept.length > 0) return
      const { count, why, place } = left
      const where = { count, place: place ?? '–' }
      throw why === 'disk'
        ? new Problem('generation.no-room', where)
        : new Problem('generation.too-large', { ...where, limit: sizeText(bounds.bytes) })
    },
    async discard() {
      await Promise.all(kept.map((image) => images.erase(image)))
    },
  }
}
