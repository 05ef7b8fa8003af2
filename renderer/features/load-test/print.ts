import { useEffect } from 'react'

const attribute = 'data-mantine-color-scheme'

/** While this page is shown it is printed light, whatever the screen's theme: also by the browser's own command. */
export function useLightPrint(): void {
  useEffect(() => {
    const root = document.documentElement
    let before: string | null = null
    const lighten = () => {
      before = root.getAttribute(attribute)
      root.setAttribute(attribute, 'light')
    }
    const restore = () => {
      if (before !== null) root.setAttribute(attribute, before)
      before = null
    }
    // Before the charts are drawn anew for the paper.
    window.addEventListener('beforeprint', lighten, { capture: true })
    window.addEventListener('afterprint', restore, { capture: true })
    return () => {
      restore()
      window.removeEventListener('beforeprint', lighten, { capture: true })
      window.removeEventListener('afterprint', restore, { capture: true })
    }
  }, [])
}
