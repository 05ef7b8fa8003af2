import type { LogLine, LogSource } from '../../shared/contract'
import type { Redact } from './cutting'
import { createIntake, panelLine } from './intake'
import type { OutputLine } from './lines'
import { Ring } from './ring'

/** Where a reader begins: with the last lines, or after line `after` where it is still known. */
export interface LogStart {
  tail: number
  after?: number | undefined
}

/** The log of one service, wherever its lines come from. Everything that leaves it is redacted. */
export interface Log {
  /** Adds lines of a program that Regie itself runs. */
  output(stream: 'stdout' | 'stderr', lines: OutputLine[]): void
  /** Adds a line of Regie's own. */
  panel(text: string, level?: LogLine['level']): void
  /** The last lines, oldest first. */
  tail(count: number): Promise<LogLine[]>
  /** The last lines that the program itself wrote since `since` (Unix ms), oldest first, for telling what became of it. */
  written(since: number, count: number): Promise<string[]>
  /** The last line that the program itself wrote since `since`, for telling why it ended. */
  lastWords(since: number): Promise<string | null>
  /** How many readers follow now. */
  followers(): number
  /** Whether lines can come, and why not. */
  source(): LogSource
  onSource(listen: () => void): () => void
  /** Follows the log, several lines at a time, until the signal aborts or the reader stops. */
  follow(start: LogStart, signal: AbortSignal): AsyncGenerator<LogLine[], void, undefined>
  /** All that there is, oldest first, several lines at a time. */
  whole(signal: AbortSignal): AsyncGenerator<LogLine[], void, undefined>
}

/** How much of one program's output is kept. */
const keep = { lines: 10_000, characters: 8 * 1024 * 1024 }

/** The log of a program whose output Regie reads itself: what is kept is all that there is. */
export function createLog({ redact }: { redact: Redact }): Log {
  const ring = new Ring(keep)
  let intake = createIntake(redact)
  let followers = 0

  return {
    output(stream, lines) {
      const now = Date.now()
      ring.add(
        intake(
          lines.map((line) => ({ ...line, stream })),
          () => now,
        ),
      )
    },

    panel(text, level = 'info') {
      ring.add([panelLine(text, level, redact)])
      // What Regie tells of are starts and ends: nothing of before them goes on after.
      intake = createIntake(redact)
    },

    tail: (count) => Promise.resolve(ring.tail(count)),
    written: (since, count) => Promise.resolve(ring.written(since, count)),
    lastWords: (since) => Promise.resolve(ring.lastWords(since)),
    followers: () => followers,
    source: () => ({ state: 'live' }),
    onSource: () => () => undefined,

    async *follow({ tail, after }, signal) {
      followers++
      try {
        // A number that this log has not reached comes from an earlier run of the panel.
        const isKnown = after !== undefined && after < ring.next()
        const from = isKnown ? after + 1 : Math.max(ring.first(), ring.next() - tail)
        yield* ring.follow(from, signal, { isResumed: isKnown })
      } finally {
        followers--
      }
    },

    async *whole(signal) {
      const end = ring.next()
      if (ring.first() === end) return
      for await (const lines of ring.follow(ring.first(), signal)) {
        yield lines
        if ((lines.at(-1)?.seq ?? end) >= end - 1) return
      }
    },
  }
}
