import { useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../../api/client'
import { api } from '../../api/query'
import { useStream } from '../../api/useStream'

/** The running or the last scan, wherever it was started. */
export function useLeakScan() {
  const cache = useQueryClient()
  const query = useQuery(api.leaks.last.queryOptions({ refetchOnMount: 'always' }))
  const running = query.data?.state === 'running' ? query.data.id : null
  useStream(running, {
    open: (signal) => client.leaks.watch(undefined, { signal }),
    onEvent: (scan) => cache.setQueryData(api.leaks.last.queryKey(), scan),
    // A panel that was started anew knows nothing of it.
    onCut: () => void query.refetch(),
    ends: true,
  })
  return query
}
