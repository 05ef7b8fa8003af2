import { useMutation, useQueryClient } from '@tanstack/react-query'
import { applyEvent } from '../../api/cache'
import { api } from '../../api/query'

/** Adds the two simulated services where they are missing, and starts all services that Regie runs. */
export function useAddSimulators() {
  const cache = useQueryClient()
  const start = useMutation(api.services.startAll.mutationOptions())
  const add = useMutation(
    api.system.addSimulators.mutationOptions({
      onSuccess: (services) => {
        for (const service of services) applyEvent(cache, { type: 'service', service })
        void cache.invalidateQueries({ queryKey: api.services.list.key() })
        start.mutate(undefined)
      },
    }),
  )
  return { add: () => add.mutate(undefined), isBusy: add.isPending }
}
