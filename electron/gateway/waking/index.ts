import type { Service } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { createWake, type Wait } from '../../async/wake'
import type { Admitted, Lease, OwnAnswer, Refused, Stages, Upstream } from '../stages'
import { isJob, isWork } from './condition'
import { createFlying } from './flying'
import { createCancelling } from './cancelling'
import { createJoining } from './joining'
import { createHeldLine } from './held-line'
import { createHolding } from './holding'
import type { WakingOptions } from './options'
import { createOutcomes } from './outcomes'
import { createStarts } from './starts'
import { createViews } from './view'
import { createWishes } from './wishes'

export type { WakingOptions } from './options'
export type { Rotating } from './condition'

/** Asked again after so long, in ms, whatever was heard: a rotation ends without an event of its service. */
const lookMs = 500

/** So often a service is looked at while a request is held for it, in ms. */
const lookAtServiceMs = 2000

const defaultHoldMs = 120_000
const defaultLimits = { perService: 512, perPerson: 128 }

/** Services as the last event of each told them: to put one together anew for each request costs more than the rest. */
function createKnown({ services, listen }: Pick<WakingOptions, 'services' | 'listen'>) {
  const known = new Map<string, Service>()
  return {
    /** Throws `service.not-found`. */
    get: (id: string): Service => known.get(id) ?? services.get(id),
    /** Follows them, and tells of each change; returns what ends that. */
    follow: (changed: (service: Service) => void) =>
      listen((event) => {
        if (event.type === 'service-removed') known.delete(event.id)
        if (event.type !== 'service') return
        known.set(event.service.id, event.service)
        changed(event.service)
      }),
  }
}

interface WaitingParts {
  known: Pick<ReturnType<typeof createKnown>, 'get'>
  outcomes: ReturnType<typeof createOutcomes>
  views: Pick<ReturnType<typeof createViews>, 'leftS'>
  holding: ReturnType<typeof createHolding>
  line: ReturnType<typeof createHeldLine>
  wishes: Pick<ReturnType<typeof createWishes>, 'hold'>
  joining: ReturnType<typeof createJoining>
  next: Wait
}

/** How requests and sockets wait for their service. */
function createWaiting(
  { look, holdMs = defaultHoldMs }: WakingOptions,
  { known, outcomes: { judge, conditionFor }, views, holding, line, wishes, joining, next }: WaitingParts,
) {
  const lateFor = async (id: string): Promise<Refused> => {
    const leftS = await views.leftS(id)
    const refused = new Problem('waking.late', { id, seconds: Math.round(holdMs / 1000) })
    return { refused, status: 503, retryAfterS: Math.max(1, leftS ?? 10) }
  }

  /** Without a page that is open, services are looked at rarely; whoever waits wants to know. */
  const looked = new Map<string, number>()
  const lookNow = (id: string) => {
    const now = performance.now()
    if (now - (looked.get(id) ?? -Infinity) < lookAtServiceMs) return
    looked.set(id, now)
    void look(id)
  }

  /** A job whose person's sockets are still on their way back would run unheard. */
  const waitsForSockets = (admitted: Admitted, outcome: Upstream | Refused): boolean =>
    'url' in outcome && isJob(admitted) && joining.isGoingOn(admitted)

  /** Holds a request until its service can be asked, and those that came before it have been looked at. */
  const hold = async (admitted: Admitted, isAgain: boolean): Promise<Upstream | Refused> => {
    const { serviceId, signal } = admitted.asked
    const slot = holding.take(admitted)
    if ('refused' in slot) return slot
    const until = performance.now() + holdMs
    const isBehind = !line.isEmpty(serviceId)
    const place = line.enter(serviceId)
    const endWish = wishes.hold(serviceId, admitted.guest.account)
    try {
      if (isBehind) {
        const looked = place.next(signal)
        line.wakeOne(serviceId)
        await looked
      }
      for (;;) {
        signal.throwIfAborted()
        const outcome = judge(known.get(serviceId), admitted, isAgain)
        if (outcome && !waitsForSockets(admitted, outcome)) return outcome
        const left = until - performance.now()
        if (left <= 0) return await lateFor(serviceId)
        lookNow(serviceId)
        await place.next(signal)
      }
    } finally {
      endWish()
      place.leave()
      slot.end()
    }
  }

  return {
    hold,
    /**
     * The stage `rejoin`: where a client's socket is joined to its service again, or null where its jobs went with the
     * program. A socket alone wakes nothing; it waits for as long as its client does.
     */
    rejoin: async (admitted: Admitted): Promise<(Upstream & { joined(): void }) | null> => {
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
          const condition = conditionFor(service, admitted)
          if (condition.is === 'ready') found = { url: service.url, joined }
          else if (condition.is === 'refused' || (condition.is === 'asleep' && condition.isCrash)) break
          else await next(signal, lookMs)
        }
        own.found()
        return found
      } finally {
        if (!found) joined()
      }
    },
  }
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
      cancelling.started(id)
      wake()
    },
  })
  const wishes = createWishes()
  const cancelling = createCancelling({ ...options, starts, wishes })
  const views = createViews(options, starts, wishes)
  const outcomes = createOutcomes(options, starts)
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
  const waiting = createWaiting(options, { known, outcomes, views, holding, line, wishes, joining, next })

  const judged = (admitted: Admitted, isAgain: boolean) => {
    const { asked } = admitted
    const outcome = outcomes.judge(known.get(asked.serviceId), admitted, isAgain)
    // A job does not go before those that were held and are about to go on, nor before its person's sockets.
    const isBehind = () => isJob(admitted) && (!line.isEmpty(asked.serviceId) || joining.isGoingOn(admitted))
    if (outcome && 'url' in outcome) return isBehind() ? waiting.hold(admitted, isAgain) : outcome
    if (asked.wantsPage && !asked.isUpgrade) return views.page(known.get(asked.serviceId), admitted, outcome)
    return outcome ?? waiting.hold(admitted, isAgain)
  }

  /** Nothing answered where it should be: what is known of it is looked at anew. */
  const lookedAgain = async (admitted: Admitted): Promise<Upstream | Refused | OwnAnswer> => {
    const { serviceId: id } = admitted.asked
    await options.look(id)
    const service = known.get(id)
    return service.runtime === 'external' && service.health.state !== 'ready'
      ? { refused: new Problem('service.away', { id }), status: 502 }
      : judged(admitted, true)
  }

  /** At once where the service is there. */
  const ready: Stages['ready'] = (admitted, again = 0) => (again > 0 ? lookedAgain(admitted) : judged(admitted, false))

  return {
    /** The stage `ready`. Throws `service.not-found`, and the signal's reason when the client goes away. */
    ready,
    rejoin: waiting.rejoin,
    /** A person's page no longer waits; answers whether the service is stopped for it. Throws `service.not-found`. */
    cancel: (serviceId: string, who: { account: string; name: string }): boolean => cancelling.cancel(serviceId, who),
    /** To be held while a request lasts: its service is not put to sleep meanwhile. */
    lease(admitted: Admitted): Lease {
      const { isUpgrade, serviceId } = admitted.asked
      if (isWork(admitted)) return { end: options.work(serviceId) }
      return isUpgrade || admitted.route.rule === 'everybody' ? { end: () => {} } : { end: options.reading(serviceId) }
    },
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
