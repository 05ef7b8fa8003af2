import type { ExposureTest, PanelEvent, Service, ServiceConfig } from '../../shared/contract'
import { kinds } from '../../shared/kinds'
import { Problem, reason } from '../../shared/problems'
import type { Listen } from '../async/listeners'
import { createThrottle } from '../async/throttle'
import type { Redact } from '../logs/cutting'
import { ownAddresses, targetOf, type OwnAddress } from './addresses'
import type { KnownBinding } from '../services/containers'
import { bindingOf } from './binding'
import { gradeExposure } from './grade'
import { openRecords } from './records'
import { emptyRound, runRound } from './round'

export { readAddresses, type OwnAddress } from './addresses'

export interface ExposureOptions {
  /** Where the last results are kept. */
  file: string
  /** Throws a Problem where there is no such service. */
  configOf: (serviceId: string) => Pick<ServiceConfig, 'id' | 'kind' | 'url'>
  /** The ports of the service's container, as they are and as its files ask. */
  bindingOf: (serviceId: string) => Promise<KnownBinding>
  publish: (event: Extract<PanelEvent, { type: 'door-test' }>) => void
  /** What happens in the panel: a start, a rotation, a service that was removed. */
  listen: Listen<[PanelEvent]>
  /** Takes the secrets that Regie knows out of where an answer leads. */
  redact: Redact
  reportBug: (error: unknown) => void
  /** In place of all of the machine's own addresses. */
  addresses?: () => OwnAddress[]
}

export type ExposureTests = Awaited<ReturnType<typeof createExposureTests>>

interface Running {
  test: ExposureTest
  abort: AbortController
  done: Promise<ExposureTest>
}

/** Pages are told of progress this often at most. */
const tellEveryMs = 100

/**
 * Door tests: what answers a stranger. A test runs when asked for, and again after every start and rotation of a service
 * that was tested before: it takes well under a second, but leaves some forty lines in the service's own log.
 */
export async function createExposureTests(options: ExposureOptions) {
  const { configOf, publish, reportBug } = options
  const records = await openRecords(options.file)
  const running = new Map<string, Running>()
  /** Services whose start is under way. */
  const starting = new Set<string>()

  const tell = (test: ExposureTest) => publish({ type: 'door-test', test })

  /** Fills in the test, and never rejects. */
  const carryOut = async (test: ExposureTest, signal: AbortSignal): Promise<ExposureTest> => {
    const progress = createThrottle(tellEveryMs, tell)
    const target = targetOf(test.url)
    try {
      const known = await options.bindingOf(test.serviceId)
      await runRound(test, test.kind, target, {
        signal,
        redact: options.redact,
        onProgress() {
          test.progress.done++
          progress.push(test)
        },
      })
      test.binding = await bindingOf(target.port, known, test.origins)
      Object.assign(test, gradeExposure({ ...test, isTls: target.isTls }))
      if (test.grade === null) {
        const isSilent = !test.origins.some(({ answers }) => answers)
        test.reason = reason(isSilent ? 'door.unreachable' : 'door.not-found', {
          port: target.port,
          program: kinds[test.kind].name,
        })
      }
      test.state = 'done'
    } catch (error) {
      test.state = signal.aborted ? 'cancelled' : 'failed'
      if (!signal.aborted) {
        test.reason = error instanceof Problem ? error.reason : reason('door.failed')
        if (!(error instanceof Problem)) reportBug(error)
      }
    }
    // The end is told once it is kept.
    progress.drop()
    test.finishedAt = Date.now()
    return test
  }

  /** Starts a test. Throws a Problem when one runs already, or when the service is not on this machine. */
  const start = (serviceId: string, trigger: ExposureTest['trigger']): Running => {
    const { kind, url } = configOf(serviceId)
    if (running.has(serviceId)) throw new Problem('door.busy', { id: serviceId })
    targetOf(url)
    const round = emptyRound(kind, (options.addresses ?? ownAddresses)())
    const test: ExposureTest = {
      serviceId,
      kind,
      url,
      state: 'running',
      trigger,
      startedAt: Date.now(),
      finishedAt: null,
      progress: { done: 0, total: round.rows.length * round.origins.length },
      ...round,
      binding: null,
      grade: null,
      findings: [],
    }
    const abort = new AbortController()
    const done = carryOut(test, abort.signal).then(async (finished) => {
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

  /** A start is over when the service is ready after an operation that brings it up. */
  const noteService = ({ id, operation, health }: Service) => {
    if (operation === 'start' || operation === 'restart' || operation === 'recreate') starting.add(id)
    else if (operation === null && starting.has(id) && health.state !== 'starting' && health.state !== 'listening') {
      starting.delete(id)
      if (health.state === 'ready' || health.state === 'authenticated') startAgain(id, 'start')
    }
  }

  const stop = options.listen((event) => {
    if (event.type === 'service') noteService(event.service)
    else if (event.type === 'service-removed') {
      running.get(event.id)?.abort.abort()
      void records.forget(event.id).catch(reportBug)
    } else if (event.type === 'rotation' && event.rotation.state === 'committed')
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
