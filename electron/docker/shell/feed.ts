/** How much a feed holds, in characters. */
export interface FeedLimits {
  /** More than this unacknowledged is too much: the source has to wait. */
  high: number
  /** So little unacknowledged, and the source may go on. */
  low: number
  /** So much of what was acknowledged is kept for a page that comes back. */
  keep: number
  /** The longest piece that is read at once. */
  piece: number
}

export const feedLimits: FeedLimits = { high: 512 * 1024, low: 128 * 1024, keep: 128 * 1024, piece: 64 * 1024 }

/** Small pieces are joined, so that a program that writes letter by letter makes no list of letters. */
const joinBelow = 4096

/**
 * The output of a terminal, counted in characters from its beginning. It holds what was not acknowledged yet and a
 * little more, so that it stays bounded however much is written: whoever fills it asks `isFull` and waits.
 */
export function createFeed(limits: FeedLimits = feedLimits) {
  let pieces: { end: number; text: string }[] = []
  let total = 0
  let acknowledged = 0

  const trim = () => {
    const wanted = acknowledged - limits.keep
    const first = pieces.findIndex(({ end }) => end > wanted)
    if (first > 0) pieces = pieces.slice(first)
  }

  return {
    push(text: string) {
      total += text.length
      const last = pieces.at(-1)
      if (last && last.text.length < joinBelow) {
        last.text += text
        last.end = total
      } else pieces.push({ end: total, text })
    },

    /** All up to here was shown. */
    acknowledge(offset: number) {
      acknowledged = Math.min(total, Math.max(acknowledged, offset))
      trim()
    },

    isFull: () => total - acknowledged > limits.high,
    hasRoom: () => total - acknowledged <= limits.low,

    /** What follows `after`, a piece at most; begins later where the beginning is no longer kept. */
    read(after: number): { offset: number; text: string } | null {
      if (after >= total) return null
      const first = pieces.findIndex(({ end }) => end > after)
      let text = ''
      let offset = after
      for (const piece of pieces.slice(Math.max(0, first))) {
        const begin = piece.end - piece.text.length
        const rest = piece.text.slice(Math.max(0, after - begin))
        if (text !== '' && text.length + rest.length > limits.piece) break
        text += rest.slice(0, limits.piece)
        offset = Math.min(piece.end, piece.end - rest.length + limits.piece)
        if (text.length >= limits.piece) break
      }
      return { offset, text }
    },
  }
}

export type Feed = ReturnType<typeof createFeed>
