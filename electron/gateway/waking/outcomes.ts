import type { Service } from '../../../shared/contract'
import { because, Problem } from '../../../shared/problems'
import type { Admitted, Refused, Upstream } from '../stages'
import { conditionOf, isJob, wakes, type Condition } from './condition'
import type { InVain } from './in-vain'
import type { WakingOptions } from './options'
import type { FailedStart, Starts } from './starts'

/** Where a service is asked, why it is not, or null while it is to be waited for. */
export type Outcome = Upstream | Refused | null

/** Why a request is refused after a start that failed; the cause is told to administrators: it may name files. */
function refusedAfter(id: string, { guest }: Admitted, { problem, againAt }: FailedStart): Refused {
  const again = Math.max(1, Math.ceil((againAt - Date.now()) / 1000))
  const isTold = guest.role === 'admin' && problem.id !== 'waking.failed'
  const refused = isTold
    ? new Problem('waking.failed-because', { ...because(problem.reason), id, again })
    : new Problem('waking.failed', { id, again })
  return { refused, status: 503, retryAfterS: again }
}

/** What becomes of a request at one moment. */
export function createOutcomes(
  { rotating, isOpen, now = Date.now }: Pick<WakingOptions, 'rotating' | 'isOpen' | 'now'>,
  starts: Starts,
  inVain: Pick<InVain, 'againAt'>,
) {
  const conditionFor = (service: Service, admitted: Admitted, isAgain = false): Condition => {
    const condition = conditionOf(service, rotating(service.id), { isJob: isJob(admitted), isAgain })
    const isStarting = condition.is === 'asleep' && starts.since(service.id) !== null
    return isStarting ? { is: 'coming', why: 'start' } : condition
  }

  /** What is done for a request while its service stands still: it is started, or the request refused. */
  const rouse = (service: Service, admitted: Admitted, isCrash: boolean): Refused | null => {
    const { id } = service
    if (!wakes(admitted)) return { refused: new Problem('waking.asleep', { id }), status: 503, retryAfterS: 30 }
    if (!service.idle.wake) return { refused: new Problem('waking.not-allowed', { id }), status: 503 }
    if (!isOpen()) return { refused: new Problem('waking.vault-closed', { id }), status: 503, retryAfterS: 60 }
    if (isCrash) starts.crashed(id)
    const failed = starts.failed(id)
    if (failed) return refusedAfter(id, admitted, failed)
    const againAt = inVain.againAt(id, admitted.guest.account)
    if (againAt !== null) {
      const again = Math.max(1, Math.ceil((againAt - now()) / 1000))
      return { refused: new Problem('waking.in-vain', { id, again }), status: 503, retryAfterS: again }
    }
    starts.begin(id, admitted.guest.name)
    return null
  }

  /** Where it is asked, why it is not, or null while it is still to be waited for. */
  const judge = (service: Service, admitted: Admitted, isAgain = false): Outcome => {
    const condition = conditionFor(service, admitted, isAgain)
    switch (condition.is) {
      case 'ready':
        return { url: service.url }
      case 'refused':
        return { refused: new Problem('waking.locked-out', { id: service.id }), status: 503, retryAfterS: 60 }
      case 'asleep':
        return rouse(service, admitted, condition.isCrash)
      case 'coming':
      case 'going':
        return null
    }
  }

  return { conditionFor, judge }
}
