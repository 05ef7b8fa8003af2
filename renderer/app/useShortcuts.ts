import { useEffect, useEffectEvent } from 'react'
import { isGoing, noteGo } from '../ui/go-key'
import { navigate, type PageId } from '../ui/route'
import { pages } from './pages'

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

const inDialog = () => document.querySelector('[role="dialog"]') !== null

/** Ctrl or Cmd K opens the palette, with Shift L locks; G and a letter goes to a page; N makes a new picture; ? shows the keys. `shown`: the pages that there are for whoever is here. */
export function useShortcuts(
  shown: readonly PageId[],
  actions: { onSearch: () => void; onHelp: () => void; onLock: () => void },
): void {
  const onSearch = useEffectEvent(actions.onSearch)
  const onHelp = useEffectEvent(actions.onHelp)
  const onLock = useEffectEvent(actions.onLock)
  const pageAt = useEffectEvent((key: string) => shown.find((id) => pages[id].key === key))
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase()
      if (key === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
        event.preventDefault()
        onSearch()
        return
      }
      if (key === 'l' && (event.ctrlKey || event.metaKey) && event.shiftKey && !event.altKey) {
        event.preventDefault()
        onLock()
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || inDialog()) return
      const page = isGoing(event.timeStamp) ? pageAt(key) : undefined
      noteGo(null)
      if (page) navigate(page)
      else if (key === 'g') noteGo(event.timeStamp)
      else if (key === 'n') navigate('studio')
      else if (key === '?') onHelp()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}
