import type { Gateway, Service, Sleeper } from '../../../shared/contract'
import { isAsleep } from './state'

/** How a service sleeps and wakes, and what waits for it. */
export interface Waits {
  /** Why it sleeps: null where that was no doing of Regie's. Absent while it does not. */
  sleeps?: { why: Sleeper['why'] }
  /** That a request wakes it, and in how many seconds it should be ready; null there: not known. */
  waking: { leftS: number | null } | null
  /** Requests that are held until it can be asked. */
  held: number
  /** Jobs of the gateway's and the Studio's that wait for its card. */
  inLine: number
}

/** What waits for a service, of what was told of the gateway and of the lines of cards. */
export function waitsOf(
  service: Service,
  gateway: Gateway | undefined,
  waiting: readonly { serviceId: string }[],
): Waits {
  const { id } = service
  const { held = 0, waking = null } = gateway?.listeners.find(({ serviceId }) => serviceId === id) ?? {}
  const sleeper = gateway?.sleepers.find(({ serviceId }) => serviceId === id)
  const isPutToSleep =
    service.operation === null && sleeper?.state === 'asleep' && sleeper.why?.problem === 'sleeping.stopped'
  const why = isPutToSleep ? sleeper.why : null
  return {
    ...(why || isAsleep(service) ? { sleeps: { why } } : {}),
    waking: waking && { leftS: waking.leftS },
    held,
    inLine: waiting.filter(({ serviceId }) => serviceId === id).length,
  }
}

/** Whether there is anything to say of what waits. */
export const hasWaiting = ({ waking, held, inLine }: Waits): boolean => waking !== null || held > 0 || inLine > 0
