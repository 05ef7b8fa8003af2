import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { RoomRemoval } from '../../../../shared/contract'
import { client } from '../../../api/client'
import { api, queryClient } from '../../../api/query'
import { useStream } from '../../../api/useStream'

/** What Docker keeps and nothing needs; counting takes the engine seconds, so it is asked for once a visit. */
export const useRoom = (enabled: boolean) =>
  useQuery({ ...api.room.report.queryOptions({ refetchOnMount: 'always', retry: false }), enabled })

export const keepRemoval = (removal: RoomRemoval) => queryClient.setQueryData(api.room.removal.queryKey(), removal)

/** The running or the last removal, wherever it was begun; when it ends, what is left is counted again. */
export function useRemoval(enabled: boolean) {
  const cache = useQueryClient()
  const query = useQuery({ ...api.room.removal.queryOptions({ refetchOnMount: 'always' }), enabled })
  const running = query.data?.state === 'running' ? query.data.id : null
  useStream(running, {
    open: (signal) => client.room.watch(undefined, { signal }),
    onEvent: (removal) => {
      cache.setQueryData(api.room.removal.queryKey(), removal)
      if (removal.state !== 'running') void cache.invalidateQueries({ queryKey: api.room.report.key() })
    },
    onCut: () => void query.refetch(),
    ends: true,
  })
  return query.data ?? null
}
