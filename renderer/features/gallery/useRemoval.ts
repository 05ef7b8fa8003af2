import type { Generation } from '../../../shared/contract'
import { navigate } from '../../ui/route'
import { neighbour } from './pages'
import { useChanges } from './useChanges'

/** Moves a picture to the bin, goes to the next one, and offers to take it back. */
export function useRemoval() {
  const { bin } = useChanges()
  return ({ id }: Generation, items: readonly Generation[]) => {
    const next = neighbour(items, id, 1) ?? neighbour(items, id, -1)
    bin([id])
    navigate('gallery', next?.id)
  }
}
