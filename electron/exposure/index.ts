import type { ExposureTest, PanelEvent, Service, ServiceConfig } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Listen } from '../async/listeners'
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

export type ExposureTests = Awaited<ReturnType<typeof createExposureTests>>

interface Running {
  test: ExposureTest
  abort: AbortController
  done: Promise<ExposureTest>
}

/** Tells when a start is over and went well: the service is ready after an operation that brings it up. */
function createStarts() {
  /** Services whose start is under way. */
  const starting = new Set<string>()
  return ({ id, operation, health }: Service): boolean => {
    if (operation === 'start' || operation === 'restart' || operation === 'recreate') {
      starting.add(id)
      return false
    }
    const isOver = operation === null && health.state !== 'starting' && health.state !== 'listening'
    return isOver && starting.delete(id) && (health.state === 'ready' || health.state === 'authenticated')
  }
}

/**
 * Exposure tests: what answers a stranger. A test runs when asked for, and again after every start and rotation of a service
 * that was tested before: it takes well under a second, but leaves some forty lines in the service's own log.
 */
export async function createExposureTests(options: ExposureOptions) {
  const { configOf, publish, reportBug } = options
  const records = await openRecords(options.file)
  const running = new Map<string, Running>()
  const isStarted = createStarts()

  const tell = (test: ExposureTest) => publish({ type: 'door-test', test })

  /** Starts a test. Throws a Problem when one runs already, or when the service is not on this machine. */
  const start = (serviceId: string, trigger: ExposureTest['trigger']): Running => {
    const config = configOf(serviceId)
    if (running.has(serviceId)) throw new Problem('door.busy', { id: serviceId })
    const test = newTest(config, trigger, (options.addresses ?? ownAddresses)())
    const abort = new AbortController()
    const done = carryOut(test, options, { signal: abort.signal, tell }).then(async (finished) => {
      running.delete(serviceId)
      // One that was cancelled, or failed, says less than the one before.
      if (finished.state === 'done') await records.keep(finished).catch(reportBug)
      tell(finished.state === 'cancelled' ? (records.get(serviceId) ?? finished) : finished)
      return finished
    })
    const entry = { test, abort, done }
    running.set(serviceId, entry)
    tell(test)
    return entry
  }

  const startAgain = (serviceId: string, trigger: ExposureTest['trigger']) => {
    if (records.get(serviceId) === null || running.has(serviceId)) return
    try {
      void start(serviceId, trigger).done
    } catch (error) {
      if (!(error instanceof Problem)) reportBug(error)
    }
  }

  const stop = options.listen((event) => {
    if (event.type === 'service') {
      if (isStarted(event.service)) startAgain(event.service.id, 'start')
    }
    if (event.type === 'service-removed') {
      running.get(event.id)?.abort.abort()
      void records.forget(event.id).catch(reportBug)
    }
    if (event.type === 'rotation' && event.rotation.state === 'committed')
      for (const id of new Set(event.rotation.proof.map(({ serviceId }) => serviceId))) startAgain(id, 'rotation')
  })

  return {
    /** The running test, else the last finished one. Throws a Problem where there is no such service. */
    get(serviceId: string): ExposureTest | null {
      configOf(serviceId)
      return running.get(serviceId)?.test ?? records.get(serviceId)
    },

    list: (): ExposureTest[] => {
      const ids = new Set([...records.all().map((test) => test.serviceId), ...running.keys()])
      return [...ids].flatMap((id) => running.get(id)?.test ?? records.get(id) ?? [])
    },

    /** Runs a test. Answers its end, or, without waiting, its beginning. */
    async run(serviceId: string, { wait = true } = {}): Promise<ExposureTest> {
      const { test, done } = start(serviceId, 'asked')
      return wait ? done : test
    },

    /** Ends a running test; its answer is what was found until then, and nothing is kept. */
    cancel(serviceId: string): Promise<ExposureTest> {
      configOf(serviceId)
      const entry = running.get(serviceId)
      if (!entry) throw new Problem('door.not-running', { id: serviceId })
      entry.abort.abort()
      return entry.done
    },

    /** Ends every running test. */
    async close(): Promise<void> {
      stop()
      for (const { abort } of running.values()) abort.abort()
      await Promise.all([...running.values()].map(({ done }) => done))
      await records.settle()
    },
  }
}
