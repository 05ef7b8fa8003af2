import type { Service } from '../../../shared/contract'
import { useIsAdmin } from '../../api/useSession'
import { canStart } from './state'

/** Whether whoever is here may start a service that is down: users only where it may be woken. */
export function useMayStart(): (service: Service) => boolean {
  const isAdmin = useIsAdmin()
  return (service) => canStart(service) && (isAdmin || service.idle.wake)
}
