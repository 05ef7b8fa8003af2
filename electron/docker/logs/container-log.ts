import type { LogLine, LogSource } from '../../../shared/contract'
import { reason } from '../../../shared/problems'
import { orAborted } from '../../async/abort'
import { beginning } from '../../logs/cutting'
import { createIntake, panelLine } from '../../logs/intake'
import { reach } from '../../logs/lines'
import type { Log } from '../../logs/log'
import { createRing, type NewLine } from '../../logs/ring'
import type { Redactor } from '../../vault/redactor'
import type { Container, Engine } from '../engine'
import { followContainer } from './follow'
import type { EngineLine } from './parse'
import { inspectForLog, readEngineLog, type LoggedContainer } from './read'
import { secretsOf } from './secrets'

export interface ContainerLogOptions {
  engine: Engine
  /** The container behind the service, as last seen; null when there is none. */
  find: () => Container | null
  redactor: Redactor
  /** Takes what is no expected failure. */
  reportBug: (error: unknown) => void
  /** How long it is still read after the last reader left, in ms: somebody who changes the page comes back. */
  lingerMs?: number
}

/** What is kept while somebody follows; older lines are the engine's to keep. */
const keep = { lines: 100_000, characters: 32 * 1024 * 1024 }

/** Numbers left free for the lines before those that are kept. */
const gap = 1_000_000

/** Regie's own lines are few, and are in no engine's log. */
const mostNotes = 500

/** A note so much older than the first line that is shown says nothing about it. */
const noteReachMs = 60_000

interface Session {
  stop: AbortController
  /** Resolves when it is known whether there is any line, and which is the last. */
  opened: Promise<void>
  startedAt: number
  /** Number of the first line that is kept. */
  base: number
  container: LoggedContainer | null
  /** The first line that is kept, and whose: what the engine has before it is history. */
  first: { containerId: string; line: EngineLine } | null
  done: Promise<void>
}

const timeOf = (line: EngineLine) => line.time?.at ?? Date.now()

/**
 * The log of a service in a container. The engine keeps it: Regie reads along only while somebody follows, once for
 * all readers, and fetches what was before for each of them without keeping it.
 */
