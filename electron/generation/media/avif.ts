import { boxesIn, findBox, type Box } from './boxes'
import { mp4Size } from './mp4'
import { createBudget, pixels, viewAt, type Budget, type Pixels, type ReadAt } from './source'

const mostBoxes = 500
/** Longest list of what belongs to which picture, in bytes: it has some for each cell and each layer. */
const longestList = 64 * 1024

/** The numbers of the properties of a picture (ISO/IEC 23008-12, `ipma`), counted from one. */
async function propertiesOf(read: ReadAt, list: Box, item: number): Promise<number[]> {
  const view = await viewAt(read, list.from, Math.min(list.to - list.from, longestList))
  if (!view || view.byteLength < 8) return []
  const isLong = view.getUint8(0) > 0
  const isWide = (view.getUint8(3) & 1) === 1
  let at = 8
  for (let entry = 0; entry < view.getUint32(4); entry += 1) {
    const idLength = isLong ? 4 : 2
    if (at + idLength + 1 > view.byteLength) return []
    const id = isLong ? view.getUint32(at) : view.getUint16(at)
    const count = view.getUint8(at + idLength)
    at += idLength + 1
    const step = isWide ? 2 : 1
    if (at + count * step > view.byteLength) return []
    if (id === item)
      // The first bit says whether a reader must understand it.
      return Array.from({ length: count }, (_, n) =>
        isWide ? view.getUint16(at + n * 2) & 0x7fff : view.getUint8(at + n) & 0x7f,
      )
    at += count * step
  }
  return []
}

/** The number of the picture that is shown; null where none is named. */
async function shownItem(read: ReadAt, meta: Box, budget: Budget): Promise<number | null> {
  const box = await findBox(read, meta, ['pitm'], budget)
  const version = box && (await viewAt(read, box.from, 1))
  if (!box || !version) return null
  const isLong = version.getUint8(0) > 0
  const view = await viewAt(read, box.from + 4, isLong ? 4 : 2)
  return view && (isLong ? view.getUint32(0) : view.getUint16(0))
}

/** The size that the properties of the shown picture tell, turned as they say. */
async function pictureSize(read: ReadAt, bytes: number): Promise<Pixels | null> {
  const budget = createBudget(mostBoxes)
  const meta = await findBox(read, { from: 0, to: bytes }, ['meta'], budget)
  const item = meta && (await shownItem(read, meta, budget))
  const properties = meta && (await findBox(read, meta, ['iprp', 'ipco'], budget))
  const list = meta && (await findBox(read, meta, ['iprp', 'ipma'], budget))
  if (item === null || !properties || !list) return null
  const own = new Set(await propertiesOf(read, list, item))
  let size: Pixels | null = null
  let isTurned = false
  let number = 0
  for await (const { type, from } of boxesIn(read, properties, budget)) {
    number += 1
    if (!own.has(number)) continue
    const view = type === 'ispe' ? await viewAt(read, from, 12) : null
    if (view) size ??= pixels(view.getUint32(4), view.getUint32(8))
    if (type === 'irot') isTurned = (((await viewAt(read, from, 1))?.getUint8(0) ?? 0) & 1) === 1
  }
  return size && isTurned ? pixels(size.height, size.width) : size
}

/** The size of an AVIF file of so many bytes, as it is shown: of its picture, or of its first track. Null where none tells. */
export const avifSize = async (read: ReadAt, bytes: number): Promise<Pixels | null> =>
  (await pictureSize(read, bytes)) ?? mp4Size(read, bytes)
