import type { ExposureTest, PanelEvent, ServiceConfig } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Listen } from '../async/listeners'
import { createStarts } from '../services/starts'
import { ownAddresses, type OwnAddress } from './addresses'
import { carryOut, newTest, type CarryingOptions } from './carrying-out'
import { openRecords } from './records'

export { readAddresses, type OwnAddress } from './addresses'

export interface ExposureOptions extends CarryingOptions {
  /** Where the last results are kept. */
  file: string
  /** Throws a Problem where there is no such service. */
  configOf: (serviceId: string) => Pick<ServiceConfig, 'id' | 'kind' | 'url'>
  publish: (event: Extract<PanelEvent, { type: 'door-test' }>) => void
  /** What happens in the panel: a start, a rotation, a service that was removed. */
  listen: Listen<[PanelEvent]>
  /** In place of all of the machine's own addresses. */
  addresses?: () => OwnAddress[]
}

interface Running {
  test: ExposureTest
  abort: AbortController
  done: Promise<ExposureTest>
}

/** Opens the last results, and begins to listen for starts and rotations. */
export async function openExposureTests(options: ExposureOptions): Promise<ExposureTests> {
  return new ExposureTests(options, await openRecords(options.file))
}

/**
 * Exposure tests: what answers a stranger. A test runs when asked for, and again after every start and rotation of a service
 * that was tested before: it takes well under a second, but leaves some forty lines in the service's own log.
 */
export class ExposureTests {
  readonly #options: ExposureOptions
  readonly #records: Awaited<ReturnType<typeof openRecords>>
  readonly #running = new Map<string, Running>()
  readonly #isStarted = createStarts()
  readonly #stopListening: () => void

  constructor(options: ExposureOptions, records: Awaited<ReturnType<typeof openRecords>>) {
    this.#options = options
    this.#records = records
    this.#stopListening = options.listen((event) => this.#onEvent(event))
  }

  /** The running test, else the last finished one. Throws a Problem where there is no such service. */
  get(serviceId: string): ExposureTest | null {
    this.#options.configOf(serviceId)
    return this.#find(serviceId)
  }

  list(): ExposureTest[] {
    const ids = new Set([...this.#records.all().map((test) => test.serviceId), ...this.#running.keys()])
    return [...ids].flatMap((id) => this.#find(id) ?? [])
  }

  /** Runs a test. Answers its end, or, without waiting, its beginning. */
  async run(serviceId: string, { wait = true } = {}): Promise<ExposureTest> {
    const { test, done } = this.#start(serviceId, 'asked')
    return wait ? done : test
  }

  /** Ends a running test; its answer is what was found until then, and nothing is kept. */
  cancel(serviceId: string): Promise<ExposureTest> {
    this.#options.configOf(serviceId)
    const entry = this.#running.get(serviceId)
    if (!entry) throw new Problem('door.not-running', { id: serviceId })
    entry.abort.abort()
    return entry.done
  }

  /** Ends every running test. */
  async close(): Promise<void> {
    this.#stopListening()
    for (const { abort } of this.#running.values()) abort.abort()
    await Promise.all([...this.#running.values()].map(({ done }) => done))
    await this.#records.settle()
  }

  #find(serviceId: string): ExposureTest | null {
    return this.#running.get(serviceId)?.test ?? this.#records.get(serviceId)
  }

  #tell(test: ExposureTest) {
    this.#options.publish({ type: 'door-test', test })
  }

  /** Starts a test. Throws a Problem when one runs already, or when the service is not on this machine. */
  #start(serviceId: string, trigger: ExposureTest['trigger']): Running {
    const config = this.#options.configOf(serviceId)
    if (this.#running.has(serviceId)) throw new Problem('door.busy', { id: serviceId })
    const test = newTest(config, trigger, (this.#options.addresses ?? ownAddresses)())
    const abort = new AbortController()
    const tell = (now: ExposureTest) => this.#tell(now)
    const done = carryOut(test, this.#options, { signal: abort.signal, tell }).then((end) => this.#finish(end))
    const entry = { test, abort, done }
    this.#running.set(serviceId, entry)
    this.#tell(test)
    return entry
  }

  async #finish(finished: ExposureTest): Promise<ExposureTest> {
    const { serviceId, state } = finished
    this.#running.delete(serviceId)
    // One that was cancelled, or failed, says less than the one before.
    if (state === 'done') await this.#records.keep(finished).catch(this.#options.reportBug)
    this.#tell(state === 'cancelled' ? (this.#records.get(serviceId) ?? finished) : finished)
    return finished
  }

  #startAgain(serviceId: string, trigger: ExposureTest['trigger']) {
    if (this.#records.get(serviceId) === null || this.#running.has(serviceId)) return
    try {
      void this.#start(serviceId, trigger).done
    } catch (error) {
      if (!(error instanceof Problem)) this.#options.reportBug(error)
    }
  }

  #onEvent(event: PanelEvent) {
    if (event.type === 'service' && this.#isStarted(event.service)) this.#startAgain(event.service.id, 'start')
    if (event.type === 'service-removed') {
      this.#running.get(event.id)?.abort.abort()
      void this.#records.forget(event.id).catch(this.#options.reportBug)
    }
    if (event.type === 'rotation' && event.rotation.state === 'committed')
      for (const id of new Set(event.rotation.proof.map(({ serviceId }) => serviceId))) this.#startAgain(id, 'rotation')
  }
}
