import type { ExposureTest, ServiceConfig } from '../../shared/contract'
import { kinds } from '../../shared/kinds'
import { Problem, reason } from '../../shared/problems'
import { createThrottle } from '../async/throttle'
import type { Redact } from '../logs/cutting'
import type { KnownBinding } from '../services/containers'
import { targetOf, type OwnAddress } from './addresses'
import { bindingOf } from './binding'
import { gradeExposure } from './grade'
import { emptyRound, runRound } from './round'

export interface CarryingOptions {
  /** The ports of the service's container, as they are and as its files ask. */
  bindingOf: (serviceId: string) => Promise<KnownBinding>
  /** Takes the secrets that Regie knows out of where an answer leads. */
  redact: Redact
  reportBug: (error: unknown) => void
}

/** Pages are told of progress this often at most. */
const tellEveryMs = 100

/** A test that has not asked anything yet. Throws a Problem when the service is not on this machine. */
export function newTest(
  { id, kind, url }: Pick<ServiceConfig, 'id' | 'kind' | 'url'>,
  trigger: ExposureTest['trigger'],
  addresses: readonly OwnAddress[],
): ExposureTest {
  targetOf(url)
  const round = emptyRound(kind, [...addresses])
  return {
    serviceId: id,
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
}

/** Fills in the test, and never rejects. */
export async function carryOut(
  test: ExposureTest,
  { bindingOf: knownOf, redact, reportBug }: CarryingOptions,
  { signal, tell }: { signal: AbortSignal; tell: (test: ExposureTest) => void },
): Promise<ExposureTest> {
  const progress = createThrottle(tellEveryMs, tell)
  const target = targetOf(test.url)
  try {
    const known = await knownOf(test.serviceId)
    await runRound(test, test.kind, target, {
      signal,
      redact,
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
