import type { ServiceConfig } from '../../../shared/contract'
import { Problem, reason, type ProblemId } from '../../../shared/problems'
import type { Runtime } from './runtime'

/** A service that Regie cannot start or stop, only watch and use; `why` is the reason given when it is asked to. */
export function unmanagedRuntime(why: Extract<ProblemId, 'service.external' | 'service.compose-unavailable'>): Runtime {
  const refusal = (config: ServiceConfig) => reason(why, { id: config.id })
  return {
    unmanaged: refusal,
    startTimeoutMs: 0,
    stopGraceMs: 0,
    presence: () => Promise.resolve({ asked: '', answered: 'configured', reason: null }),
    launch: (config) => Promise.reject(new Problem(why, { id: config.id })),
    find: () => Promise.resolve(null),
  }
}
