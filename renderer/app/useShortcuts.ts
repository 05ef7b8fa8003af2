import { useEffect, useEffectEvent } from 'react'
import { navigate, pageIds } from '../ui/route'
import { pages } from './pages'

/** A G is forgotten after this long. */
const sequenceMs = 1500

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

const inDialog = () => document.querySelector('[role="dialog"]') !== null

/** Ctrl or Cmd K opens the palette, with Shift L locks; G and a letter goes to a page; N makes a new picture; ? shows the keys. */
export function useShortcuts(actions: { onSearch: () => void; onHelp: () => void; onLock: () => void }): void {
  const onSearch = useEffectEvent(actions.onSearch)
  const onHelp = useEffectEvent(actions.onHelp)
  const onLock = useEffectEvent(actions.onLock)
  useEffect(() => {
    let gAt = -sequenceMs
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
      const afterG = event.timeStamp - gAt < sequenceMs
      gAt = -sequenceMs
      const page = afterG ? pageIds.find((id) => pages[id].key === key) : undefined
      if (page) navigate(page)
      else if (key === 'g') gAt = event.timeStamp
      else if (key === 'n') navigate('studio')
      else if (key === '?') onHelp()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}
