/** Reads so many bytes of a file from a place on; fewer where it ends. */
export type ReadAt = (at: number, length: number) => Promise<Uint8Array>

/** The pixels of a picture or a video, as it is shown. */
export interface Pixels {
  width: number
  height: number
}

/** What no picture is larger than: more is a header that lies, or is not understood. */
const mostPixels = 2 ** 31

/** The size, or null where it is none. */
export const pixels = (width: number, height: number): Pixels | null =>
  [width, height].every((side) => Number.isInteger(side) && side > 0 && side < mostPixels) ? { width, height } : null

/** The view over so many bytes; null where the file ends before. */
export async function viewAt(read: ReadAt, at: number, length: number): Promise<DataView | null> {
  const bytes = await read(at, length)
  return bytes.length < length ? null : new DataView(bytes.buffer, bytes.byteOffset, length)
}

/** Counts what was looked at. A file of a few bytes may claim to have endless parts. */
export function createBudget(parts: number) {
  let left = parts
  return {
    /** Whether one more may be looked at. */
    take: (): boolean => (left -= 1) >= 0,
  }
}

export type Budget = ReturnType<typeof createBudget>
