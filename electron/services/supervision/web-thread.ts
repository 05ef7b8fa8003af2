import { reason, type Reason } from '../../../shared/problems'
import { kindOf, type BackendProbe } from '../../kinds'
import type { Log } from '../../logs/log'
import { answers } from '../health'
import type { SupervisorState } from './state'

/** A log is read for it so often at most: that of a container is the engine's to fetch. In ms. */
const everyMs = 1_000
/** A traceback is rarely longer. */
const mostLines = 400

const withoutApi: ReadonlySet<string> = new Set(['backend.api-off', 'backend.api-missing'])

/** Whether a program that runs without its API may have lost the thread that serves it. */
const isSuspect = (state: SupervisorState, probe: BackendProbe) =>
  state.run !== null &&
  (!answers(probe) || probe.evidence.some(({ reason: why }) => why !== undefined && withoutApi.has(why.problem)))

/** Looks whether the program's web thread has died although its process lives: then nothing will ever answer. */
export function createWebThread(state: SupervisorState, log: Pick<Log, 'written'>) {
  let lookedAt = -Infinity
  let last: Reason | null = null
  return async function look(probe: BackendProbe): Promise<Reason | null> {
    const { deadThread } = kindOf(state.config.kind)
    if (!deadThread || !isSuspect(state, probe)) return (last = null)
    if (performance.now() - lookedAt < everyMs) return last
    lookedAt = performance.now()
    const line = deadThread(await log.written(state.life.startedAt ?? 0, mostLines))
    last = line === null ? null : reason('service.web-thread-ended', { id: state.config.id, line })
    return last
  }
}
