import type { Wait } from '../../async/wake'
import type { Admitted, Upstream } from '../stages'
import type { createHeldLine } from './held-line'
import type { createJoining } from './joining'
import type { Known } from './known'
import type { WakingOptions } from './options'
import type { createOutcomes } from './outcomes'

interface RejoiningParts {
  known: Pick<Known, 'get'>
  outcomes: Pick<ReturnType<typeof createOutcomes>, 'conditionFor'>
  line: Pick<ReturnType<typeof createHeldLine>, 'wakeOne'>
  joining: Pick<ReturnType<typeof createJoining>, 'begin'>
  next: Wait
  /** Asked again after so long, in ms, whatever was heard. */
  lookMs: number
}

/**
 * The stage `rejoin`: where a client's socket is joined to its service again, or null where its jobs went with the
 * program. A socket alone wakes nothing; it waits for as long as its client does.
 */
export function createRejoining(
  { look }: Pick<WakingOptions, 'look'>,
  { known, outcomes, line, joining, next, lookMs }: RejoiningParts,
) {
  return async (admitted: Admitted): Promise<(Upstream & { joined(): void }) | null> => {
    const { serviceId, signal } = admitted.asked
    const own = joining.begin(admitted)
    const joined = () => {
      own.end()
      line.wakeOne(serviceId)
    }
    let found: (Upstream & { joined(): void }) | null = null
    try {
      await look(serviceId)
      while (!signal.aborted && !found) {
        const service = known.get(serviceId)
        const condition = outcomes.conditionFor(service, admitted)
        if (condition.is === 'ready') found = { url: service.url, joined }
        else if (condition.is === 'refused' || (condition.is === 'asleep' && condition.isCrash)) break
        else await next(signal, lookMs)
      }
      own.found()
      return found
    } finally {
      if (!found) joined()
    }
  }
}
