import { createBudget, pixels, viewAt, type Pixels, type ReadAt } from './source'

/** So many attributes of a header are looked at, and so many bytes of a name. */
const mostAttributes = 300
const longestName = 256

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

/** A text that ends with a zero, and where the next thing begins; null where it does not end in time. */
async function readName(read: ReadAt, at: number): Promise<{ name: string; next: number } | null> {
  const bytes = await read(at, longestName)
  const end = bytes.indexOf(0)
  return end < 0 ? null : { name: text(bytes.subarray(0, end)), next: at + end + 1 }
}

/** A box of four integers: the corners, which belong to it. */
async function readBox(read: ReadAt, at: number): Promise<Pixels | null> {
  const view = await viewAt(read, at, 16)
  if (!view) return null
  const side = (from: number) => view.getInt32(from + 8, true) - view.getInt32(from, true) + 1
  return pixels(side(0), side(4))
}

/**
 * The size of an OpenEXR picture by the attributes of its (first) header: what is to be shown, else what there is data of.
 * Null where neither can be read. The layout is that of openexr.com/en/latest/OpenEXRFileLayout.html.
 */
export async function exrSize(read: ReadAt): Promise<Pixels | null> {
  const budget = createBudget(mostAttributes)
  let data: Pixels | null = null
  // Behind the magic number and the version.
  for (let at = 8; budget.take();) {
    const name = await readName(read, at)
    if (!name || name.name === '') break
    const type = await readName(read, name.next)
    const length = type && (await viewAt(read, type.next, 4))
    if (!type || !length) break
    const begin = type.next + 4
    if (type.name === 'box2i' && name.name === 'displayWindow') return readBox(read, begin)
    if (type.name === 'box2i' && name.name === 'dataWindow') data = await readBox(read, begin)
    at = begin + length.getUint32(0, true)
  }
  return data
}
