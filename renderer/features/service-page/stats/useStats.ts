import { useEffect, useState } from 'react'
import type { StatsEvent, StatsPoint, StatsRange } from '../../../../shared/contract'
import { client } from '../../../api/client'
import { useStream } from '../../../api/useStream'
import { addReading } from './points'

export interface ServiceStats {
  points: readonly StatsPoint[]
  /** Null until the first answer. */
  now: StatsEvent | null
  error: unknown
}

/** What a container used and uses. After a cut its history is asked again. */
export function useStats(id: string, range: StatsRange): ServiceStats {
  const [points, setPoints] = useState<readonly StatsPoint[]>([])
  const [now, setNow] = useState<StatsEvent | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [opened, setOpened] = useState(0)
  useEffect(() => {
    const page = new AbortController()
    client.stats
      .history({ id, range }, { signal: page.signal })
      .then((history) => setPoints(history.points))
      .catch((cause: unknown) => {
        if (!page.signal.aborted) setError(cause)
      })
    return () => page.abort()
  }, [id, range, opened])
  useStream<StatsEvent>(id, {
    open: async (signal) => {
      const stream = await client.stats.watch({ id }, { signal })
      setOpened((count) => count + 1)
      setError(null)
      return stream
    },
    onEvent: (event) => {
      setNow(event)
      const { reading } = event
      if (reading) setPoints((before) => addReading(before, reading, range))
    },
    onRefused: setError,
  })
  return { points, now, error }
}
