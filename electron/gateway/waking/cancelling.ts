import type { Service } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { awakeAt } from '../../../shared/week-windows'
import type { InVain } from './in-vain'
import type { WakingOptions } from './options'
import type { Starts } from './starts'
import type { Wishes } from './wishes'

type Parts = Pick<WakingOptions, 'services' | 'timeline' | 'rotating' | 'isUsed' | 'reportBug'> & {
  starts: Starts
  wishes: Wishes
  inVain: Pick<InVain, 'note'>
}

const isInItsHours = ({ idle }: Service): boolean =>
  idle.schedule !== null && awakeAt(Date.now(), idle.schedule.windows).isAwake

/**
 * Takes a person's wish back. A service that a request has started, and that nobody waits for or works with, is stopped
 * before it is ready; one that anybody else has started, or wants, goes on.
 */
export function createCancelling({ services, timeline, rotating, isUsed, reportBug, starts, wishes, inVain }: Parts) {
  /** Starts that are being stopped, and who wanted that: what cannot be cut short is stopped at its end. */
  const givenUp = new Map<string, string>()

  const mayStop = (id: string): boolean =>
    starts.unprovenSince(id) !== null &&
    !wishes.isWanted(id) &&
    !isUsed(id) &&
    rotating(id) === 'no' &&
    !isInItsHours(services.get(id))

  const stop = (id: string, who: string): void => {
    const { reason } = new Problem('waking.cancelled', { who })
    void timeline
      .during({ serviceId: id, operation: 'stop', name: 'gateway', reason }, () => services.stop(id))
      .catch((error: unknown) => {
        // It goes on then; what keeps it from being stopped stands in the timeline.
        if (!(error instanceof Problem)) reportBug(error)
      })
  }

  return {
    /** Answers whether it is stopped: `false`, it goes on for others. Throws `service.not-found`. */
    cancel(id: string, { account, name }: { account: string; name: string }): boolean {
      wishes.cancel(id, account)
      if (!mayStop(id)) return false
      // While its start goes on, who says so again has not had another.
      if (!givenUp.has(id)) inVain.note(id, account)
      if (starts.since(id) !== null) {
        if (givenUp.has(id)) return true
        givenUp.set(id, name)
        starts.abandon(id)
      }
      stop(id, name)
      return true
    },
    /** A start of ours has ended: it is stopped if it was given up, and nobody has come since. */
    started(id: string): void {
      const who = givenUp.get(id)
      givenUp.delete(id)
      if (who !== undefined && mayStop(id)) stop(id, who)
    },
  }
}
