import { randomUUID } from 'node:crypto'
import type {
  AccountId,
  LoadTest,
  LoadTestOrder,
  LoadTestPlan,
  LoadTestReport,
  PanelEvent,
  Service,
} from '../../shared/contract'
import { figuresOf, reportOf, type LoadMeasured, type LoadTestHead } from '../../shared/load-report'
import { Problem, reason } from '../../shared/problems'
import { orAborted } from '../async/abort'
import { systemClock, type Clock } from '../async/clock'
import type { Listen } from '../async/listeners'
import { tellEach } from '../async/tell-each'
import { createThrottle } from '../async/throttle'
import type { Audit } from '../audit/audit'
import type { Cards } from '../cards'
import type { LoadOf } from '../rotation/policy'
import { modelOf, type TrialPorts } from '../trial/ports'
import { csvOfReport } from './csv'
import { carryOut, endOf, nothingMeasured, resolveOrder, toldOf } from './running'
import type { LoadTestStore } from './store'

export { createLoadTestStore } from './store'

export interface LoadTestOptions extends Omit<TrialPorts, 'cards'> {
  store: LoadTestStore
  cards: Pick<Cards, 'turn' | 'countOn' | 'beside'>
  /** Throws a Problem where there is no such service. */
  service: (serviceId: string) => Service
  services: () => readonly Service[]
  loadOf: LoadOf
  /** Whether a service stands still and may be woken. */
  isAsleep: (service: Service) => boolean
  /** Resolves when it is awake, or will not be. Throws the Problem of a start that failed. */
  wake: (serviceId: string, by: AccountId) => Promise<void>
  /** What is done to the service that a load test must not meet; null: nothing. */
  underWay: (serviceId: string) => 'rotation' | 'update' | null
  /** What one image of the same by the same model took in a golden check, in ms; null where there was none. */
  goldenMs: (serviceId: string, made: NonNullable<LoadTest['made']>, model: string | null) => number | null
  audit: Pick<Audit, 'appendFirst'>
  publish: (event: Extract<PanelEvent, { type: 'load-test' }>) => void
  listen: Listen<[PanelEvent]>
  clock?: Clock
}

interface Running {
  head: LoadTestHead
  measured: () => LoadMeasured
  abort: AbortController
  done: Promise<LoadTest>
}

const tellEveryMs = 500
/** How much of a test that runs is lost at most when the panel dies, in ms. */
const keepEveryMs = 2_000

const newHead = (serviceId: string, by: AccountId, order: LoadTestOrder, now: number): LoadTestHead => ({
  ...{ id: randomUUID(), serviceId, by, order, state: 'waiting', startedAt: now, finishedAt: null },
  ...{ made: null, conditions: { model: null, version: null, gpu: null } },
})

/**
 * Load tests: many images on one service, several at a time, each measured. One at a time on each service; its images take
 * their turns in the line with everybody's jobs, and are kept nowhere.
 */
