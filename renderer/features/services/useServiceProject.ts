import { useQuery } from '@tanstack/react-query'
import type { Service } from '../../../shared/contract'
import { api } from '../../api/query'

/** The Compose project of a service; asked anew when its container or an operation changed. */
export function useServiceProject({ id, runtime, container, operation }: Service) {
  const { queryKey, ...options } = api.services.project.queryOptions({ input: { id } })
  return useQuery({
    ...options,
    queryKey: [...queryKey, container?.id, container?.state, container?.startedAt, operation],
    enabled: runtime === 'compose' && operation === null,
    retry: false,
    // Files that Compose refuses are told where that is looked for.
    meta: { quiet: true },
  })
}
