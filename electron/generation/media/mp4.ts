import { boxesIn, findBox, type Box } from './boxes'
import { createBudget, pixels, viewAt, type Budget, type Pixels, type ReadAt } from './source'

/** So many boxes are looked at: a file in pieces has thousands of them, behind the one that matters. */
const mostBoxes = 500

/** The size in a track's header, as it is shown; null for sound, and where there is none. */
async function trackSize(read: ReadAt, track: Box, budget: Budget): Promise<Pixels | null> {
  const header = await findBox(read, track, ['tkhd'], budget)
  const version = header && (await viewAt(read, header.from, 1))
  if (!header || !version) return null
  // Times of 64 bits in version 1; then eight numbers of 16 and 32 bits, the matrix, and the size in 16.16.
  const matrixAt = header.from + (version.getUint8(0) === 1 ? 52 : 40)
  const view = matrixAt + 44 <= header.to ? await viewAt(read, matrixAt, 44) : null
  if (!view) return null
  const [width, height] = [view.getUint32(36) >>> 16, view.getUint32(40) >>> 16]
  // A quarter turn has nothing on the matrix's diagonal.
  const isTurned = view.getInt32(0) === 0 && view.getInt32(16) === 0
  return isTurned ? pixels(height, width) : pixels(width, height)
}

/** The size of the first track of an MP4 or MOV file of so many bytes that has one; null where none tells. */
export async function mp4Size(read: ReadAt, bytes: number): Promise<Pixels | null> {
  const budget = createBudget(mostBoxes)
  const movie = await findBox(read, { from: 0, to: bytes }, ['moov'], budget)
  if (!movie) return null
  for await (const box of boxesIn(read, movie, budget)) {
    const size = box.type === 'trak' ? await trackSize(read, box, budget) : null
    if (size) return size
  }
  return null
}
