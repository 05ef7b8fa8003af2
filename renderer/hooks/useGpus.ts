import { useSyncExternalStore } from 'react'
import type { GpuReport } from '../../shared/contract'
import { client } from '../api/client'
import { follow } from '../api/stream'

/** What is kept and drawn: two minutes. */
export const historyMs = 120_000

/** A longer silence than this between two samples is a gap in the line. */
const gapMs = 2500

export interface GpuSample {
  at: number
  utilizationPct: number | null
  memoryUsedMiB: number | null
  temperatureC: number | null
  powerW: number | null
}

export interface GpuFeed {
  report: GpuReport | null
  /** By uuid, oldest first; a sample of nulls stands for a gap. */
  history: ReadonlyMap<string, readonly GpuSample[]>
  error: unknown
}

const unknown = (at: number): GpuSample => ({
  at,
  utilizationPct: null,
  memoryUsedMiB: null,
  temperatureC: null,
  powerW: null,
})

/** Adds a report's samples, drops what is older than two minutes, and leaves a gap where none came for long. */
export function addSamples(history: GpuFeed['history'], report: GpuReport): GpuFeed['history'] {
  const at = report.sampledAt
  if (at === null || report.state !== 'live') return history
  const next = new Map<string, readonly GpuSample[]>()
  for (const gpu of report.gpus) {
    const before = (history.get(gpu.uuid) ?? []).filter((sample) => at - sample.at <= historyMs && sample.at < at)
    const last = before.at(-1)
    const gap = last !== undefined && at - last.at > gapMs ? [unknown(last.at + 1)] : []
    const { utilizationPct, memoryUsedMiB, temperatureC, powerW } = gpu
    next.set(gpu.uuid, [...before, ...gap, { at, utilizationPct, memoryUsedMiB, temperatureC, powerW }])
  }
  return next
}

let feed: GpuFeed = { report: null, history: new Map(), error: null }
const listeners = new Set<() => void>()
let controller: AbortController | null = null

function change(next: Partial<GpuFeed>) {
  feed = { ...feed, ...next }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
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
    if (listeners.size > 0) return
    controller?.abort()
    controller = null
  }
}

/** The GPUs as they are sampled, with two minutes of history; one stream for all who look, none when nobody does. */
export const useGpus = (): GpuFeed => useSyncExternalStore(subscribe, () => feed)
