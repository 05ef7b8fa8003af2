import { useQuery } from '@tanstack/react-query'
import type { Service } from '../../../shared/contract'
import { api } from '../../api/query'
import { canStart } from './state'

/** Older than this, the free memory of a plan has to be asked again before anything is decided by it. */
export const planAgeMs = 5000

/** Services for which a start does more than run a program: they have a container or a GPU. */
export const hasPlan = (service: Service): boolean =>
  service.runtime === 'compose' || (service.runtime === 'process' && service.gpu !== undefined)

/** What a start would do now; only asked while a start is what can be done. */
export function useStartPlan(service: Service) {
  const isAsked = canStart(service) && hasPlan(service)
  return useQuery({
    ...api.services.startPlan.queryOptions({ input: { id: service.id } }),
    enabled: isAsked,
    staleTime: planAgeMs,
  })
}
