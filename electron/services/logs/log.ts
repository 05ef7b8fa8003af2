import type { LogLine } from '../../../shared/contract'
import { guessLevel } from './level'
import { pause } from '../pause'
import type { OutputLine } from './lines'

/** How much of one service's output is kept: lines, and characters of text. */
const keep = { lines: 10_000, characters: 8 * 1024 * 1024 }

/** Most lines in one batch, and the least time between two batches of a follower, in ms. */
const batch = { lines: 2_000, pauseMs: 50 }

export type Log = ReturnType<typeof createLog>

interface Kept extends LogLine {
  /** Grows with every line that is added or replaced; tells a follower what it has not seen. */
  revision: number
}

const bare = ({ seq, at, stream, level, text }: Kept): LogLine => ({ seq, at, stream, level, text })

/**
 * The log of one service: a ring of its last lines, redacted before they are kept, that any number of readers can
 * follow. A line that arrives again under the same `seq` replaces the former one (a progress bar).
 */
export function createLog({ redact }: { redact: (text: string) => string }) {
  let lines: Kept[] = []
  /** Lines before this place have been dropped; they are cut off in bulk. */
  let head = 0
  let characters = 0
  let seq = 0
  let revision = 0
  const last: Partial<Record<LogLine['stream'], Kept>> = {}
  const wake = new Set<() => void>()
  let followers = 0

  const trim = () => {
    while (lines.length - head > keep.lines || (characters > keep.characters && lines.length - head > 1)) {
      characters -= lines[head]?.text.length ?? 0
      head++
    }
    if (head > keep.lines) {
      lines = lines.slice(head)
      head = 0
    }
  }

  const add = (stream: LogLine['stream'], text: string, level: LogLine['level'], replaces: boolean) => {
    revision++
    const former = replaces ? last[stream] : undefined
    if (former && former.seq >= (lines[head]?.seq ?? Infinity)) {
      characters += text.length - former.text.length
      Object.assign(former, { text, level, at: Date.now(), revision })
    } else {
      const line: Kept = { seq: seq++, at: Date.now(), stream, level, text, revision }
      lines.push(line)
      last[stream] = line
      characters += text.length
    }
    trim()
  }

  const notify = () => {
    for (const call of wake) call()
  }

  /** Lines from `from` on, and those before it that were replaced since `seen`. Open lines are few: one a stream. */
  const unseen = (from: number, seen: number): Kept[] => {
    const first = lines[head]?.seq ?? seq
    const replaced = Object.values(last).filter((line) => line.seq < from && line.seq >= first && line.revision > seen)
    const start = head + Math.max(0, from - first)
    return [...replaced, ...lines.slice(start, start + batch.lines)]
  }

  /** Resolves when a line is added or the signal aborts. */
  const nextChange = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const done = () => {
        wake.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      if (signal.aborted) {
        resolve()
        return
      }
      wake.add(done)
      signal.addEventListener('abort', done)
    })

  const skipped = (count: number, before: number): LogLine => ({
    seq: before - 1,
    at: Date.now(),
    stream: 'panel',
    level: 'warn',
    text: `${count} lines were skipped: the log grows faster than it is read.`,
  })

  return {
    /** Adds lines of the program's own output. */
    output(stream: 'stdout' | 'stderr', added: OutputLine[]) {
      for (const { text, replaces } of added) {
        const safe = redact(text)
        add(stream, safe, guessLevel(safe), replaces)
      }
      if (added.length > 0) notify()
    },

    /** Adds a line of Regie's own. */
    panel(text: string, level: LogLine['level'] = 'info') {
      add('panel', redact(text), level, false)
      notify()
    },

    /** The last lines, oldest first. */
    tail: (count: number): LogLine[] => lines.slice(Math.max(head, lines.length - count)).map(bare),

    /** The last line that the program itself wrote since `since`, for telling why it ended. */
    lastWords(since: number): string | null {
      for (let at = lines.length - 1; at >= head; at--) {
        const line = lines[at]
        if (!line || line.at < since) break
        if (line.stream !== 'panel' && line.text.trim() !== '') return line.text.trim().slice(0, 300)
      }
      return null
    },

    /** How many readers follow now. */
    followers: () => followers,

    /**
     * Follows the log: first the last `tail` lines, or what came after line `after`; then batches as lines come, at
     * most one in 50 ms. A reader that is slower than the log loses the oldest lines and is told how many.
     */
    async *follow(
      { tail, after }: { tail: number; after?: number | undefined },
      signal: AbortSignal,
    ): AsyncGenerator<LogLine[], void, undefined> {
      const first = () => lines[head]?.seq ?? seq
      // A number that this log has not reached comes from an earlier run of the panel.
      let from = after === undefined || after >= seq ? Math.max(first(), seq - tail) : after + 1
      let seen = revision
      followers++
      try {
        while (!signal.aborted) {
          const lost = first() - from
          const found = unseen(from, seen)
          if (found.length > 0) {
            from = Math.max(from, (found.at(-1)?.seq ?? from) + 1)
            seen = from >= seq ? revision : seen
            yield lost > 0 ? [skipped(lost, first()), ...found.map(bare)] : found.map(bare)
            await pause(batch.pauseMs, signal)
          } else {
            seen = revision
            await nextChange(signal)
          }
        }
      } finally {
        followers--
      }
    },
  }
}
