import { Problem } from '../../../shared/problems'
import type { StatsEvent, StatsHistory, StatsRange } from '../../../shared/contract'
import { measureLive, newSubject, sampleOnce, type MeasuredOptions, type Subject } from './measuring'

export interface StatsOptions extends MeasuredOptions {
  /** The services that live in containers. */
  services: () => string[]
  /** Takes what is no expected failure. */
  reportBug: (error: unknown) => void
  /** In place of the usual minute, in ms. */
  sampleEveryMs?: number
}

/** Does something now and then, and never twice at once. Returns what ends it. */
function repeatedly(everyMs: number, work: () => Promise<void>): () => void {
  let isBusy = false
  const timer = setInterval(() => {
    if (isBusy) return
    isBusy = true
    void work().finally(() => (isBusy = false))
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}

/**
 * Measures containers: with a stream of their own while somebody looks, else with one sample a minute, which costs
 * next to nothing. CPU and rates are differences of counters, so that a minute's sample is the minute's mean.
 */
export class Stats {
  readonly #options: StatsOptions
  readonly #subjects = new Map<string, Subject>()
  readonly #closed = new AbortController()
  readonly #stopSampling: () => void

  constructor(options: StatsOptions) {
    this.#options = options
    this.#stopSampling = repeatedly(options.sampleEveryMs ?? 60_000, () => this.#sample())
  }

  history(id: string, range: StatsRange): StatsHistory {
    const { history, event, last } = this.#of(id)
    return { range, cores: event.cores ?? last?.sample.cores ?? null, points: history.points(range, Date.now()) }
  }

  /** The newest reading, again and again, until the signal aborts or the reader stops. One stream for all readers. */
  async *watch(id: string, signal: AbortSignal): AsyncGenerator<StatsEvent, void, undefined> {
    const subject = this.#of(id)
    const ends = AbortSignal.any([signal, this.#closed.signal])
    subject.readers += 1
    if (!subject.stop) {
      subject.stop = new AbortController()
      const measured = AbortSignal.any([subject.stop.signal, this.#closed.signal])
      void measureLive(this.#options, { id, subject }, measured).catch((error: unknown) => {
        // The service was removed.
        if (!(error instanceof Problem)) this.#options.reportBug(error)
      })
    }
    let told: StatsEvent | null = null
    try {
      while (!ends.aborted) {
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
  }

  /** How many services are measured every second. */
  streams(): number {
    return [...this.#subjects.values()].filter(({ stop }) => stop !== null).length
  }

  close(): void {
    this.#stopSampling()
    this.#closed.abort()
  }

  #of(id: string): Subject {
    const known = this.#subjects.get(id)
    if (known) return known
    const { containerOf, services } = this.#options
    containerOf(id)
    if (!services().includes(id)) throw new Problem('stats.not-a-container')
    const made = newSubject()
    this.#subjects.set(id, made)
    return made
  }

  async #sample(): Promise<void> {
    const { signal } = this.#closed
    const ids = this.#options.services()
    for (const id of this.#subjects.keys()) if (!ids.includes(id)) this.#subjects.delete(id)
    const subjectOf = (id: string) => this.#of(id)
    for (const id of ids) if (!signal.aborted) await sampleOnce(this.#options, { id, subjectOf }, signal)
  }
}
