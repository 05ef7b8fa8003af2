import type { GoldenCheck, GoldenSettings, PanelEvent, Service } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import type { Clock } from '../async/clock'
import { coalesce } from '../async/coalesce'
import type { Cards } from '../cards'
import type { LoadOf } from '../rotation/policy'
import { createStarts } from '../services/starts'

/** Longest time between two looks, in ms: work that others give a service is not heard of. */
const lookMs = 60_000
/** How often it is looked whether somebody waits behind a check that nobody asked for, in ms. */
const yieldMs = 1_000
const dayMs = 24 * 3_600_000

type Trigger = Exclude<GoldenCheck['trigger'], 'asked'>

interface AutomaticOptions {
  services: () => readonly Service[]
  settings: (serviceId: string) => GoldenSettings
  /** When the last check that says something began; null: none has. */
  lastAt: (serviceId: string) => number | null
  isRunning: (serviceId: string) => boolean
  /** Runs one; resolves with how it ended. Throws a Problem where it cannot. */
  run: (serviceId: string, trigger: Trigger) => Promise<GoldenCheck['state']>
  /** Ends one that runs, because somebody waits. */
  yield: (serviceId: string) => void
  cards: Pick<Cards, 'countOn' | 'beside'>
  loadOf: LoadOf
  /** Why one waits is otherwise. */
  changed: (serviceId: string) => void
  clock: Clock
  reportBug: (error: unknown) => void
}

/**
 * Checks that Regie runs by itself: after starts and updates, and daily, as each service is set. They begin only where the
 * service is ready and nobody has work there, wake none, and end as soon as somebody's job waits behind them; then they
 * are due again.
 */
export class Automatic {
  readonly #options: AutomaticOptions
  readonly #due = new Map<string, Trigger>()
  readonly #why = new Map<string, Reason>()
  readonly #isStarted = createStarts()
  #cancelLook: () => void = () => undefined
  #isClosed = false
  readonly #pass = coalesce(() => this.#lookAtAll())

  constructor(options: AutomaticOptions) {
    this.#options = options
  }

  /** Takes what happens in the panel. */
  hear(event: PanelEvent): void {
    if (event.type === 'service') this.#hearService(event.service)
    if (event.type === 'update' && event.update.state === 'switched') {
      this.#due.set(event.update.serviceId, 'update')
      this.look()
    }
    if (
      event.type === 'generation' &&
      event.generation.finishedAt !== null &&
      this.#due.has(event.generation.serviceId)
    )
      this.look()
    if (event.type === 'service-removed') {
      this.#due.delete(event.id)
      this.#why.delete(event.id)
    }
  }

  /** Why one that is due has not begun; null where none is. */
  waits(serviceId: string): Reason | null {
    return this.#why.get(serviceId) ?? null
  }

  /** Looks now, and again and again from then on. */
  look(): void {
    if (!this.#isClosed) void this.#pass().catch(this.#options.reportBug)
  }

  close(): void {
    this.#isClosed = true
    this.#cancelLook()
  }

  #hearService(service: Service): void {
    const { id } = service
    if (this.#isStarted(service)) this.#due.set(id, this.#due.get(id) ?? 'start')
    else if (!this.#due.has(id)) return
    this.look()
  }

  async #lookAtAll(): Promise<void> {
    this.#cancelLook()
    if (this.#isClosed) return
    for (const service of this.#options.services()) await this.#lookAt(service)
    this.#cancelLook()
    this.#cancelLook = this.#options.clock.after(lookMs, () => this.look())
  }

  async #lookAt(service: Service): Promise<void> {
    const { id } = service
    const { isRunning, reportBug } = this.#options
    const trigger = isRunning(id) ? null : this.#dueFor(service)
    const held = trigger === null ? null : await this.#heldBy(service)
    this.#say(id, held)
    if (trigger === null || held !== null || this.#isClosed || isRunning(id)) return
    void this.#carryOut(id, trigger).catch(reportBug)
  }

  #dueFor({ id }: Service): Trigger | null {
    const { settings, lastAt, clock } = this.#options
    const { daily, afterStart, afterUpdate } = settings(id)
    const asked = this.#due.get(id)
    if ((asked === 'start' && afterStart) || (asked === 'update' && afterUpdate)) return asked
    this.#due.delete(id)
    const last = lastAt(id)
    return daily && (last === null || clock.now() - last >= dayMs) ? 'daily' : null
  }

  /** What keeps one from beginning now; null where nothing does. */
  async #heldBy({ id, health, operation }: Service): Promise<Reason | null> {
    const { cards, loadOf } = this.#options
    if (health.state !== 'ready' || operation !== null) return reason('golden.not-ready', { id })
    // Whoever has work on another service of the card would wait for it too.
    const isFree = cards.countOn(id) === 0 && cards.beside(id).all === 0 && (await loadOf(id)).state === 'idle'
    return isFree ? null : reason('golden.others-work', { service: id })
  }

  async #carryOut(id: string, trigger: Trigger): Promise<void> {
    const stop = this.#watchLine(id)
    try {
      const state = await this.#options.run(id, trigger)
      // Whoever came behind it goes first; it is tried again when he is done.
      if (state !== 'cancelled' && state !== 'skipped' && this.#due.get(id) === trigger) this.#due.delete(id)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
    } finally {
      stop()
    }
  }

  /** Looks after one that runs, for whoever comes behind it. */
  #watchLine(id: string): () => void {
    const { cards, clock } = this.#options
    let stop: () => void = () => undefined
    const look = () => {
      if (cards.countOn(id) > 1 || cards.beside(id).waiting > 0) this.#options.yield(id)
      stop = clock.after(yieldMs, look)
    }
    stop = clock.after(yieldMs, look)
    return () => stop()
  }

  #say(id: string, what: Reason | null): void {
    if (JSON.stringify(this.waits(id)) === JSON.stringify(what)) return
    if (what === null) this.#why.delete(id)
    else this.#why.set(id, what)
    this.#options.changed(id)
  }
}
