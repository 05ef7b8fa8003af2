import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ModelsFolder, ModelsMove } from '../../../../../shared/contract'
import { client } from '../../../../api/client'
import { api } from '../../../../api/query'
import { useStream } from '../../../../api/useStream'

export const isUnderWay = (copy: ModelsMove | null): boolean => copy?.state === 'copying' || copy?.state === 'verifying'

/** The service's folders of models on a Windows drive, with a copy that is under way as it goes on. */
export function useModelsDrive(id: string, containerId: string, enabled: boolean) {
  const cache = useQueryClient()
  const options = api.modelsDrive.get.queryOptions({ input: { id }, retry: false })
  const queryKey = [...options.queryKey, containerId]
  const query = useQuery({ ...options, queryKey, enabled })
  const keep = (copy: ModelsMove) =>
    cache.setQueryData<ModelsFolder[]>(queryKey, (folders) =>
      folders?.map((one) => (one.target === copy.target ? { ...one, copy } : one)),
    )
  const target = query.data?.find(({ copy }) => isUnderWay(copy))?.target
  useStream(target === undefined ? null : `${id} ${target}`, {
    open: (signal) => client.modelsDrive.watch({ id, target: target ?? '' }, { signal }),
    onEvent: (copy) => {
      keep(copy)
      // The linter offers the lines once there is a copy.
      if (copy.state === 'copied') void cache.invalidateQueries({ queryKey: api.lint.key() })
    },
    onCut: () => void query.refetch(),
    ends: true,
  })
  return { query, keep, lookAgain: () => void query.refetch() }
}
