import type { Matcher } from './matcher'

/** What stands in one text. */
export interface TextMatch {
  pattern: number
  count: number
  /** The first lines on which it stands; empty for what has no lines. */
  lines: number[]
}

/** Looks through texts that come piece by piece, one after the other, in constant memory. */
export interface Scanner {
  /** Where the next bytes may be put. */
  room(): Uint8Array
  /** So many bytes were put there. */
  took(count: number): void
  push(bytes: Uint8Array): void
  /** The text has ended: what stands in it. The next one begins. */
  end(): TextMatch[]
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

/** `roomBytes` is how much is looked through at a time. */
export function createScanner(matcher: Matcher, roomBytes = usualRoom): Scanner {
  const buffer = Buffer.alloc(roomBytes + 2 * matcher.longest)
  let filled = 0
  /** Where the search goes on. */
  let next = 0
  let kind: TextKind | null = null
  /** Lines are counted up to here, and only where something was found or is about to be dropped. */
  let counted = 0
  let lines = 0
  const matches = new Map<number, TextMatch>()

  const countLines = (until: number) => {
    for (let at = counted; ; at++) {
      at = buffer.indexOf(lineEnd, at)
      if (at < 0 || at >= until) break
      // What was dropped is even, so a pair begins at an even place of the buffer too.
      if (kind === 'text' || (at % 2 === 0 && buffer[at + 1] === 0)) lines++
    }
    counted = until
  }

  const onMatch = (pattern: number, at: number) => {
    const match = matches.get(pattern) ?? { pattern, count: 0, lines: [] }
    matches.set(pattern, match)
    match.count++
    if (kind === 'binary' || match.lines.length >= mostLines) return
    countLines(at)
    if (match.lines.at(-1) !== lines + 1) match.lines.push(lines + 1)
  }

  const search = (isLast: boolean) => {
    kind ??= kindOf(buffer, filled)
    next = matcher.scan(buffer, next, filled, isLast, onMatch)
    if (isLast) return
    // An even number of bytes, so that no UTF-16 line end is cut.
    const done = next - (next & 1)
    if (kind !== 'binary') countLines(done)
    buffer.copyWithin(0, done, filled)
    filled -= done
    next -= done
    counted = Math.max(0, counted - done)
  }

  const scanner: Scanner = {
    room() {
      if (filled >= roomBytes) search(false)
      return buffer.subarray(filled)
    },
    took(count) {
      filled += count
    },
    push(bytes) {
      for (let from = 0; from < bytes.length;) {
        const room = scanner.room()
        const part = bytes.subarray(from, from + room.length)
        room.set(part)
        scanner.took(part.length)
        from += part.length
      }
    },
    end() {
      search(true)
      const found = [...matches.values()]
      matches.clear()
      filled = next = counted = lines = 0
      kind = null
      return found
    },
  }
  return scanner
}
