import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { showFailure } from './errors'
import { client } from './client'
import { isLocked, needsSignIn, wasAnswered } from './problem'

declare module '@tanstack/react-query' {
  interface Register {
    /** `quiet`: the caller shows the failure itself, so no toast is wanted. */
    mutationMeta: { quiet?: boolean }
  }
}

/** Query and mutation options for every procedure of the contract: `useQuery(api.services.list.queryOptions())`. */
export const api = createTanstackQueryUtils(client)

/** What to do when the panel no longer takes this session for what it was. A locked page forgets all that it knew. */
export function whenRefused(error: unknown): void {
  if (isLocked(error)) location.reload()
  else if (needsSignIn(error)) void queryClient.invalidateQueries({ queryKey: api.session.current.key() })
}

/**
 * The one cache. Nothing polls: `live.ts` writes what changes into it, so what is here stays fresh until an event or a
 * reconnect says otherwise.
 */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: whenRefused,
  }),
  mutationCache: new MutationCache({
    onError: (error, _variables, _result, mutation) => {
      whenRefused(error)
      if (!mutation.meta?.quiet) showFailure(error)
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: Infinity,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      // The panel may run on this machine while the network is down.
      networkMode: 'always',
      retry: (count, error) => !wasAnswered(error) && count < 4,
      retryDelay: (count) => Math.min(250 * 2 ** count, 4000),
    },
    mutations: { networkMode: 'always', retry: false },
  },
})
