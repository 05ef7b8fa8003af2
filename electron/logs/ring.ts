import type { LogLine } from '../../shared/contract'
import { setImmediate } from 'node:timers/promises'
import { pause } from '../async/pause'
import { createWake } from '../async/wake'
import { asItIs, beginning } from './cutting'
import { reach } from './lines'

/** A line before it has its number. `replaces`: it takes the place of an earlier one of its stream (a progress bar). */
export interface NewLine extends Omit<LogLine, 'seq'> {
  replaces: boolean
  /** Which one, counted back from the stream's last; absent: the last one. */
  up?: number
}

interface Kept extends LogLine {
  /** Grows with every line that is added or replaced; tells a follower what it has not seen. */
  revision: number
  /** It has taken the place of what it was first. */
  isReplaced: boolean
}

/** So much of a last line is quoted in a reason, in UTF-16 units. */
const longestWords = 300

/** Most lines and characters in one batch, and the least time between two batches of a follower that keeps up, in ms. */
const batch = { lines: 2_000, characters: 256 * 1024, pauseMs: 50 }

export type Ring = ReturnType<typeof createRing>

const bare = ({ seq, at, stream, level, text, styles }: Kept): LogLine =>
  styles ? { seq, at, stream, level, text, styles } : { seq, at, stream, level, text }

const skipped = (count: number, before: number): LogLine => ({
  seq: Math.max(0, before - 1),
  at: Date.now(),
  stream: 'panel',
  level: 'warn',
  text: `${count} lines were skipped: the log grows faster than it is read.`,
})

/**
 * The last lines of a log, bounded in number and size, that any number of readers can follow. A line that arrives
 * again under the same `seq` replaces the former one.
 */
export function createRing(keep: { lines: number; characters: number }) {
  let lines: Kept[] = []
  /** Lines before this place have been dropped; they are cut off in bulk. */
  let head = 0
  let characters = 0
  let seq = 0
  let revision = 0
  /** Of each stream the last lines, which can still be replaced. */
  let near: Partial<Record<LogLine['stream'], Kept[]>> = {}
  const changed = createWake()

  const trim = () => {
    while (lines.length - head > keep.lines || (characters > keep.characters && lines.length - head > 1)) {
      characters -= lines[head]?.text.length ?? 0
      head++
    }
    if (head > keep.lines / 4) {
      lines = lines.slice(head)
      head = 0
    }
  }

  const add = ({ at, stream, level, text, styles, replaces, up = 0 }: NewLine) => {
    revision++
    characters += text.length
    const former = replaces ? near[stream]?.at(-1 - up) : undefined
    if (former && former.seq >= (lines[head]?.seq ?? Infinity)) {
      characters -= former.text.length
      Object.assign(former, { at, level, text, styles, revision, isReplaced: true })
      return
    }
    const line: Kept = { seq: seq++, at, stream, level, text, revision, isReplaced: false }
    if (styles) line.styles = styles
    lines.push(line)
    const neighbours = (near[stream] ??= [])
    neighbours.push(line)
    if (neighbours.length > reach) neighbours.shift()
  }

  const first = () => lines[head]?.seq ?? seq

  /** Lines from `from` on, and those before it that were replaced since `seen`. Those are few, and near. */
  const unseen = (from: number, seen: number): Kept[] => {
    const found = Object.values(near)
      .flat()
      .filter((line) => line.seq < from && line.seq >= first() && line.revision > seen)
    let size = 0
    for (let at = head + Math.max(0, from - first()); at < lines.length; at++) {
      const line = lines[at]
      if (!line || found.length >= batch.lines || size >= batch.characters) break
      size += line.text.length
      found.push(line)
    }
    return found
  }

  return {
    add(added: readonly NewLine[]) {
      if (added.length === 0) return
      for (const line of added) add(line)
      trim()
      changed.wake()
    },

    /** The number of the oldest line that is kept, or of the next one when there is none. */
    first,
    /** The number that the next line gets. */
    next: () => seq,

    /** Forgets every line; the next one gets this number, which must not have been reached. */
    clear(next: number) {
      lines = []
      head = 0
      characters = 0
      near = {}
      seq = next
    },

    /** The last lines, oldest first. */
    tail: (count: number): LogLine[] => lines.slice(Math.max(head, lines.length - count)).map(bare),

    /** The last lines that the program itself wrote since `since`, oldest first. */
    written(since: number, count: number): string[] {
      const found: string[] = []
      for (let at = lines.length - 1; at >= head && found.length < count; at--) {
        const line = lines[at]
        if (!line || line.at < since) break
        if (line.stream !== 'panel') found.push(line.text)
      }
      return found.reverse()
    },

    /** The last line that the program itself wrote since `since`. */
    lastWords(since: number): string | null {
      for (let at = lines.length - 1; at >= head; at--) {
        const line = lines[at]
        if (!line || line.at < since) break
        if (line.stream !== 'panel' && line.text.trim() !== '') return beginning(line.text.trim(), longestWords, asItIs)
      }
      return null
    },

    /**
     * Every line from number `from` on, in batches: at once while there are more, else at most one in 50 ms. A reader
     * that is slower than the log loses the oldest lines and is told how many. `isResumed`: it has seen those before,
     * but not what may have become of the last ones since: such as were replaced are told again.
     */
    async *follow(
      from: number,
      signal: AbortSignal,
      { isResumed = false } = {},
    ): AsyncGenerator<LogLine[], void, undefined> {
      let seen = revision
      const replaced = isResumed
        ? Object.values(near)
            .flat()
            .filter((line) => line.isReplaced && line.seq < from)
        : []
      if (replaced.length > 0) yield replaced.map(bare)
      while (!signal.aborted) {
        const lost = first() - from
        const found = unseen(from, seen)
        if (found.length === 0) {
          seen = revision
          await changed.next(signal)
          continue
        }
        from = Math.max(from, (found.at(-1)?.seq ?? from) + 1)
        const isBehind = from < seq
        if (!isBehind) seen = revision
        yield lost > 0 ? [skipped(lost, first()), ...found.map(bare)] : found.map(bare)
        if (isBehind) await setImmediate()
        else await pause(batch.pauseMs, signal)
      }
    },
  }
}
