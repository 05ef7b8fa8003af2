import { useSyncExternalStore } from 'react'

/**
 * Below this width, in CSS px, there is one column and a bar at the bottom: nothing else is called narrow. CSS says the
 * same as `@media (width < 768px)`; tests/unit/renderer/narrow.test.ts holds both together.
 */
export const narrowBelow = 768

const query = `(width < ${narrowBelow}px)`

const subscribe = (changed: () => void) => {
  const media = matchMedia(query)
  media.addEventListener('change', changed)
  return () => media.removeEventListener('change', changed)
}

/** Whether the window is narrow now. */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => matchMedia(query).matches)
