import type { JobMemory } from '../backend'
import type { ComfyApi } from './api'
import { outcomeOf, outputFiles, spanOf, type HistoryEntry } from './schemas'

function outcomeIn(entry: HistoryEntry) {
  const outcome = outcomeOf(entry)
  switch (outcome.state) {
    case 'succeeded':
      return { outcome: 'succeeded', cached: outcome.cached } as const
    case 'failed':
      return { outcome: 'failed', cached: false } as const
    case 'interrupted':
      return { outcome: 'cancelled', cached: false } as const
    default:
      return outcome satisfies never
  }
}

/** ComfyUI's queue and history, which live in its memory. */
export const createJobMemory = (api: Pick<ComfyApi, 'ended' | 'queue'>): JobMemory => ({
  async ended(jobId, signal) {
    const entry = await api.ended(jobId, signal)
    return entry && { ...outcomeIn(entry), ran: spanOf(entry), images: outputFiles(entry).length }
  },
  async queued(signal) {
    const { queue_running: running, queue_pending: pending } = await api.queue(signal)
    return { running: running.map(([, id]) => id), waiting: pending.map(([, id]) => id) }
  },
})
