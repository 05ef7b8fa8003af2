import type { FileHandle } from 'node:fs/promises'

/** As much of a file is looked at: what names its architecture stands among the first entries. */
const readBytes = 256 * 1024
const mostEntries = 1000
const longestName = 500

/** Lengths of values by their types; strings (8) and lists (9) tell their own. */
const sizes: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 }

/** Reads forward in what was read; throws RangeError behind its end, which is never more than was read. */
class Reader {
  #at = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  u32(): number {
    const value = this.#bytes.readUInt32LE(this.#at)
    this.#at += 4
    return value
  }

  /** A length of 64 bits; one that no file has is behind the end. */
  u64(): number {
    const value = Number(this.#bytes.readBigUInt64LE(this.#at))
    this.#at += 8
    return value
  }

  skip(bytes: number): void {
    if (!(bytes <= this.#bytes.length - this.#at)) throw new RangeError('behind the end')
    this.#at += bytes
  }

  text(): string {
    const length = this.u64()
    const from = this.#at
    this.skip(length)
    return this.#bytes.toString('utf8', from, from + Math.min(length, longestName))
  }
}

/** Passes over one value; a text is answered, for the architecture is one. */
function valueOf(reader: Reader, type: number): string | null {
  if (type === 8) return reader.text()
  if (type === 9) {
    const inner = reader.u32()
    const count = reader.u64()
    const size = sizes[inner]
    if (size !== undefined) {
      reader.skip(size * count)
      return null
    }
    if (inner !== 8) throw new RangeError('lists of lists')
    // Each text takes eight bytes at least, so that the end comes first, however many are said to follow.
    for (let at = 0; at < count; at++) reader.text()
    return null
  }
  const size = sizes[type]
  if (size === undefined) throw new RangeError('no such type')
  reader.skip(size)
  return null
}

/**
 * The architecture that a GGUF file names; null where it names none within its beginning, `refused` for what is no such
 * file. https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export async function readGguf(file: FileHandle): Promise<{ architecture: string | null } | null> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(readBytes), 0, readBytes, 0)
  const bytes = buffer.subarray(0, bytesRead)
  if (bytes.length < 24 || bytes.toString('latin1', 0, 4) !== 'GGUF') return null
  const reader = new Reader(bytes.subarray(4))
  const version = reader.u32()
  if (version < 2 || version > 10) return null
  reader.u64() // how many tensors
  const entries = Math.min(reader.u64(), mostEntries)
  try {
    for (let at = 0; at < entries; at++) {
      const name = reader.text()
      const value = valueOf(reader, reader.u32())
      if (name === 'general.architecture') return { architecture: value }
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  return { architecture: null }
}
