import type { ServiceLoad } from '../../../shared/contract'
import { Problem, reason } from '../../../shared/problems'
import type { CredentialsContext } from '../../credentials/context'
import { isOpenedBy } from '../../credentials/control'
import type { Load } from './decide'

/** Tells whether something runs on a service, whoever asked for it. Must not throw for what the service does. */
export type LoadOf = (serviceId: string) => Promise<ServiceLoad>

/** Why a service must not be disturbed now; null when nothing is lost by it. */
export function disturbance({
  serviceId: service,
  state,
  own,
  running,
  waiting,
  reason: why,
}: ServiceLoad): Problem | null {
  switch (state) {
    case 'idle':
    case 'stopped':
      return null
    case 'busy':
      return new Problem('rotation.service-busy', {
        service,
        running: running ?? 0,
        // What Regie has in line for it has not all reached the service.
        waiting: Math.max(waiting ?? 0, own - (running ?? 0)),
      })
    case 'unknown':
      return new Problem('rotation.load-unknown', { service, cause: why?.message ?? '' })
  }
}

/** What the services of one credential say together: one that is busy, or does not tell, is enough. */
export async function loadOfCredential(
  context: Pick<CredentialsContext, 'usersOf'>,
  id: string,
  loadOf: LoadOf,
): Promise<Load> {
  const users = context.usersOf(id)
  const loads = await Promise.all(users.map((user) => loadOf(user.id)))
  for (const load of loads) {
    const problem = disturbance(load)
    if (problem) return { state: 'not-now', reason: problem.reason }
  }
  const isProvable = users.some((user, at) => isOpenedBy(user) && loads[at]?.state === 'idle')
  return isProvable ? { state: 'idle' } : { state: 'unprovable', reason: reason('rotation.nothing-to-prove', { id }) }
}
