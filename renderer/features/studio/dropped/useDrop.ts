import { useEffect, useState } from 'react'
import { fetchPart } from '../../../ui/parts'
import { hrefOf, useHashRoute } from '../../../ui/route'

/** Files that somebody drops anywhere on the page; the browser would open one in the place of the panel. */
export function useDrop() {
  const [files, setFiles] = useState<File[]>([])
  useEffect(() => {
    const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true
    const over = (event: DragEvent) => {
      if (hasFile(event)) event.preventDefault()
    }
    const drop = (event: DragEvent) => {
      if (!hasFile(event) || event.defaultPrevented) return
      event.preventDefault()
      setFiles([...(event.dataTransfer?.files ?? [])])
    }
    addEventListener('dragover', over)
    addEventListener('drop', drop)
    return () => {
      removeEventListener('dragover', over)
      removeEventListener('drop', drop)
    }
  }, [])
  const opened = useHashRoute().query.get('opened')
  useEffect(() => {
    if (opened === null) return
    // First: a page that is loaded again, or gone back to, finds none.
    location.replace(hrefOf('studio'))
    void fetchPart(() => import('./fetch-opened'))
      .then(({ fetchOpened }) => fetchOpened(opened))
      .then(setFiles, () => undefined)
  }, [opened])
  return { files, forget: () => setFiles([]) }
}
