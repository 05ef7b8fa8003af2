import { useSyncExternalStore } from 'react'
import type { Gpu } from '../../../shared/contract'
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

/** One figure of the report: who shows only that is drawn anew only when it changes. `pick` must answer a plain value. */
export const useGpuFigure = <T extends string | number | boolean | null>(pick: (feed: GpuFeed) => T): T =>
  useSyncExternalStore(subscribe, () => pick(feed))

const noCards: readonly Gpu[] = []
let cards = noCards

/** The cards that there are; the same list for as long as they are the same cards, whatever they measure. */
export const useGpuCards = (): readonly Gpu[] =>
  useSyncExternalStore(subscribe, () => {
    const now = feed.report?.gpus ?? noCards
    if (now.map(({ uuid }) => uuid).join() !== cards.map(({ uuid }) => uuid).join()) cards = now
    return cards
  })

/** One card as it was when the cards changed last: its name and its size, not what it measures. */
export const useGpuOf = (uuid: string | undefined): Gpu | undefined => useGpuCards().find((one) => one.uuid === uuid)
