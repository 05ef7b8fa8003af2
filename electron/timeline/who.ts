import type { Operation, TimelineActor } from '../../shared/contract'
import type { Reason } from '../../shared/problems'

/** An operation of Regie's: who asked for it, and from when to when it went on (Unix ms). */
export interface Deed {
  serviceId: string
  operation: Operation
  /** Null when nobody told. */
  name: string | null
  /** Why, where that is told. */
  reason?: Reason | undefined
  from: number
  to: number | null
}

/** What an operation did may be heard of a little later. */
const echoMs = 3000

/** How many ended operations are remembered. */
const remembered = 50

/** Knows what Regie does to which service, so that what happens can be put down to it. */
export function createDeeds(now: () => number = Date.now) {
  let deeds: Deed[] = []

  return {
    /** Begins an operation; returns the function that ends it. */
    begin(deed: Pick<Deed, 'serviceId' | 'operation' | 'name' | 'reason'>): () => void {
      const begun: Deed = { ...deed, from: now(), to: null }
      deeds = [
        ...deeds.filter(({ to }) => to === null),
        ...deeds.filter(({ to }) => to !== null).slice(-remembered),
        begun,
      ]
      return () => {
        begun.to ??= now()
      }
    },

    /** The operation that goes on at a service, whoever began it. */
    current: (serviceId: string): Deed | null =>
      deeds.findLast((deed) => deed.serviceId === serviceId && deed.to === null) ?? null,

    /** The operation that may have caused what was heard at this time. */
    at: (serviceIds: readonly string[], time: number): Deed | null =>
      deeds.findLast(
        ({ serviceId, from, to }) =>
          serviceIds.includes(serviceId) && time >= from && (to === null || time <= to + echoMs),
      ) ?? null,
  }
}

/** Who did something, as part of what, and why, where that is known. */
export interface Doer {
  actor: TimelineActor
  name: string | null
  operation: Operation | null
  reason?: Reason | undefined
}

/** Who did it: Regie when an operation of its own explains it, else whoever else does such things. */
export function judgeActor(
  deed: Pick<Deed, 'operation' | 'name' | 'reason'> | null,
  happening: { otherwise: TimelineActor; isOwn: boolean },
  isPast: boolean,
): Doer {
  if (happening.isOwn) return { actor: happening.otherwise, name: null, operation: null }
  if (deed) return { actor: 'regie', name: deed.name, operation: deed.operation, reason: deed.reason }
  return { actor: isPast ? 'unknown' : happening.otherwise, name: null, operation: null }
}

/** How many events the difference of the clocks is judged by. */
const judgedBy = 20

/**
 * When something really happened, by this machine's clock: the engine's may differ (a virtual machine that slept), and
 * what is heard comes late. The event that came fastest shows the difference of the clocks best.
 */
export function createClock() {
  const lags: number[] = []
  return (toldAt: number, heardAt: number): number => {
    lags.push(heardAt - toldAt)
    if (lags.length > judgedBy) lags.shift()
    return toldAt + Math.min(...lags)
  }
}
