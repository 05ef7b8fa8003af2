import { Problem } from '../../../shared/problems'
import { createWake } from '../../async/wake'
import type { Admitted, Lease, OwnAnswer, Refused, Stages, Upstream } from '../stages'
import { isAskedAgain } from '../again'
import { isJob, useOf } from './condition'
import { createFlying } from './flying'
import { createCancelling } from './cancelling'
import { createJoining } from './joining'
import { createHeldLine } from './held-line'
import { createHolding } from './holding'
import { createInVain } from './in-vain'
import { createKnown, type Known } from './known'
import type { WakingOptions } from './options'
import { createOutcomes } from './outcomes'
import { wakingOver } from './page/page'
import { createRejoining } from './rejoining'
import { createStarts } from './starts'
import { createViews } from './view'
import { createVisits } from './visits'
import { createWaiting } from './waiting'
import { createWishes } from './wishes'

export type { WakingOptions } from './options'
export type { Rotating } from './condition'

/** Asked again after so long, in ms, whatever was heard: a rotation ends without an event of its service. */
const lookMs = 500

const defaultLimits = { perService: 512, perPerson: 128 }

interface ReadyParts {
  known: Pick<Known, 'get'>
  outcomes: Pick<ReturnType<typeof createOutcomes>, 'judge'>
  views: Pick<ReturnType<typeof createViews>, 'page'>
  line: Pick<ReturnType<typeof createHeldLine>, 'isEmpty'>
  joining: Pick<ReturnType<typeof createJoining>, 'isGoingOn'>
  hold: ReturnType<typeof createWaiting>
}

/** The stage `ready`. Throws `service.not-found`, and the signal's reason when the client goes away. */
function createReady(
  { look }: Pick<WakingOptions, 'look'>,
  { known, outcomes, views, line, joining, hold }: ReadyParts,
): Stages['ready'] {
  const judged = (admitted: Admitted, isAgain: boolean) => {
    const { asked } = admitted
    const outcome = outcomes.judge(known.get(asked.serviceId), admitted, isAgain)
    // A job does not go before those that were held and are about to go on, nor before its person's sockets.
    const isBehind = () => isJob(admitted) && (!line.isEmpty(asked.serviceId) || joining.isGoingOn(admitted))
    if (outcome && 'url' in outcome && isAskedAgain(asked.headers)) return wakingOver
    if (outcome && 'url' in outcome) return isBehind() ? hold(admitted, isAgain) : outcome
    if (asked.wantsPage && !asked.isUpgrade) return views.page(known.get(asked.serviceId), admitted, outcome)
    return outcome ?? hold(admitted, isAgain)
  }

  /** Nothing answered where it should be: what is known of it is looked at anew. */
  const lookedAgain = async (admitted: Admitted): Promise<Upstream | Refused | OwnAnswer> => {
    const { serviceId: id } = admitted.asked
    await look(id)
    const service = known.get(id)
    return service.runtime === 'external' && service.health.state !== 'ready'
      ? { refused: new Problem('service.away', { id }), status: 502 }
      : judged(admitted, true)
  }

  // At once where the service is there.
  return (admitted, again = 0) => (again > 0 ? lookedAgain(admitted) : judged(admitted, false))
}

function leaseOf(
  { work, reading }: Pick<WakingOptions, 'work' | 'reading'>,
  visits: ReturnType<typeof createVisits>,
  admitted: Admitted,
): Lease {
  const { isUpgrade, serviceId, method } = admitted.asked
  const use = useOf(admitted)
  if (use === 'work') visits.worked(serviceId)
  if (use === 'work' || (use === 'visit' && visits.isFirst(serviceId, admitted.guest.account)))
    return { end: work(serviceId) }
  const isCheap = isUpgrade || (admitted.route.rule === 'everybody' && (method === 'GET' || method === 'HEAD'))
  return isCheap ? { end: () => {} } : { end: reading(serviceId) }
}

/**
 * Waking and holding: a request for a service that stands still starts it, where its policy allows that, and waits; one for
 * a service that is away for a moment waits.
 */
export function createWaking(options: WakingOptions) {
  const { services, timeline, reportBug, limits = defaultLimits } = options
  const { wake: wakeSockets, next } = createWake()
  const line = createHeldLine(Math.min(lookMs, options.holdMs ?? lookMs))
  const wake = () => {
    line.wake()
    wakeSockets()
  }
  const holding = createHolding(limits)
  const flying = createFlying()
  const starts = createStarts({
    ...{ during: (asked, work) => timeline.during(asked, work), now: Date.now, reportBug },
    start: (id) => services.start(id),
    ended(id) {
      visits.worked(id)
      cancelling.started(id)
      wake()
    },
  })
  const wishes = createWishes()
  const visits = createVisits()
  const inVain = createInVain(() => (options.now ?? Date.now)())
  const cancelling = createCancelling({ ...options, starts, wishes, inVain })
  const views = createViews(options, starts, wishes)
  const outcomes = createOutcomes(options, starts, inVain)
  const known = createKnown(options)
  const stop = known.follow((service) => {
    if (service.health.state === 'ready') {
      starts.succeeded(service.id)
      wishes.arrived(service.id)
    }
    views.note(service)
    wake()
  })

  const joining = createJoining()
  const parts = { known, outcomes, views, holding, line, wishes, joining, next, lookMs }
  return {
    ready: createReady(options, { ...parts, hold: createWaiting(options, parts) }),
    rejoin: createRejoining(options, parts),
    /** A person's page no longer waits; answers whether the service is stopped for it. Throws `service.not-found`. */
    cancel: (serviceId: string, who: { account: string; name: string }): boolean => cancelling.cancel(serviceId, who),
    /** To be held while a request lasts: its service is not put to sleep meanwhile. */
    lease: (admitted: Admitted): Lease => leaseOf(options, visits, admitted),
    /** Counts what is on its way to services, for `settle`. */
    observer: flying.observer,
    /** Resolves when what was sent on to a service a moment ago is answered; what takes longer is not waited for. */
    settle: flying.settle,
    /** How many requests are held for a service now. */
    heldFor: (serviceId: string): number => holding.countOf(serviceId),
    /** Since when a request wakes a service, and for how long still; null where none does. Throws `service.not-found`. */
    of: (serviceId: string) => views.waking(known.get(serviceId)),
    /** Something has changed of which no event tells: who waits looks again. */
    wake,
    close: stop,
  }
}

export type Waking = ReturnType<typeof createWaking>

/** Stages with these of waking in their places. */
export const withWaking = (stages: Stages, waking: Waking): Stages => ({
  ...stages,
  ready: waking.ready,
  rejoin: waking.rejoin,
  limits(admitted) {
    const leased = (limit: Lease | Refused): Lease | Refused => {
      if ('refused' in limit) return limit
      const lease = waking.lease(admitted)
      return {
        end() {
          lease.end()
          limit.end()
        },
      }
    }
    const limit = stages.limits(admitted)
    return limit instanceof Promise ? limit.then(leased) : leased(limit)
  },
  observer: {
    ...stages.observer,
    begun(admitted) {
      const counted = stages.observer.begun(admitted)
      const flight = waking.observer.begun(admitted)
      return {
        ended(ending) {
          flight.end()
          counted.ended(ending)
        },
      }
    },
  },
})
