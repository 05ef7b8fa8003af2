import type { LogLine } from '../../../shared/contract'
import { reason } from '../../../shared/problems'
import { orAborted } from '../../async/abort'
import { beginning } from '../../logs/cutting'
import type { Log, LogStart } from '../../logs/log'
import { Ring } from '../../logs/ring'
import { numberedPast, pastLines, type Past } from './past'
import { createReading, gap, type ReadingOptions, type Session } from './reading'
import { readWritten } from './written'

/** What is kept while somebody follows; older lines are the engine's to keep. */
const keep = { lines: 100_000, characters: 32 * 1024 * 1024 }

/** The kept lines of one reading, with those from before it. */
async function* followed(
  { past, ring }: { past: Past; ring: Ring },
  of: Session,
  { tail, after, ends }: LogStart & { ends: AbortSignal },
): AsyncGenerator<LogLine[], void, undefined> {
  await orAborted(of.opened, ends).catch(() => undefined)
  if (after !== undefined && after >= of.base - gap && after < ring.next()) {
    yield* ring.follow(Math.max(after + 1, ring.first()), ends, { isResumed: true })
    return
  }
  const kept = ring.next() - ring.first()
  const from = Math.max(ring.first(), ring.next() - tail)
  if (tail > kept && ring.first() === of.base) yield* numberedPast(past, of, { count: tail - kept, signal: ends })
  yield* ring.follow(from, ends)
}

/** All that the engine has, up to now. */
async function* wholeLog(
  { past, ring }: { past: Past; ring: Ring },
  of: Session,
  ends: AbortSignal,
): AsyncGenerator<LogLine[], void, undefined> {
  await of.opened
  const end = ring.next()
  if (ring.first() === of.base)
    for await (const lines of pastLines(past, of, { count: 'all', signal: ends }))
      yield lines.map((line) => ({ ...line, seq: 0 }))
  if (ring.first() === end) return
  for await (const lines of ring.follow(ring.first(), ends)) {
    yield lines
    if ((lines.at(-1)?.seq ?? end) >= end - 1) return
  }
}

/** The last lines: those that are kept, and of those before as many as are missing. */
async function lastLines({ past, ring }: { past: Past; ring: Ring }, of: Session, count: number): Promise<LogLine[]> {
  await of.opened
  const kept = ring.tail(count)
  const lines: LogLine[] = []
  if (ring.first() === of.base && kept.length < count)
    for await (const batch of numberedPast(past, of, { count: count - kept.length, signal: of.stop.signal }))
      lines.push(...batch)
  return [...lines, ...kept].slice(-count)
}

/**
 * The log of a service in a container. The engine keeps it: Regie reads along only while somebody follows, once for
 * all readers, and fetches what was before for each of them without keeping it.
 */
export function createContainerLog(options: ReadingOptions): Log {
  const { engine, find, redactor } = options
  const redact = (text: string) => redactor.redact(text)
  const ring = new Ring(keep)
  const reading = createReading(options, ring)
  const from = { ring, past: { engine, ring, redactor, notesBefore: reading.notesBefore } }

  /** One more reader, until the signal aborts or nothing is read along any more. */
  async function* read<T>(
    signal: AbortSignal,
    use: (of: Session, ends: AbortSignal) => AsyncGenerator<T, void, undefined>,
  ): AsyncGenerator<T, void, undefined> {
    const of = reading.enter()
    try {
      yield* use(of, AbortSignal.any([signal, of.stop.signal]))
    } finally {
      reading.leave()
    }
  }

  return {
    output() {
      // The engine keeps what a container writes.
    },
    panel: reading.note,
    async tail(count) {
      const of = reading.enter()
      try {
        return await lastLines(from, of, count)
      } finally {
        reading.leave()
      }
    },
    written: async (_since, count) => (await readWritten(options, count, (texts) => texts.map(redact))) ?? [],
    lastWords: () =>
      readWritten(options, 50, (texts) => {
        const words = texts.findLast((text) => text.trim() !== '')
        return words === undefined ? null : beginning(words.trim(), 300, redact)
      }),
    followers: reading.readers,
    source() {
      const read = reading.source()
      if (read) return read
      const { state, reason: why } = engine.status()
      if (state !== 'connected') return { state: 'engine-away', reason: why ?? reason('log.engine-away') }
      const found = find()
      if (!found) return { state: 'no-container', reason: reason('log.no-container') }
      return { state: found.state === 'running' ? 'live' : 'stopped' }
    },
    onSource: reading.onSource,
    follow: (start, signal) => read(signal, (of, ends) => followed(from, of, { ...start, ends })),
    whole: (signal) => read(signal, (of, ends) => wholeLog(from, of, ends)),
  }
}
