import type { ServiceLoad } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { createWake } from '../../async/wake'
import type { Rotating } from './condition'

export interface DrainingOptions {
  /**
   * Which secret is lent for a service while it is rotated: `current`, until the service gets the new one, then `pending`;
   * null while none of its credentials is rotated.
   */
  lentFor: (serviceId: string) => 'current' | 'pending' | null
  /** Whether the gateway listens for it: only then can new jobs be held. */
  isHolding: (serviceId: string) => boolean
  /** Jobs on their way to a service or at work there, of the Studio or through the gateway; some may not be in its queue yet. */
  workingOn: (serviceId: string) => number
  /** Whether something is being done to the service, such as the start that a request has asked for. */
  isInOperation: (serviceId: string) => boolean
  /** How long is waited for jobs that run, in ms. */
  longestMs?: number
  /** How often it is looked whether something runs, in ms. */
  lookMs?: number
}

const tenMinutesMs = 10 * 60_000

/** What is asked of a service's requests by which secret is lent for it; forgets it where none of its is rotated. */
function stateOf(
  serviceId: string,
  lent: ReturnType<DrainingOptions['lentFor']>,
  { draining, held }: Record<'draining' | 'held', Set<string>>,
): Rotating {
  if (lent === null) {
    draining.delete(serviceId)
    held.delete(serviceId)
    return 'no'
  }
  // Once the new secret was given out, it may be the program's, also when the old one is put back.
  if (lent === 'pending') held.add(serviceId)
  if (held.has(serviceId)) return 'held'
  return draining.has(serviceId) ? 'draining' : 'no'
}

/**
 * What a rotation asks of the requests of the services that it restarts. New jobs wait from the moment in which it begins
 * with a service; when nothing runs there any more it goes on; and from its restart until the rotation has ended, either
 * way, everything waits: the program has one secret then, and the vault may have another.
 */
export function createDraining({
  lentFor,
  isHolding,
  workingOn,
  isInOperation,
  longestMs = tenMinutesMs,
  lookMs = 500,
}: DrainingOptions) {
  const draining = new Set<string>()
  const held = new Set<string>()
  const { wake, next } = createWake()

  return {
    /** What is asked of a service's requests now. */
    of: (serviceId: string): Rotating => stateOf(serviceId, lentFor(serviceId), { draining, held }),
    /**
     * Holds new jobs, and resolves when none runs on the service any more, or that cannot be told. Throws
     * `rotation.service-busy` where that takes too long, and the signal's reason.
     */
    async drain(serviceId: string, loadOf: (id: string) => Promise<ServiceLoad>, signal: AbortSignal): Promise<void> {
      if (!isHolding(serviceId)) return
      draining.add(serviceId)
      const until = performance.now() + longestMs
      for (;;) {
        // Asked before the service is: what leaves this count stands in its queue by then.
        const onTheirWay = workingOn(serviceId)
        const { running, waiting } = await loadOf(serviceId)
        signal.throwIfAborted()
        // Regie's own that wait in its own line come after: they are not on the service.
        if (onTheirWay + (running ?? 0) + (waiting ?? 0) === 0) return
        if (performance.now() >= until)
          throw new Problem('rotation.service-busy', {
            ...{ service: serviceId, running: Math.max(running ?? 0, onTheirWay), waiting: waiting ?? 0 },
          })
        await next(signal, lookMs)
      }
    },
    /**
     * Everything waits from now on: the service is about to get its new secret. Resolves when nothing is being done to it,
     * such as the start that a request had asked for just before; at the latest after `longestMs`, when whoever acts on it
     * is told what is. Throws the signal's reason.
     */
    async hold(serviceId: string, signal: AbortSignal): Promise<void> {
      held.add(serviceId)
      const until = performance.now() + longestMs
      while (isInOperation(serviceId) && performance.now() < until) {
        await next(signal, lookMs)
        signal.throwIfAborted()
      }
    },
    /** Something has ended: who drains looks again. */
    wake,
  }
}

export type Draining = ReturnType<typeof createDraining>
