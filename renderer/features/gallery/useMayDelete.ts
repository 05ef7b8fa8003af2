import { useQuery } from '@tanstack/react-query'
import type { GalleryFilter, Generation } from '../../../shared/contract'
import { api } from '../../api/query'
import { useSession } from '../../api/useSession'
import { ownOf } from './selection'

/** Whether whoever is here may delete a generation: a user his own alone, also where he sees those of others. */
export function useMayDelete(): (generation: Generation) => boolean {
  const session = useSession().data
  return ({ by }) => session?.role === 'admin' || by === session?.account
}

/** Of the chosen ones those that whoever is here may tag and delete; of what is not loaded the panel is asked. */
export function useOwnOf(
  ids: readonly string[],
  loaded: readonly Generation[],
  filter: GalleryFilter,
): readonly string[] {
  const mayDelete = useMayDelete()
  const isAdmin = useSession().data?.role === 'admin'
  const isAsked = !isAdmin && loaded.length < ids.length
  const mine = useQuery(api.gallery.ids.queryOptions({ input: { ...filter, mine: true }, enabled: isAsked })).data
  return isAdmin ? ids : ownOf(ids, loaded, mine?.ids ?? [], mayDelete)
}
