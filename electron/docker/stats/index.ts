import { Problem, reason } from '../../../shared/problems'
import type { StatsEvent, StatsHistory, StatsRange } from '../../../shared/contract'
import { createWake } from '../../async/wake'
import { createChangeWaiter } from '../change-waiter'
import type { Engine } from '../engine'
import { createStatsHistory } from './history'
import { readingOf, type Sample } from './sample'
import { readStats } from './stream'

export interface StatsOptions {
  engine: Engine
  /** The services that live in containers. */
  services: () => string[]
  /** The container behind a service, as last seen; null when there is none. Throws when there is no such service. */
  containerOf: (serviceId: string) => { id: string; state: string } | null
  /** Takes what is no expected failure. */
  reportBug: (error: unknown) => void
  /** In place of the usual minute, in ms. */
  sampleEveryMs?: number
}

export type Stats = ReturnType<typeof createStats>

const retryMs = 1_000

/** What is known of one service. */
interface Subject {
  history: ReturnType<typeof createStatsHistory>
  /** The last sample, and whose: another container begins to count anew. */
  last: { containerId: string; sample: Sample } | null
  event: StatsEvent
  readers: number
  changed: ReturnType<typeof createWake>
  /** Ends the stream; null while nobody looks. */
  stop: AbortController | null
}

const isOver = (signal: AbortSignal) => signal.aborted

/**
 * Measures containers: with a stream of their own while somebody looks, else with one sample a minute, which costs
 * next to nothing. CPU and rates are differences of counters, so that a minute's sample is the minute's mean.
 */
export function createStats(options: StatsOptions) {
  const { engine, services, containerOf, sampleEveryMs = 60_000 } = options
  const subjects = new Map<string, Subject>()
  const closed = new AbortController()

  const of = (id: string): Subject => {
    const known = subjects.get(id)
    if (known) return known
    containerOf(id)
    if (!services().includes(id)) throw new Problem('stats.not-a-container')
    const made: Subject = {
      history: createStatsHistory(),
      last: null,
      event: { state: 'starting', reading: null, cores: null },
      readers: 0,
      changed: createWake(),
      stop: null,
    }
    subjects.set(id, made)
    return made
  }

  const tell = (subject: Subject, event: StatsEvent) => {
    subject.event = event
    subject.changed.wake()
  }

  const take = (subject: Subject, containerId: string, sample: Sample, isLone: boolean) => {
    const before = subject.last?.containerId === containerId ? subject.last.sample : null
    // The first object of a stream may be of the same moment as the last one.
    if (before && sample.at <= before.at) return
    subject.last = { containerId, sample }
    const reading = readingOf(sample, before)
    subject.history.put(reading, { isLone })
    if (!isLone) tell(subject, { state: 'live', reading, cores: sample.cores })
  }

  /** Follows the container, whichever it is, until nobody looks any more. */
  async function run(id: string, subject: Subject, signal: AbortSignal) {
    const waiter = createChangeWaiter(engine, () => containerOf(id))
    try {
      while (!isOver(signal)) {
        const container = containerOf(id)
        waiter.watch(container?.id ?? null)
        const { cores } = subject.event
        const { state, reason: why } = engine.status()
        if (state !== 'connected' || !container || container.state !== 'running') {
          tell(
            subject,
            state !== 'connected'
              ? { state: 'engine-away', reason: why ?? reason('log.engine-away'), reading: null, cores }
              : { state: container ? 'stopped' : 'no-container', reading: null, cores },
          )
          await waiter.next(signal, retryMs * 5)
          continue
        }
        if (subject.event.state !== 'live') tell(subject, { state: 'starting', reading: null, cores })
        try {
          for await (const sample of readStats(await engine.client(), container.id, signal)) {
            if (!sample) break
            take(subject, container.id, sample, false)
          }
        } catch (error) {
          // The engine or the container went away: the next look tells which.
          if (error instanceof SyntaxError || error instanceof TypeError) throw error
        }
        if (!isOver(signal)) await waiter.next(signal, retryMs)
      }
    } finally {
      waiter.stop()
    }
  }

  /** One sample of a service that nobody looks at. */
  async function sampleOnce(id: string) {
    const container = containerOf(id)
    if (engine.status().state !== 'connected' || container?.state !== 'running') return
    const subject = of(id)
    if (subject.stop) return
    const enough = AbortSignal.any([closed.signal, AbortSignal.timeout(5_000)])
    try {
      for await (const sample of readStats(await engine.client(), container.id, enough)) {
        if (sample) take(subject, container.id, sample, true)
        return
      }
    } catch {
      // Another minute, another sample: a gap in the line says enough.
    }
  }

  let sampling = false
  const sampler = setInterval(() => {
    if (sampling) return
    sampling = true
    void (async () => {
      const ids = services()
      for (const id of subjects.keys()) if (!ids.includes(id)) subjects.delete(id)
      for (const id of ids) if (!closed.signal.aborted) await sampleOnce(id)
      sampling = false
    })()
  }, sampleEveryMs)
  sampler.unref()

  return {
    history(id: string, range: StatsRange): StatsHistory {
      const { history, event, last } = of(id)
      return { range, cores: event.cores ?? last?.sample.cores ?? null, points: history.points(range, Date.now()) }
    },

    /** The newest reading, again and again, until the signal aborts or the reader stops. One stream for all readers. */
    async *watch(id: string, signal: AbortSignal): AsyncGenerator<StatsEvent, void, undefined> {
      const subject = of(id)
      const ends = AbortSignal.any([signal, closed.signal])
      subject.readers += 1
      if (!subject.stop) {
        subject.stop = new AbortController()
        void run(id, subject, AbortSignal.any([subject.stop.signal, closed.signal])).catch((error: unknown) => {
          // The service was removed.
          if (!(error instanceof Problem)) options.reportBug(error)
        })
      }
      let told: StatsEvent | null = null
      try {
        while (!isOver(ends)) {
          if (subject.event === told) await subject.changed.next(ends)
          else {
            told = subject.event
            yield told
          }
        }
      } finally {
        subject.readers -= 1
        if (subject.readers === 0) {
          subject.stop.abort()
          subject.stop = null
          subject.event = { state: 'starting', reading: null, cores: subject.event.cores }
        }
      }
    },

    /** How many services are measured every second. */
    streams: () => [...subjects.values()].filter(({ stop }) => stop !== null).length,

    close() {
      clearInterval(sampler)
      closed.abort()
    },
  }
}
