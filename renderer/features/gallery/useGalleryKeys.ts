import { useEffect, useEffectEvent } from 'react'
import type { Generation } from '../../../shared/contract'
import { navigate } from '../../ui/route'
import { neighbour } from './pages'
import { nothingSelected, selected, without, type Selection } from './selection'
import { useChanges, useFavourite } from './useChanges'
import { useMayDelete } from './useMayDelete'
import { useRemoval } from './useRemoval'

const isElsewhere = (target: EventTarget | null) =>
  document.querySelector('[role="dialog"]') !== null ||
  (target instanceof HTMLElement &&
    target.closest('input, textarea, select, [role="listbox"], [role="radiogroup"]') !== null)

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

  const step = (key: string): Generation | undefined => {
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }
    const by = steps[key]
    return by === undefined ? undefined : neighbour(items, id, by)
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
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (isElsewhere(event.target) || event.altKey) return
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() !== 'a' || event.shiftKey || items.length === 0) return
      event.preventDefault()
      setSelection(selected(items.map((one) => one.id)))
      return
    }
    if (event.key.startsWith('Arrow') && id !== undefined) {
      event.preventDefault()
      const next = step(event.key)
      if (next) navigate('gallery', next.id)
    } else if (event.key === 'Escape') letGo()
    else if (event.key === 'Delete') takeAway()
    else if (event.key.toLowerCase() === 'f') star()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    // Captured, so that it sees a dialog that this very Escape closes.
    addEventListener('keydown', listen, { capture: true })
    return () => removeEventListener('keydown', listen, { capture: true })
  }, [])
}
