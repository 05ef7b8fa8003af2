import { useSyncExternalStore } from 'react'
import type { PanelEvent } from '../../shared/contract'
import { applyEvent } from './cache'
import { client, reopenConnection } from './client'
import { queryClient, whenRefused } from './query'
import { follow } from './stream'

/** `connecting` is the first time; `reconnecting` means that what is shown may be old. */
export type Connection = 'connecting' | 'online' | 'reconnecting'

/** The panel says hello every 25 s; after this long without a word the connection is taken for dead. */
const silenceLimitMs = 60_000

let connection: Connection = 'connecting'
const listeners = new Set<() => void>()

function setConnection(next: Connection) {
  if (next === connection) return
  connection = next
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Whether the panel answers now, outside of components. */
export const currentConnection = (): Connection => connection

/** Whether the panel answers now. */
export const useConnection = (): Connection => useSyncExternalStore(subscribe, () => connection)

/**
 * Keeps the cache true: the one subscription to everything that changes. What happened during a cut is unknown, so all
 * that is on screen is asked again after it. Returns the way to end it.
 *
 * @param onEvent is told of each event before the cache takes it in.
 */
export function startLive(onEvent: (event: PanelEvent) => void): () => void {
  const page = new AbortController()
  let stream = new AbortController()
  let silence: ReturnType<typeof setTimeout> | undefined

  const listen = () => {
    clearTimeout(silence)
    silence = setTimeout(() => {
      stream.abort()
      reopenConnection()
      run()
    }, silenceLimitMs)
  }

  const arrived = () => {
    listen()
    const missedSome = connection === 'reconnecting'
    setConnection('online')
    if (missedSome) void queryClient.invalidateQueries()
  }

  const cut = () => setConnection('reconnecting')

  const run = () => {
    if (page.signal.aborted) return
    stream = new AbortController()
    if (connection === 'online') cut()
    listen()
    void follow({
      open: (signal) => client.system.events(undefined, { signal }),
      onEvent: (event) => {
        arrived()
        onEvent(event)
        applyEvent(queryClient, event)
      },
      onCut: cut,
      onRefused: (error) => {
        cut()
        whenRefused(error)
      },
      signal: AbortSignal.any([page.signal, stream.signal]),
    })
  }

  run()
  return () => {
    clearTimeout(silence)
    page.abort()
  }
}
