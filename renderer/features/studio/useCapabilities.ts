import { useQueries } from '@tanstack/react-query'
import { api } from '../../api/query'

/** What each of these services offers, in their order. */
export const useCapabilities = (ids: readonly string[]) =>
  useQueries({
    queries: ids.map((id) => api.services.capabilities.queryOptions({ input: { id }, staleTime: 30_000 })),
  })
