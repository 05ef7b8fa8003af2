import type { ServiceConfig } from '../../../shared/contract'
import { Problem, reason, type ProblemId } from '../../../shared/problems'
import type { Runtime } from './runtime'

/** A service that Regie cannot start or stop, only watch and use; `why` is the reason given when it is asked to. */
export function unmanagedRuntime(
  { id }: ServiceConfig,
  why: Extract<ProblemId, 'service.external' | 'service.compose-unavailable'>,
): Runtime {
  return {
    unmanaged: () => reason(why, { id }),
    startTimeoutMs: 0,
    stopGraceMs: 0,
    presence: () => Promise.resolve({ asked: '', answered: 'configured', reason: null }),
    launch: () => Promise.reject(new Problem(why, { id })),
    find: () => Promise.resolve(null),
  }
}
