import type { Matcher } from './matcher'

/** What stands in one text. */
export interface TextMatch {
  pattern: number
  count: number
  /** The first lines on which it stands; empty for what has no lines. */
  lines: number[]
}

/** So many lines of each pattern are told. */
const mostLines = 10

/** Fits a core's own cache. */
const usualRoom = 512 * 1024

/** As git does: a NUL among the first bytes makes it no text. */
const headLength = 8000

const lineEnd = 0x0a

type TextKind = 'text' | 'utf16' | 'binary'

const kindOf = (bytes: Uint8Array, length: number): TextKind => {
  if (length >= 2 && bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf16'
  return bytes.subarray(0, Math.min(length, headLength)).includes(0) ? 'binary' : 'text'
}

/** Looks through texts that come piece by piece, one after the other, in constant memory. */
export class Scanner {
  readonly #matcher: Matcher
  readonly #roomBytes: number
  readonly #buffer: Buffer
  readonly #matches = new Map<number, TextMatch>()
  #filled = 0
  /** Where the search goes on. */
  #next = 0
  #kind: TextKind | null = null
  /** Lines are counted up to here, and only where something was found or is about to be dropped. */
  #counted = 0
  #lines = 0

  /** `roomBytes` is how much is looked through at a time. */
  constructor(matcher: Matcher, roomBytes = usualRoom) {
    this.#matcher = matcher
    this.#roomBytes = roomBytes
    this.#buffer = Buffer.alloc(roomBytes + 2 * matcher.longest)
  }

  /** Where the next bytes may be put. */
  room(): Uint8Array {
    if (this.#filled >= this.#roomBytes) this.#search(false)
    return this.#buffer.subarray(this.#filled)
  }

  /** So many bytes were put there. */
  took(count: number) {
    this.#filled += count
  }

  push(bytes: Uint8Array) {
    for (let from = 0; from < bytes.length;) {
      const room = this.room()
      const part = bytes.subarray(from, from + room.length)
      room.set(part)
      this.took(part.length)
      from += part.length
    }
  }

  /** The text has ended: what stands in it. The next one begins. */
  end(): TextMatch[] {
    this.#search(true)
    const found = [...this.#matches.values()]
    this.#matches.clear()
    this.#filled = this.#next = this.#counted = this.#lines = 0
    this.#kind = null
    return found
  }

  #search(isLast: boolean) {
    this.#kind ??= kindOf(this.#buffer, this.#filled)
    this.#next = this.#matcher.scan(this.#buffer, this.#next, this.#filled, isLast, this.#onMatch)
    if (isLast) return
    // An even number of bytes, so that no UTF-16 line end is cut.
    const done = this.#next - (this.#next & 1)
    if (this.#kind !== 'binary') this.#countLines(done)
    this.#buffer.copyWithin(0, done, this.#filled)
    this.#filled -= done
    this.#next -= done
    this.#counted = Math.max(0, this.#counted - done)
  }

  readonly #onMatch = (pattern: number, at: number) => {
    const match = this.#matches.get(pattern) ?? { pattern, count: 0, lines: [] }
    this.#matches.set(pattern, match)
    match.count++
    if (this.#kind === 'binary' || match.lines.length >= mostLines) return
    this.#countLines(at)
    if (match.lines.at(-1) !== this.#lines + 1) match.lines.push(this.#lines + 1)
  }

  #countLines(until: number) {
    const buffer = this.#buffer
    const isText = this.#kind === 'text'
    for (let at = this.#counted; ; at++) {
      at = buffer.indexOf(lineEnd, at)
      if (at < 0 || at >= until) break
      // What was dropped is even, so a pair begins at an even place of the buffer too.
      if (isText || (at % 2 === 0 && buffer[at + 1] === 0)) this.#lines++
    }
    this.#counted = until
  }
}
