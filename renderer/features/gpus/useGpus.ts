import { useSyncExternalStore } from 'react'
import { client } from '../../api/client'
import { follow } from '../../api/stream'
import { addSamples, type GpuFeed } from './gpu-history'

let feed: GpuFeed = { report: null, history: new Map(), error: null }
const listeners = new Set<() => void>()
/** Those for whom the stream is kept open. */
let readers = 0
let controller: AbortController | null = null

function change(next: Partial<GpuFeed>) {
  feed = { ...feed, ...next }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  readers++
  if (!controller) {
    controller = new AbortController()
    void follow({
      open: (signal) => client.gpus.watch(undefined, { signal }),
      onEvent: (report) => change({ report, history: addSamples(feed.history, report), error: null }),
      onRefused: (error) => change({ error }),
      signal: controller.signal,
    })
  }
  return () => {
    listeners.delete(listener)
    if (--readers > 0) return
    controller?.abort()
    controller = null
  }
}

/** The GPUs as they are sampled, with two minutes of history; one stream for all who look, none when nobody does. */
export const useGpus = (): GpuFeed => useSyncExternalStore(subscribe, () => feed)
