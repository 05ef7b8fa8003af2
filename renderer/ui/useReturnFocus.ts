import { useEffect, useState } from 'react'

/** For a dialog that exists only while it is open: when it goes, the focus returns to where it was. */
export function useReturnFocus(): void {
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    },
    [before],
  )
}