export class LoadTestPart {
  readonly #options: LoadTestOptions
  readonly #clock: Clock
  readonly #running = new Map<string, Running>()
  readonly #changed = tellEach<string>(tellEveryMs, (serviceId) =>
    this.#options.publish({ type: 'load-test', serviceId }),
  )
  #stopListening: () => void = () => undefined

  constructor(options: LoadTestOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
  }

  /** Ends what an earlier panel left open, and follows the services from now on. */
  begin(): void {
    const { store, listen } = this.#options
    for (const test of store.open()) {
      const { startedAt, figures } = test
      const finishedAt = Math.max(startedAt, Math.round(startedAt + figures.elapsedMs))
      store.close({ ...test, state: 'interrupted', finishedAt, reason: reason('load-test.interrupted') })
    }
    this.#stopListening = listen((event) => {
      if (event.type === 'service-removed') this.#forget(event.id)
    })
  }

  /** The one that runs and the last ones of a service. Throws a Problem where there is none of that name. */
  list(serviceId: string): { running: LoadTest | null; tests: LoadTest[] } {
    const { store, service } = this.#options
    service(serviceId)
    const running = this.#running.get(serviceId)
    const tests = store.tests(serviceId).filter(({ id }) => id !== running?.head.id)
    return { running: running ? told(running) : null, tests }
  }

  /** The whole report of one, also of the one that runs. */
  read(serviceId: string, id: string): LoadTestReport {
    const { store, service } = this.#options
    service(serviceId)
    const running = this.#running.get(serviceId)
    if (running?.head.id === id) return reportOf(running.head, running.measured())
    const test = store.find(serviceId, id)
    const measured = test && store.measured(serviceId, id)
    if (!test || !measured) throw new Problem('load-test.not-found', { id })
    return reportOf(test, measured)
  }

  /** The same for a spreadsheet. */
  csv(serviceId: string, id: string): string {
    return csvOfReport(this.read(serviceId, id))
  }

  /** What a test would do now; asks the service, and begins nothing. */
  async plan(serviceId: string, order: LoadTestOrder): Promise<LoadTestPlan> {
    const { backendOf } = this.#options
    const blocked = this.#blockedBy(serviceId)?.reason
    const unknown = { made: null, estimateMs: null, from: null }
    if (blocked) return { ...unknown, blocked }
    // Nobody can be asked there how long it takes.
    if (this.#isAsleep(serviceId)) return { ...unknown, confirm: reason('load-test.asleep', { id: serviceId }) }
    try {
      const params = await resolveOrder(backendOf(serviceId), order, AbortSignal.timeout(30_000))
      const made = toldOf(params)
      const same = { made, model: modelOf(params) }
      const confirm = (await this.#othersOn(serviceId))?.reason
      return { made, ...this.#estimate(serviceId, same, order), ...(confirm && { confirm }) }
    } catch (error) {
      if (error instanceof Problem) return { ...unknown, blocked: error.reason }
      throw error
    }
  }

  /** Begins a test. Throws a Problem where the service is not ready, or it sleeps or others work there and nobody said `anyway`. */
  async start(
    serviceId: string,
    order: LoadTestOrder,
    { by, who, anyway }: { by: AccountId; who: string; anyway: boolean },
  ): Promise<LoadTest> {
    this.#refuseBlocked(serviceId)
    const why = anyway ? null : await this.#mindedBy(serviceId)
    if (why) throw why
    const details = { images: order.count, concurrency: order.concurrency }
    await this.#options.audit.appendFirst({ who, action: 'load-test.started', target: serviceId, details })
    // Somebody may have been faster.
    this.#refuseBlocked(serviceId)
    const running: Running = {
      head: newHead(serviceId, by, order, this.#clock.now()),
      measured: () => nothingMeasured,
      abort: new AbortController(),
      done: Promise.resolve().then(() => this.#carryOut(running)),
    }
    this.#running.set(serviceId, running)
    this.#keep(running)
    this.#changed.note(serviceId)
    return told(running)
  }

  /** Ends the one that runs; answers how it ended. */
  cancel(serviceId: string): Promise<LoadTest> {
    this.#options.service(serviceId)
    const running = this.#running.get(serviceId)
    if (!running) throw new Problem('load-test.not-running', { id: serviceId })
    running.abort.abort()
    return running.done
  }

  async remove(serviceId: string, id: string, who: string): Promise<{ id: string }> {
    const { store, service, audit } = this.#options
    service(serviceId)
    if (this.#running.get(serviceId)?.head.id === id) throw new Problem('load-test.busy', { id: serviceId })
    if (!store.find(serviceId, id)) throw new Problem('load-test.not-found', { id })
    await audit.appendFirst({ who, action: 'load-test.removed', target: serviceId, details: { test: id } })
    store.remove(serviceId, id)
    this.#changed.note(serviceId)
    return { id }
  }

  /** Ends what runs, off its services; what was measured until then is kept. */
  async close(): Promise<void> {
    this.#stopListening()
    for (const { abort } of this.#running.values()) abort.abort(new Problem('load-test.interrupted'))
    await Promise.all([...this.#running.values()].map(({ done }) => done))
    this.#changed.drop()
  }

  #blockedBy(serviceId: string): Problem | null {
    const { service, underWay } = this.#options
    const { health, operation } = service(serviceId)
    if (this.#running.has(serviceId)) return new Problem('load-test.busy', { id: serviceId })
    switch (underWay(serviceId)) {
      case 'rotation':
        return new Problem('load-test.rotating', { id: serviceId })
      case 'update':
        return new Problem('load-test.updating', { id: serviceId })
      case null:
        break
    }
    const isReady = (health.state === 'ready' && operation === null) || this.#isAsleep(serviceId)
    return isReady ? null : new Problem('load-test.not-ready', { id: serviceId })
  }

  #refuseBlocked(serviceId: string): void {
    const blocked = this.#blockedBy(serviceId)
    if (blocked) throw blocked
  }

  #isAsleep(serviceId: string): boolean {
    const { service, isAsleep } = this.#options
    return isAsleep(service(serviceId))
  }

  /** What a person has to confirm; null: nothing. */
  async #mindedBy(id: string): Promise<Problem | null> {
    return this.#isAsleep(id) ? new Problem('load-test.asleep', { id }) : this.#othersOn(id)
  }

  /** Wakes a service that sleeps. Throws where it is not ready then. */
  async #wake({ head: { serviceId, by }, abort: { signal } }: Running): Promise<void> {
    const { service, wake } = this.#options
    if (!this.#isAsleep(serviceId)) return
    // Whoever cancels does not wait for a start, which goes on.
    await orAborted(wake(serviceId, by), signal)
    signal.throwIfAborted()
    if (service(serviceId).health.state !== 'ready') throw new Problem('load-test.not-ready', { id: serviceId })
  }

  /** Whom a test would keep waiting, on the service or on its card; null: nobody. */
  async #othersOn(id: string): Promise<Problem | null> {
    const { cards, loadOf } = this.#options
    const { state, running, waiting } = await loadOf(id)
    const count = Math.max(cards.countOn(id), (running ?? 0) + (waiting ?? 0)) + cards.beside(id).all
    if (count > 0 || state === 'busy') return new Problem('load-test.others-work', { id, count: Math.max(1, count) })
    return state === 'idle' ? null : new Problem('load-test.load-unknown', { id })
  }

  /**
   * How long so many images should take, by what the same took before: of one model, and as many at a time, for how much
   * more a service makes when more is asked at once nobody knows beforehand. A golden check is asked one at a time.
   */
  #estimate(
    serviceId: string,
    { made, model }: { made: NonNullable<LoadTest['made']>; model: string | null },
    { count, concurrency }: LoadTestOrder,
  ): Pick<LoadTestPlan, 'estimateMs' | 'from'> {
    const { store, goldenMs } = this.#options
    const before = store
      .tests(serviceId)
      .find(
        (one) =>
          JSON.stringify(one.made) === JSON.stringify(made) &&
          one.conditions.model === model &&
          one.order.concurrency === concurrency &&
          one.figures.perMinute !== null,
      )
    if (before?.figures.perMinute)
      return { estimateMs: Math.round((count * 60_000) / before.figures.perMinute), from: 'load-test' }
    const each = goldenMs(serviceId, made, model)
    return each === null ? { estimateMs: null, from: null } : { estimateMs: Math.round(count * each), from: 'golden' }
  }

  async #carryOut(running: Running): Promise<LoadTest> {
    const { serviceId } = running.head
    const keep = createThrottle<null>(keepEveryMs, () => this.#keep(running))
    const change = (part: Partial<LoadTestHead>) => {
      running.head = { ...running.head, ...part }
      this.#changed.note(serviceId)
    }
    try {
      await this.#wake(running)
      await carryOut(this.#options, {
        head: () => running.head,
        change,
        measures: (read) => {
          running.measured = read
        },
        noted: () => {
          keep.push(null)
          this.#changed.note(serviceId)
        },
        signal: running.abort.signal,
      })
    } catch (error) {
      if (!(error instanceof Problem) && !running.abort.signal.aborted) this.#options.reportBug(error)
      change(endOf(error, running.abort.signal))
    }
    keep.drop()
    change({ finishedAt: this.#clock.now() })
    this.#running.delete(serviceId)
    this.#keep(running)
    this.#changed.note(serviceId)
    return told(running)
  }

  /** Notes how far one is. The service may have been removed meanwhile. */
  #keep(running: Running): void {
    const { store, services, reportBug } = this.#options
    if (!services().some(({ id }) => id === running.head.serviceId)) return
    try {
      store.put(told(running), running.measured())
    } catch (error) {
      reportBug(error)
    }
  }

  #forget(serviceId: string): void {
    this.#running.get(serviceId)?.abort.abort()
    this.#options.store.forget(serviceId)
  }
}

const told = ({ head, measured }: Running): LoadTest => ({ ...head, figures: figuresOf(measured()) })