export function createContainerLog(options: ContainerLogOptions): Log {
  const { engine, find, redactor, reportBug, lingerMs = 15_000 } = options
  const redact = (text: string) => redactor.redact(text)
  const { places } = redactor
  const ring = createRing(keep)
  const listeners = new Set<() => void>()
  const notes: NewLine[] = []
  /** What the container was given: known to the redactor as long as its log is read. */
  let learned: string[] = []
  let session: Session | null = null
  let source: LogSource | null = null
  let readers = 0
  let lingering: NodeJS.Timeout | undefined

  const setSource = (next: LogSource) => {
    if (source?.state === next.state && source.reason?.problem === next.reason?.problem) return
    source = next
    for (const listen of listeners) listen()
  }

  const learn = (secrets: string[]) => {
    secrets.forEach((secret) => redactor.learn(secret))
    learned.forEach((secret) => redactor.forget(secret))
    learned = secrets
  }

  const note = (text: string, level: LogLine['level'] = 'info') => {
    const line = panelLine(text, level, redact)
    notes.push(line)
    if (notes.length > mostNotes) notes.shift()
    if (session) ring.add([line])
  }

  function start(): Session {
    ring.clear(ring.next() + gap)
    const stop = new AbortController()
    let open = () => {}
    const opened = new Promise<void>((resolve) => (open = resolve))
    let intake = createIntake(redact)
    const started: Session = {
      stop,
      opened,
      startedAt: Date.now(),
      base: ring.next(),
      container: null,
      first: null,
      done: Promise.resolve(),
    }
    started.done = followContainer({
      engine,
      find,
      signal: stop.signal,
      places,
      onContainer(container) {
        started.container = container
        learn(secretsOf(container))
        intake = createIntake(redact)
      },
      onLines(lines) {
        const [line] = lines
        if (line && started.container) started.first ??= { containerId: started.container.id, line }
        ring.add(intake(lines, timeOf))
      },
      onSource: setSource,
      onNote: note,
      onOpened: open,
    }).catch(reportBug)
    return started
  }

  const enter = (): Session => {
    clearTimeout(lingering)
    readers++
    session ??= start()
    return session
  }

  const leave = () => {
    readers--
    if (readers > 0) return
    lingering = setTimeout(() => {
      session?.stop.abort()
      session = null
      source = null
      learn([])
      ring.clear(ring.next())
    }, lingerMs)
    lingering.unref()
  }

  /** The lines that the engine has from before those that are kept, at most `count` of them, oldest first. */
  async function* engineHistory(
    { first, container }: Session,
    count: number | 'all',
    signal: AbortSignal,
  ): AsyncGenerator<NewLine[], void, undefined> {
    if (!first?.line.time || container?.id !== first.containerId || engine.status().state !== 'connected') return
    const { stream, time } = first.line
    const tail = count === 'all' ? count : count + (ring.next() - ring.first())
    const intake = createIntake(redact)
    try {
      const docker = await engine.client()
      for await (const lines of readEngineLog(docker, container, { follow: false, tail }, { signal, places })) {
        const end = lines.findIndex((line) => line.stream === stream && line.time?.since === time.since)
        const before = end < 0 ? lines : lines.slice(0, end)
        if (before.length > 0) yield intake(before, timeOf)
        if (end >= 0) return
      }
    } catch {
      if (!signal.aborted)
        yield [panelLine('Docker did not give all of the older lines: some are missing here.', 'warn', redact)]
    }
  }

  /** The same with Regie's own lines in between, where they belong by their time. */
  async function* history(
    of: Session,
    count: number | 'all',
    signal: AbortSignal,
  ): AsyncGenerator<NewLine[], void, undefined> {
    let own = notes.filter(({ at }) => at < of.startedAt)
    let isFirst = true
    for await (const lines of engineHistory(of, count, signal)) {
      const from = lines[0]?.at ?? 0
      if (isFirst && count !== 'all') own = own.filter(({ at }) => at >= from - noteReachMs)
      isFirst = false
      const upTo = lines.at(-1)?.at ?? 0
      const due = own.filter(({ at }) => at <= upTo)
      own = own.slice(due.length)
      yield due.length === 0 ? lines : [...due, ...lines].sort((a, b) => a.at - b.at)
    }
    if (own.length > 0) yield own
  }

  /** History with the numbers before those that are kept, in batches worth sending. */
  async function* numbered(
    of: Session,
    count: number,
    signal: AbortSignal,
  ): AsyncGenerator<LogLine[], void, undefined> {
    let seq = of.base - gap
    let batch: LogLine[] = []
    const near: Partial<Record<LogLine['stream'], number[]>> = {}
    let since = performance.now()
    for await (const lines of history(of, count, signal)) {
      for (const { at, stream, level, text, styles, replaces, up = 0 } of lines) {
        const former = replaces ? near[stream]?.at(-1 - up) : undefined
        const number = former ?? seq++
        if (former === undefined) near[stream] = [...(near[stream] ?? []).slice(1 - reach), number]
        const line = { seq: number, at, stream, level, text }
        batch.push(styles ? { ...line, styles } : line)
      }
      if (batch.length < 1_000 && performance.now() - since < 20) continue
      yield batch
      batch = []
      since = performance.now()
    }
    if (batch.length > 0) yield batch
  }

  /** Reads the last lines of the container's present life, oldest first; null when they cannot be read. */
  async function written<T>(count: number, read: (texts: string[]) => T): Promise<T | null> {
    const found = find()
    if (!found || engine.status().state !== 'connected') return null
    const signal = AbortSignal.timeout(3_000)
    let learnt: string[] = []
    try {
      const docker = await engine.client()
      const container = await inspectForLog(docker, found.id, signal)
      // Known before its lines are read: where a long one is cut depends on it.
      learnt = secretsOf(container)
      learnt.forEach((secret) => redactor.learn(secret))
      // By the engine's own clock: it may be another than ours.
      const begins = Date.parse(container.startedAt) - 1_000
      const texts: string[] = []
      for await (const lines of readEngineLog(docker, container, { follow: false, tail: count }, { signal, places }))
        for (const line of lines) if (timeOf(line) >= begins) texts.push(line.text)
      return read(texts)
    } catch {
      return null // a logging driver that cannot be read, or a container that is gone
    } finally {
      learnt.forEach((secret) => redactor.forget(secret))
    }
  }

  const watched = (signal: AbortSignal, of: Session) => AbortSignal.any([signal, of.stop.signal])

  return {
    output() {
      // The engine keeps what a container writes.
    },
    panel: note,

    async tail(count) {
      const of = enter()
      try {
        await of.opened
        const kept = ring.tail(count)
        const lines: LogLine[] = []
        if (ring.first() === of.base && kept.length < count)
          for await (const batch of numbered(of, count - kept.length, of.stop.signal)) lines.push(...batch)
        return [...lines, ...kept].slice(-count)
      } finally {
        leave()
      }
    },

    written: async (_since, count) => (await written(count, (texts) => texts.map(redact))) ?? [],

    async lastWords() {
      return written(50, (texts) => {
        const words = texts.findLast((text) => text.trim() !== '')
        return words === undefined ? null : beginning(words.trim(), 300, redact)
      })
    },

    followers: () => readers,

    source() {
      if (source) return source
      const { state, reason: why } = engine.status()
      if (state !== 'connected') return { state: 'engine-away', reason: why ?? reason('log.engine-away') }
      const found = find()
      if (!found) return { state: 'no-container', reason: reason('log.no-container') }
      return { state: found.state === 'running' ? 'live' : 'stopped' }
    },

    onSource(listen) {
      listeners.add(listen)
      return () => void listeners.delete(listen)
    },

    async *follow({ tail, after }, signal) {
      const of = enter()
      const ends = watched(signal, of)
      try {
        await orAborted(of.opened, ends).catch(() => undefined)
        if (after !== undefined && after >= of.base - gap && after < ring.next()) {
          yield* ring.follow(Math.max(after + 1, ring.first()), ends, { isResumed: true })
          return
        }
        const kept = ring.next() - ring.first()
        const from = Math.max(ring.first(), ring.next() - tail)
        if (tail > kept && ring.first() === of.base) yield* numbered(of, tail - kept, ends)
        yield* ring.follow(from, ends)
      } finally {
        leave()
      }
    },

    async *whole(signal) {
      const of = enter()
      const ends = watched(signal, of)
      try {
        await of.opened
        const end = ring.next()
        if (ring.first() === of.base)
          for await (const lines of history(of, 'all', ends)) yield lines.map((line) => ({ ...line, seq: 0 }))
        if (ring.first() === end) return
        for await (const lines of ring.follow(ring.first(), ends)) {
          yield lines
          if ((lines.at(-1)?.seq ?? end) >= end - 1) return
        }
      } finally {
        leave()
      }
    },
  }
}
