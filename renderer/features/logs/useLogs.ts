import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { LogEvent } from '../../../shared/contract'
import { client } from '../../api/client'
import { createRows, type LogRows } from './rows'
import { useStream } from '../../api/useStream'

/** The time between two changes of the page, in ms: a flood of lines is shown in few steps, fewer where they are slow. */
const stepMs = { least: 80, longest: 500 }

export interface Logs {
  rows: LogRows
  /** Grows with every change of `rows`. */
  version: number
  /** False until the first answer, and after a cut until the stream is open again. */
  isLive: boolean
  error: unknown
}

/** Lines wait here until they are shown together. */
function createIntake(rows: LogRows) {
  let waiting: LogEvent[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let version = 0
  let shownAt = 0
  let step = stepMs.least
  let isFresh = false
  const listeners = new Set<() => void>()

  const show = () => {
    timer = undefined
    shownAt = performance.now()
    if (isFresh && waiting.length > 0) {
      rows.clear()
      isFresh = false
    }
    rows.take(waiting)
    waiting = []
    version++
    for (const listener of listeners) listener()
    requestAnimationFrame(() => {
      const costMs = performance.now() - shownAt
      step = Math.min(stepMs.longest, Math.max(stepMs.least, 2 * costMs))
    })
  }

  return {
    push: (event: LogEvent) => {
      waiting.push(event)
      timer ??= setTimeout(show, Math.max(0, shownAt + step - performance.now()))
    },
    /** What comes next begins anew. */
    restart() {
      waiting = []
      isFresh = true
    },
    stop: () => clearTimeout(timer),
    version: () => version,
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** Follows the logs of some services, `tail` lines of each from before. */
export function useLogs(services: readonly string[], tail: number): Logs {
  const [rows] = useState(createRows)
  const [intake] = useState(() => createIntake(rows))
  const [state, setState] = useState<{ isLive: boolean; error: unknown }>({ isLive: false, error: null })
  const version = useSyncExternalStore(intake.subscribe, intake.version)
  const key = services.join(' ')
  const shown = useRef(key)
  useEffect(() => {
    if (shown.current !== key) rows.clear()
    shown.current = key
  }, [key, rows])
  useEffect(() => intake.stop, [intake])
  useStream<LogEvent>(key === '' ? null : key, {
    open: async (signal) => {
      const stream = await client.logs.watch({ services: key.split(' '), tail }, { signal })
      intake.restart()
      setState({ isLive: true, error: null })
      return stream
    },
    onEvent: intake.push,
    onCut: () => setState((before) => ({ ...before, isLive: false })),
    onRefused: (error) => setState({ isLive: false, error }),
  })
  return { rows, version, ...state }
}
