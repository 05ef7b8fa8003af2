import { viewAt, type Budget, type ReadAt } from './source'

/** A box of an ISO base media file (ISO/IEC 14496-12, section 4.2): where its content begins, and where it ends. */
export interface Box {
  type: string
  from: number
  to: number
}

/** The boxes between two places, as long as they fit and the budget lasts. */
export async function* boxesIn(
  read: ReadAt,
  { from, to }: Pick<Box, 'from' | 'to'>,
  budget: Budget,
): AsyncGenerator<Box, void, undefined> {
  for (let at = from; at + 8 <= to && budget.take();) {
    const head = await viewAt(read, at, 8)
    if (!head) return
    const short = head.getUint32(0)
    const long = short === 1 ? await viewAt(read, at + 8, 8) : null
    if (short === 1 && !long) return
    // Zero: up to the end of what it is in.
    const length = short === 0 ? to - at : long ? Number(long.getBigUint64(0)) : short
    const headLength = long ? 16 : 8
    if (length < headLength || at + length > to) return
    const type = String.fromCharCode(...[4, 5, 6, 7].map((i) => head.getUint8(i)))
    yield { type, from: at + headLength, to: at + length }
    at += length
  }
}

/** The first box at a path of types, e.g. `moov`, `trak`; null where there is none. */
export async function findBox(
  read: ReadAt,
  within: Pick<Box, 'from' | 'to'>,
  path: readonly string[],
  budget: Budget,
): Promise<Box | null> {
  const [first, ...rest] = path
  for await (const box of boxesIn(read, within, budget)) {
    if (box.type !== first) continue
    // What is in a `meta` box stands behind its version.
    const inside = box.type === 'meta' ? { ...box, from: box.from + 4 } : box
    return rest.length === 0 ? inside : findBox(read, inside, rest, budget)
  }
  return null
}
