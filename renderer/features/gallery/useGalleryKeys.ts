import type { Generation } from '../../../shared/contract'
import { usePageKeys } from '../../ui/page-keys'
import { navigate } from '../../ui/route'
import { neighbour } from './pages'
import { nothingSelected, selected, without, type Selection } from './selection'
import { useChanges, useFavourite } from './useChanges'
import { useMayDelete } from './useMayDelete'
import { useRemoval } from './useRemoval'

interface GalleryKeys {
  items: Generation[]
  /** The one that is open. */
  id: string | undefined
  columns: number
  selection: Selection
  /** Of what is chosen what may be deleted. */
  own: readonly string[]
  setSelection: (selection: Selection) => void
}

/**
 * Arrow keys go through the pictures while one is open, Escape closes it, Delete moves it to the bin, F marks it. With
 * Ctrl A all that is loaded is chosen; then Delete and F are about these, and Escape lets go of them.
 */
export function useGalleryKeys({ items, id, columns, selection, own, setSelection }: GalleryKeys): void {
  const remove = useRemoval()
  const mayDelete = useMayDelete()
  const favourite = useFavourite()
  const { bin, mark } = useChanges()
  const open = items.find((one) => one.id === id)
  const chosen = [...selection.ids]

  const step = (by: number) => () => {
    const next = neighbour(items, id, by)
    if (next) navigate('gallery', next.id)
  }
  const letGo = () => {
    if (chosen.length > 0) setSelection(nothingSelected)
    else if (id !== undefined) navigate('gallery')
  }
  const takeAway = () => {
    if (chosen.length > 0) {
      if (own.length > 0) bin(own)
      setSelection(without(selection, own))
    } else if (open && mayDelete(open)) remove(open, items)
  }
  const star = () => {
    if (chosen.length > 0) mark(chosen, !items.every((one) => !selection.ids.has(one.id) || one.favourite))
    else if (open) favourite(open)
  }
  usePageKeys('gallery', {
    ...(id !== undefined && { previous: step(-1), next: step(1), up: step(-columns), down: step(columns) }),
    ...((id !== undefined || chosen.length > 0) && { close: letGo }),
    ...(items.length > 0 && { all: () => setSelection(selected(items.map((one) => one.id))) }),
    bin: takeAway,
    favourite: star,
  })
}
