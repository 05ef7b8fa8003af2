import { useEffect, useRef, useState } from 'react'
import { largestWorkflowBytes } from '../../../../../shared/contract'
import { client } from '../../../../api/client'
import { sortFiles, type ReadFile } from '../model/files'

let nextKey = 0

const beginning = (file: File): ReadFile => ({
  key: nextKey++,
  file,
  state: file.size > largestWorkflowBytes ? { type: 'too-large' } : { type: 'reading' },
})

/** Has files read and checked, one after the other; nothing is kept by that. */
export function useReports(given: readonly File[]) {
  const [files, setFiles] = useState<readonly ReadFile[]>(() => given.map(beginning))
  const asked = useRef(new Set<number>())
  const next = files.find(({ state }) => state.type === 'reading')
  useEffect(() => {
    if (!next || asked.current.has(next.key)) return
    asked.current.add(next.key)
    const put = (state: ReadFile['state']) =>
      setFiles((now) => now.map((one) => (one.key === next.key ? { ...one, state } : one)))
    client.workflows.inspect({ file: next.file }).then(
      (report) => put({ type: 'read', report }),
      (error: unknown) => put({ type: 'failed', error }),
    )
  }, [next])
  return {
    files: sortFiles(files),
    add: (more: readonly File[]) => setFiles((now) => [...now, ...more.map(beginning)]),
    isReading: next !== undefined,
  }
}
