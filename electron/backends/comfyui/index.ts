import type { BackendImage, BackendTarget, ImageBackend, RecoveredJob } from '../backend'
import { Problem } from '../../../shared/problems'
import { createClient } from '../client'
import type { BackendTiming } from '../timing'
import { createComfyApi } from './api'
import { bindGraph } from './bind'
import { capabilitiesOf, chooseWorkflow, resolveParams } from './choose'
import { executionProblem } from './errors'
import { probeComfyui } from './probe'
import { runJob } from './run'
import { outcomeOf } from './schemas'

/** ComfyUI over HTTP and WebSocket, with or without ComfyUI-Login before it. */
export function createComfyui(target: BackendTarget, timing: BackendTiming): ImageBackend {
  const client = createClient(target)
  const api = createComfyApi(client, timing)

  async function recover(jobId: string, signal: AbortSignal): Promise<RecoveredJob | null> {
    const where = await api.look(jobId, signal)
    if (where.state === 'unknown') return null
    if (where.state !== 'ended') return { state: 'running' }
    const outcome = outcomeOf(where.entry)
    if (outcome.state === 'interrupted') return { state: 'cancelled' }
    if (outcome.state === 'failed')
      return { state: 'failed', problem: executionProblem(outcome.error, where.entry.prompt?.[2] ?? {}) }
    let images: BackendImage[]
    try {
      images = await api.images(where.entry, signal)
    } catch (error) {
      // A picture that is gone stays gone; any other failure may pass.
      if (error instanceof Problem && (error.id === 'backend.image-gone' || error.id === 'backend.no-images'))
        return { state: 'failed', problem: error }
      throw error
    }
    return { state: 'succeeded', images, cached: outcome.cached }
  }

  return {
    probe: (signal) => probeComfyui({ client, api, timing }, signal),
    queueState: async (signal) => {
      const { queue_running: running, queue_pending: pending } = await api.queue(signal)
      return { running: running.length, waiting: pending.length }
    },
    capabilities: async (signal) => capabilitiesOf(await api.choices(signal)),
    resolve: async (params, signal) => resolveParams(params, await api.choices(signal)),
    async *generate(jobId, params, signal) {
      const choices = await api.choices(signal)
      const graph = bindGraph(chooseWorkflow(params, choices), params, choices)
      yield* runJob({ api, target, timing }, { promptId: jobId, graph }, signal)
    },
    recover,
    interrupt: (jobId, signal) => (jobId === null ? api.interruptAnything(signal) : api.cancel(jobId, signal)),
    freeMemory: (signal) => api.free(signal),
  }
}
