import type { Service, ServiceLoad } from '../../shared/contract'
import { Problem, type Reason } from '../../shared/problems'
import type { ImageBackend } from '../kinds/backend'
import { isConnectionRefused } from '../kinds/http'

export interface LoadsOptions {
  service: (id: string) => Service
  backendOf: (id: string) => Pick<ImageBackend, 'queueState'>
  /** Regie's own generations on a service that have not ended. */
  own: (id: string) => number
  /** How long the service may take to tell, in ms. */
  timeoutMs?: number
}

/** Whether it is being started, or has begun to climb. */
export const isComing = ({ operation, health }: Pick<Service, 'operation' | 'health'>): boolean =>
  operation === 'start' || operation === 'restart' || operation === 'recreate' || health.state === 'starting'

/** Whether it is known for certain that nothing runs behind it: it stands still, or its program has ended. */
export const hasEnded = ({
  runtime,
  health,
  container,
}: Pick<Service, 'runtime' | 'health' | 'container'>): boolean => {
  // What is paused keeps its memory, and goes on with its job when it is woken.
  if (runtime === 'external' || container?.state === 'paused') return false
  const { problem = '', state, rungs } = health
  if (state === 'unhealthy') return rungs.some((rung) => rung.id === 'running' && rung.state === 'failed')
  if (state !== 'stopped' && state !== 'absent') return false
  // What was last seen standing still, but cannot be seen now, may have been started since.
  return !problem.startsWith('docker.') && problem !== 'service.not-checked'
}

/**
 * Tells whether something runs on a service: Regie's own generations, and what the service itself says, for it has
 * other clients. Never throws for what the service does: what cannot be asked is unknown, with the reason.
 */
export function createLoads({ service, backendOf, own, timeoutMs = 5000 }: LoadsOptions) {
  return async (serviceId: string): Promise<ServiceLoad> => {
    const now = service(serviceId)
    const mine = own(serviceId)
    const known = { serviceId, own: mine, running: null, waiting: null }
    const unknown = (reason: Reason): ServiceLoad => ({ ...known, state: 'unknown', reason })
    if (now.operation !== null)
      return unknown(new Problem('service.busy', { id: serviceId, operation: now.operation }).reason)
    // What Regie has in line for a service that does not run, or cannot be reached, is nothing that a rotation disturbs.
    if (hasEnded(now) || now.health.state === 'unreachable') return { ...known, state: 'stopped' }
    try {
      const { running, waiting } = await backendOf(serviceId).queueState(AbortSignal.timeout(timeoutMs))
      return { ...known, running, waiting, state: mine + running + (waiting ?? 0) > 0 ? 'busy' : 'idle' }
    } catch (error) {
      // Nobody listens there: whoever is busy still does.
      if (error instanceof Problem && isConnectionRefused(error.reason))
        return { ...known, state: mine > 0 ? 'busy' : 'stopped' }
      if (error instanceof Problem) return unknown(error.reason)
      if (error instanceof Error && error.name === 'TimeoutError')
        return unknown(new Problem('backend.timeout', { url: now.url, seconds: timeoutMs / 1000 }).reason)
      throw error
    }
  }
}
