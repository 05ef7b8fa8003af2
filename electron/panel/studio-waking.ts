import type { AccountId } from '../../shared/contract'
import { reason } from '../../shared/problems'
import { pause } from '../async/pause'
import type { Draining } from '../gateway/waking/draining'
import { hasEnded, isComing } from '../services/load'
import type { WatchedMachine } from './machine'
import type { BuiltServices } from './services'

/** How long a service that was started may take until it can be asked, and how often it is looked at, in ms. */
const patience = { readyMs: 120_000, everyMs: 250 }

/**
 * Waits while a service gets a new secret; starts one that stands still for a job of the Studio's or a load test, where its policy allows
 * that, and waits until it is ready or will not get ready. Throws the Problem of a start that failed.
 */
export function createStudioWaking(
  { services }: Pick<BuiltServices, 'services'>,
  { timeline, draining }: Pick<WatchedMachine, 'timeline'> & { draining: Pick<Draining, 'of'> },
  nameOf: (account: AccountId) => string,
  /** What the timeline says of it. */
  why: 'waking.studio' | 'waking.load-test' = 'waking.studio',
) {
  const never = new AbortController().signal
  const isHeld = (id: string) => draining.of(id) === 'held'
  return async (serviceId: string, by: AccountId): Promise<void> => {
    const heldUntil = performance.now() + patience.readyMs
    while (isHeld(serviceId) && performance.now() < heldUntil) await pause(patience.everyMs, never)
    const asleep = () => hasEnded(services.get(serviceId)) && services.get(serviceId).operation === null
    if (!services.get(serviceId).idle.wake) return
    if (asleep()) {
      const asked = { serviceId, operation: 'start' as const, name: 'gateway' }
      await timeline.during({ ...asked, reason: reason(why, { who: nameOf(by) }) }, () => services.start(serviceId))
    }
    const end = performance.now() + patience.readyMs
    for (;;) {
      const service = services.get(serviceId)
      const isOnItsWay = isComing(service) || ['listening', 'authenticated'].includes(service.health.state)
      if (!isOnItsWay || performance.now() > end) return
      await pause(patience.everyMs, never)
    }
  }
}
