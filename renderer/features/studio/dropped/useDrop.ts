import { useEffect, useState } from 'react'

/** A file that somebody drops anywhere on the page; the browser would open it in the place of the panel. */
export function useDrop() {
  const [file, setFile] = useState<File | null>(null)
  useEffect(() => {
    const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true
    const over = (event: DragEvent) => {
      if (hasFile(event)) event.preventDefault()
    }
    const drop = (event: DragEvent) => {
      if (!hasFile(event) || event.defaultPrevented) return
      event.preventDefault()
      setFile(event.dataTransfer?.files[0] ?? null)
    }
    addEventListener('dragover', over)
    addEventListener('drop', drop)
    return () => {
      removeEventListener('dragover', over)
      removeEventListener('drop', drop)
    }
  }, [])
  return { file, forget: () => setFile(null) }
}
