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
export class Ring {
  readonly #keep: { lines: number; characters: number }
  readonly #changed = createWake()
  #lines: Kept[] = []
  /** Lines before this place have been dropped; they are cut off in bulk. */
  #head = 0
  #characters = 0
  #seq = 0
  #revision = 0
  /** Of each stream the last lines, which can still be replaced. */
  #near: Partial<Record<LogLine['stream'], Kept[]>> = {}

  constructor(keep: { lines: number; characters: number }) {
    this.#keep = keep
  }

  add(added: readonly NewLine[]) {
    if (added.length === 0) return
    for (const line of added) this.#add(line)
    this.#trim()
    this.#changed.wake()
  }

  /** The number of the oldest line that is kept, or of the next one when there is none. */
  first(): number {
    return this.#lines[this.#head]?.seq ?? this.#seq
  }

  /** The number that the next line gets. */
  next(): number {
    return this.#seq
  }

  /** Forgets every line; the next one gets this number, which must not have been reached. */
  clear(next: number) {
    this.#lines = []
    this.#head = 0
    this.#characters = 0
    this.#near = {}
    this.#seq = next
  }

  /** The last lines, oldest first. */
  tail(count: number): LogLine[] {
    return this.#lines.slice(Math.max(this.#head, this.#lines.length - count)).map(bare)
  }

  /** The last lines that the program itself wrote since `since`, oldest first. */
  written(since: number, count: number): string[] {
    const found: string[] = []
    for (let at = this.#lines.length - 1; at >= this.#head && found.length < count; at--) {
      const line = this.#lines[at]
      if (!line || line.at < since) break
      if (line.stream !== 'panel') found.push(line.text)
    }
    return found.reverse()
  }

  /** The last line that the program itself wrote since `since`. */
  lastWords(since: number): string | null {
    for (let at = this.#lines.length - 1; at >= this.#head; at--) {
      const line = this.#lines[at]
      if (!line || line.at < since) break
      if (line.stream !== 'panel' && line.text.trim() !== '') return beginning(line.text.trim(), longestWords, asItIs)
    }
    return null
  }

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
    let seen = this.#revision
    const replaced = isResumed ? this.#nearest().filter((line) => line.isReplaced && line.seq < from) : []
    if (replaced.length > 0) yield replaced.map(bare)
    while (!signal.aborted) {
      const lost = this.first() - from
      const found = this.#unseen(from, seen)
      if (found.length === 0) {
        seen = this.#revision
        await this.#changed.next(signal)
        continue
      }
      from = Math.max(from, (found.at(-1)?.seq ?? from) + 1)
      const isBehind = from < this.#seq
      if (!isBehind) seen = this.#revision
      yield lost > 0 ? [skipped(lost, this.first()), ...found.map(bare)] : found.map(bare)
      if (isBehind) await setImmediate()
      else await pause(batch.pauseMs, signal)
    }
  }

  #add({ at, stream, level, text, styles, replaces, up = 0 }: NewLine) {
    const revision = ++this.#revision
    this.#characters += text.length
    const former = replaces ? this.#near[stream]?.at(-1 - up) : undefined
    if (former && former.seq >= (this.#lines[this.#head]?.seq ?? Infinity)) {
      this.#characters -= former.text.length
      Object.assign(former, { at, level, text, styles, revision, isReplaced: true })
      return
    }
    const line: Kept = { seq: this.#seq++, at, stream, level, text, revision, isReplaced: false }
    if (styles) line.styles = styles
    this.#lines.push(line)
    const neighbours = (this.#near[stream] ??= [])
    neighbours.push(line)
    if (neighbours.length > reach) neighbours.shift()
  }

  #trim() {
    const { lines, characters } = this.#keep
    const count = () => this.#lines.length - this.#head
    while (count() > lines || (this.#characters > characters && count() > 1)) {
      this.#characters -= this.#lines[this.#head]?.text.length ?? 0
      this.#head++
    }
    if (this.#head > lines / 4) {
      this.#lines = this.#lines.slice(this.#head)
      this.#head = 0
    }
  }

  #nearest(): Kept[] {
    return Object.values(this.#near).flat()
  }

  /** Lines from `from` on, and those before it that were replaced since `seen`. Those are few, and near. */
  #unseen(from: number, seen: number): Kept[] {
    const first = this.first()
    const found = this.#nearest().filter((line) => line.seq < from && line.seq >= first && line.revision > seen)
    let size = 0
    for (let at = this.#head + Math.max(0, from - first); at < this.#lines.length; at++) {
      const line = this.#lines[at]
      if (!line || found.length >= batch.lines || size >= batch.characters) break
      size += line.text.length
      found.push(line)
    }
    return found
  }
}
