import { useEffect, useRef, useState } from 'react'
import type { CredentialFilter } from './words'

/** Where the reader was in the list, for the way back from a credential: kept while the panel is open. */
const place = { filter: 'all' as CredentialFilter, search: '', top: 0, last: '' }

/** Brings the list to where it was left, with the focus on what was opened last. Returns the way to stop noting it. */
function comeBack(list: Element): () => void {
  const scroller = list.closest('main > *') ?? list
  scroller.scrollTop = place.top
  const last = [...list.querySelectorAll('a')].find((link) => link.hash === place.last)
  if (document.activeElement === document.body) last?.focus({ preventScroll: true })
  const keep = () => Object.assign(place, { top: scroller.scrollTop })
  scroller.addEventListener('scroll', keep)
  return () => {
    scroller.removeEventListener('scroll', keep)
    // The address is that of what was opened by now.
    Object.assign(place, { last: location.hash })
  }
}

/** What the list shows. Where it is a page of its own, narrow, one comes back to the same place. */
export function usePlaceInList(isPage: boolean) {
  const [filter, setFilter] = useState(isPage ? place.filter : 'all')
  const [search, setSearch] = useState(isPage ? place.search : '')
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    Object.assign(place, { filter, search })
  }, [filter, search])
  useEffect(() => (isPage && list.current ? comeBack(list.current) : undefined), [isPage])
  return { filter, setFilter, search, setSearch, list }
}
