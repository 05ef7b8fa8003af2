import { loadSharp } from '../generation/sharp'

/** What is measured of a picture: its size, how bright it is and how much it varies, and a small grey copy. */
export interface Measured {
  width: number
  height: number
  /** 0 to 255: of the brightest channel the mean; of the channel that varies most its standard deviation. */
  brightness: number
  variation: number
  /** How much there is to see in it, in bits a pixel, of 8. */
  entropy: number
  /** `side` × `side` grey values. */
  grey: Uint8Array
}

/** Pictures are compared at this size: what differs in grain alone is alike. */
export const side = 64
const block = 8

/** A picture at least this bright and varied is neither black nor flat, of 255. */
const dark = 3
const flat = 2

/** From which similarity on two pictures of one prompt and seed count as alike. */
export const alike = 0.92

/** Larger pictures are none that were asked for: to measure what a service has packed into little costs minutes. */
const mostPixels = 2 ** 26
/** What services make; sharp reads more, among that drawings that name other files. */
const formats: ReadonlySet<string> = new Set(['png', 'jpeg', 'webp'])

/** Measures a picture. Null where it cannot be read as one. */
export async function measurePicture(bytes: Uint8Array): Promise<Measured | null> {
  const sharp = await loadSharp()
  const reader = () => sharp(bytes, { limitInputPixels: mostPixels })
  try {
    const { width, height, format } = await reader().metadata()
    if (!formats.has(format)) return null
    const { channels, entropy } = await reader().removeAlpha().toColourspace('srgb').stats()
    const grey = await reader().removeAlpha().resize(side, side, { fit: 'fill' }).greyscale().raw().toBuffer()
    return {
      ...{ width, height, grey, entropy },
      brightness: Math.max(...channels.map(({ mean }) => mean)),
      variation: Math.max(...channels.map(({ stdev }) => stdev)),
    }
  } catch {
    return null // truncated, or no picture at all
  }
}

/** What is wrong with a test picture; null where nothing is. `mayBeFlat`: it was asked for as one plain colour. */
export function judgePicture(
  { width, height, brightness, variation }: Pick<Measured, 'width' | 'height' | 'brightness' | 'variation'>,
  wanted: { width: number; height: number; mayBeFlat: boolean },
): 'size' | 'black' | 'flat' | null {
  if (width !== wanted.width || height !== wanted.height) return 'size'
  if (brightness < dark && variation < dark) return 'black'
  return variation < flat && !wanted.mayBeFlat ? 'flat' : null
}

/**
 * Whether a service answered from what it remembered. One that tells its jobs' ends tells whether all came from its cache;
 * where only the sampler did, no step was sampled.
 */
export const isFromCache = (
  { cached, sampled, tellsSteps }: { cached: boolean; sampled: number; tellsSteps: boolean },
  caches: boolean,
): boolean => cached || (caches && tellsSteps && sampled === 0)

function blockOf(grey: Uint8Array, left: number, top: number): number[] {
  const values: number[] = []
  for (let y = top; y < top + block; y++) for (let x = left; x < left + block; x++) values.push(grey[y * side + x] ?? 0)
  return values
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * How alike two pictures are, 0 to 1: the mean structural similarity (Wang, Bovik, Sheikh and Simoncelli, 2004) of blocks
 * of 8 × 8 in grey copies of 64 × 64. 1: the same; below 0: counted as 0.
 */
export function similarity(one: Uint8Array, other: Uint8Array): number {
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2]
  const found: number[] = []
  for (let top = 0; top < side; top += block)
    for (let left = 0; left < side; left += block) {
      const [a, b] = [blockOf(one, left, top), blockOf(other, left, top)]
      const [meanA, meanB] = [meanOf(a), meanOf(b)]
      const varA = meanOf(a.map((value) => (value - meanA) ** 2))
      const varB = meanOf(b.map((value) => (value - meanB) ** 2))
      const shared = meanOf(a.map((value, at) => (value - meanA) * ((b[at] ?? 0) - meanB)))
      found.push(((2 * meanA * meanB + c1) * (2 * shared + c2)) / ((meanA ** 2 + meanB ** 2 + c1) * (varA + varB + c2)))
    }
  return Math.round(Math.max(0, meanOf(found)) * 1000) / 1000
}
