import { createBudget, pixels, type Budget, type Pixels, type ReadAt } from './source'

const mostElements = 500

/** Elements of Matroska (RFC 9559, section 5) on the way to a video's size. */
const ids = { segment: 0x18538067, tracks: 0x1654ae6b, track: 0xae, video: 0xe0, width: 0xb0, height: 0xba }

/** A number that says how long it is (RFC 8794, section 4): with its mark for an id, without it for a length. */
function readNumber(bytes: Uint8Array, at: number, keepsMark: boolean): { value: number; length: number } | null {
  const first = bytes[at]
  if (first === undefined || first === 0) return null
  const length = Math.clz32(first) - 23
  if (at + length > bytes.length) return null
  let value = keepsMark ? first : first & (0xff >> length)
  let isUnknown = value === 0xff >> length
  for (const byte of bytes.subarray(at + 1, at + length)) {
    value = value * 256 + byte
    isUnknown &&= byte === 0xff
  }
  // All ones: as long as what it is in.
  return { value: isUnknown && !keepsMark ? Infinity : value, length }
}

interface Element {
  id: number
  from: number
  to: number
}

/** The elements between two places, as long as the budget lasts. */
async function* elementsIn(
  read: ReadAt,
  { from, to }: Pick<Element, 'from' | 'to'>,
  budget: Budget,
): AsyncGenerator<Element, void, undefined> {
  for (let at = from; at < to && budget.take();) {
    const head = await read(at, 12)
    const id = readNumber(head, 0, true)
    const length = id && readNumber(head, id.length, false)
    if (!id || !length) return
    const begin = at + id.length + length.length
    const end = Math.min(begin + length.value, to)
    yield { id: id.value, from: begin, to: end }
    at = end
  }
}

/** An unsigned number of at most six bytes; null for a longer one. */
async function readUnsigned(read: ReadAt, { from, to }: Element): Promise<number | null> {
  const bytes = to - from <= 6 ? await read(from, to - from) : new Uint8Array()
  return bytes.length === 0 ? null : bytes.reduce((value, byte) => value * 256 + byte, 0)
}

/** The size of the first video in a WebM or Matroska file of so many bytes; null where none tells. */
export async function webmSize(read: ReadAt, bytes: number): Promise<Pixels | null> {
  const budget = createBudget(mostElements)
  const look = async (within: Pick<Element, 'from' | 'to'>): Promise<Pixels | null> => {
    const found = { width: 0, height: 0 }
    for await (const element of elementsIn(read, within, budget)) {
      switch (element.id) {
        case ids.segment:
        case ids.tracks:
        case ids.track:
        case ids.video: {
          const size = await look(element)
          if (size) return size
          break
        }
        case ids.width:
          found.width = (await readUnsigned(read, element)) ?? 0
          break
        case ids.height:
          found.height = (await readUnsigned(read, element)) ?? 0
          break
      }
    }
    return pixels(found.width, found.height)
  }
  return look({ from: 0, to: bytes })
}
