import { useMutation, useQuery } from '@tanstack/react-query'
import type { Service, Update } from '../../../shared/contract'
import { applyEvent } from '../../api/cache'
import { api, queryClient } from '../../api/query'
import { useSeesAll } from '../../api/useSession'
import { latestOf } from './view'

/** What an offer says holds for so long without asking again, in ms: updates and services tell of their changes. */
const offerStaleMs = 5 * 60_000

/** The newest update of a service; undefined while it is not known or there is none. */
export function useLatestUpdate(serviceId: string): Update | undefined {
  const updates = useQuery({ ...api.updates.list.queryOptions(), enabled: useSeesAll() }).data
  return latestOf(updates, serviceId)
}

/** What an update of a service would do; asked only where the service can have one. */
export function useOffer({ id, runtime }: Pick<Service, 'id' | 'runtime'>) {
  const enabled = useSeesAll() && runtime === 'compose'
  return useQuery({ ...api.updates.offer.queryOptions({ input: { id }, staleTime: offerStaleMs }), enabled })
}

const take = (update: Update) => applyEvent(queryClient, { type: 'update', update })

/** What can be done to an update. */
export function useUpdateActs() {
  const begin = useMutation(api.updates.begin.mutationOptions({ onSuccess: take }))
  const rollBack = useMutation(api.updates.rollBack.mutationOptions({ onSuccess: take }))
  const keep = useMutation(api.updates.keep.mutationOptions({ onSuccess: take }))
  return { begin, rollBack, keep }
}
