import type { Service } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { createWake, type Wait } from '../../async/wake'
import type { Admitted, Lease, OwnAnswer, Refused, Stages, Upstream } from '../stages'
import { isWork } from './condition'
import { createHolding } from './holding'
import type { WakingOptions } from './options'
import { createOutcomes } from './outcomes'
import { createStarts } from './starts'
import { createViews } from './view'

export type { WakingOptions } from './options'
export type { Rotating } from './condition'

/** Asked again after so long, in ms, whatever was heard: a rotation ends without an event of its service. */
const lookMs = 500

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
  next: Wait
}

/** How requests and sockets wait for their service. */
function createWaiting(
  { look, holdMs = defaultHoldMs }: WakingOptions,
  { known, outcomes: { judge, conditionFor }, views, holding, next }: WaitingParts,
) {
  const lateFor = async (id: string): Promise<Refused> => {
    const leftS = await views.leftS(id)
    const refused = new Problem('waking.late', { id, seconds: Math.round(holdMs / 1000) })
    return { refused, status: 503, retryAfterS: Math.max(1, leftS ?? 10) }
  }

  /** Holds a request until its service can be asked. */
  const hold = async (admitted: Admitted): Promise<Upstream | Refused> => {
    const { serviceId, signal } = admitted.asked
    const slot = holding.take(admitted)
    if ('refused' in slot) return slot
    const until = performance.now() + holdMs
    try {
      for (;;) {
        signal.throwIfAborted()
        const outcome = judge(known.get(serviceId), admitted)
        if (outcome) return outcome
        const left = until - performance.now()
        if (left <= 0) return await lateFor(serviceId)
        await next(signal, Math.min(left, lookMs))
      }
    } finally {
      slot.end()
    }
  }

  return {
    hold,
    /**
     * The stage `rejoin`: where a client's socket is joined to its service again, or null where its jobs went with the
     * program. A socket alone wakes nothing; it waits for as long as its client does.
     */
    async rejoin(admitted: Admitted): Promise<Upstream | null> {
      const { serviceId, signal } = admitted.asked
      await look(serviceId)
      while (!signal.aborted) {
        const service = known.get(serviceId)
        const condition = conditionFor(service, admitted)
        if (condition.is === 'ready') return { url: service.url }
        if (condition.is === 'refused' || (condition.is === 'asleep' && condition.isCrash)) return null
        await next(signal, lookMs)
      }
      return null
    },
  }
}

/**
 * Waking and holding: a request for a service that stands still starts it, where its policy allows that, and waits; one for
 * a service that is away for a moment waits.
 */
export function createWaking(options: WakingOptions) {
  const { services, timeline, reportBug, limits = defaultLimits } = options
  const { wake, next } = createWake()
  const holding = createHolding(limits)
  const starts = createStarts({
    ...{ during: (asked, work) => timeline.during(asked, work), now: Date.now, reportBug, ended: wake },
    start: (id) => services.start(id),
  })
  const views = createViews(options, starts)
  const outcomes = createOutcomes(options, starts)
  const known = createKnown(options)
  const stop = known.follow((service) => {
    if (service.health.state === 'ready') starts.succeeded(service.id)
    views.note(service)
    wake()
  })

  const waiting = createWaiting(options, { known, outcomes, views, holding, next })

  const ready: Stages['ready'] = async (admitted): Promise<Upstream | Refused | OwnAnswer> => {
    const { asked } = admitted
    const outcome = outcomes.judge(known.get(asked.serviceId), admitted)
    if (outcome && 'url' in outcome) return outcome
    if (asked.wantsPage && !asked.isUpgrade) return views.page(known.get(asked.serviceId), admitted, outcome)
    return outcome ?? waiting.hold(admitted)
  }

  return {
    /** The stage `ready`. Throws `service.not-found`, and the signal's reason when the client goes away. */
    ready,
    rejoin: waiting.rejoin,
    /** To be held while a request lasts: its service is not put to sleep meanwhile. */
    lease(admitted: Admitted): Lease {
      const { isUpgrade, serviceId } = admitted.asked
      if (isWork(admitted)) return { end: options.work(serviceId) }
      return isUpgrade || admitted.route.rule === 'everybody' ? { end: () => {} } : { end: options.reading(serviceId) }
    },
    /** How many requests are held for a service now. */
    heldFor: (serviceId: string): number => holding.countOf(serviceId),
    /** Something has changed of which no event tells: who waits looks again. */
    wake,
    close: stop,
  }
}

export type Waking = ReturnType<typeof createWaking>
