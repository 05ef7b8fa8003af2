import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'
import { useNarrow } from '../../ui/narrow'
import { sectionIds, type SectionId } from './table'

const idOf = (text: string | null): SectionId | null => sectionIds.find((id) => id === text) ?? null

/** Where a section stands that is looked at: below the header, and below the index where that is above. */
const marginOf = (isNarrow: boolean) => `-${isNarrow ? 190 : 80}px 0px -55% 0px`

/** The first section that is in view. */
function useSeen(root: RefObject<HTMLElement | null>): SectionId {
  const isNarrow = useNarrow()
  const [seen, setSeen] = useState<SectionId>(sectionIds[0])
  useEffect(() => {
    const inView = new Set<string | null>()
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const id = target.getAttribute('data-section')
          if (isIntersecting) inView.add(id)
          else inView.delete(id)
        }
        const first = sectionIds.find((id) => inView.has(id))
        if (first) setSeen(first)
      },
      { rootMargin: marginOf(isNarrow) },
    )
    for (const element of root.current?.querySelectorAll('[data-section]') ?? []) observer.observe(element)
    return () => observer.disconnect()
  }, [root, isNarrow])
  return seen
}

const scrolling = ['wheel', 'touchmove', 'keydown'] as const

/**
 * Which section is looked at, and how one is brought into view. The last sections are too short to come up to the top:
 * what was asked for, by address or by click, counts until one scrolls.
 */
export function useInView(address: string | null) {
  const root = useRef<HTMLDivElement>(null)
  const seen = useSeen(root)
  const [asked, setAsked] = useState(idOf(address))
  const [last, setLast] = useState(address)
  if (address !== last) {
    setLast(address)
    setAsked(idOf(address))
  }
  const bring = useCallback((section: string) => {
    const element = root.current?.querySelector<HTMLElement>(`[data-section="${CSS.escape(section)}"]`)
    element?.scrollIntoView({ block: 'start' })
    element?.focus({ preventScroll: true })
  }, [])
  useEffect(() => {
    if (address !== null) bring(address)
  }, [address, bring])
  useEffect(() => {
    const scrolls = () => setAsked(null)
    for (const event of scrolling) addEventListener(event, scrolls, { passive: true })
    return () => {
      for (const event of scrolling) removeEventListener(event, scrolls)
    }
  }, [])
  const show = (section: SectionId) => {
    setAsked(section)
    bring(section)
  }
  return { root, current: asked ?? seen, show }
}
