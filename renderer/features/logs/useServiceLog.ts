import { useRef, useState } from 'react'
import type { LogLine } from '../../../shared/contract'
import { client } from '../../api/client'
import { appendLines } from './lines'
import { useStream } from '../../api/useStream'

export interface ServiceLog {
  lines: readonly LogLine[]
  /** False until the first answer, and after a cut until the stream is open again. */
  isLive: boolean
  error: unknown
}

/** Follows a service's log. After a cut it starts anew, since the panel may have counted from the beginning again. */
export function useServiceLog(id: string): ServiceLog {
  const [log, setLog] = useState<ServiceLog>({ lines: [], isLive: false, error: null })
  const isFresh = useRef(true)
  useStream(id, {
    open: async (signal) => {
      const stream = await client.services.followLogs({ id, tail: 2000 }, { signal })
      isFresh.current = true
      setLog((before) => ({ ...before, isLive: true, error: null }))
      return stream
    },
    onEvent: (arrived) => {
      const restarts = isFresh.current
      isFresh.current = false
      setLog((before) => ({ ...before, lines: appendLines(restarts ? [] : before.lines, arrived) }))
    },
    onCut: () => setLog((before) => ({ ...before, isLive: false })),
    onRefused: (error) => setLog((before) => ({ ...before, isLive: false, error })),
  })
  return log
}
