import { detached, type BackendTarget, type ImageBackend, type RecoveredJob } from '../backend'
import { Problem } from '../../../shared/problems'
import { createClient } from '../client'
import type { BackendTiming } from '../timing'
import { createComfyApi, type ComfyApi } from './api'
import { capabilitiesOf } from './capabilities'
import { executionProblem } from './errors'
import { devicesOf } from './devices'
import { markOf } from './facts'
import { createJobGraphs } from './job-graphs'
import { createJobMemory } from './job-memory'
import { createNodeQuestions } from './nodes'
import { createOffers } from './offers'
import { probeComfyui } from './probe'
import { runJob } from './run'

import { outcomeOf } from './schemas'

type Events = ReturnType<ImageBackend['generate']>

/** How a job of an earlier run stands, or ended; null where the service knows nothing of it. */
async function recoverJob(api: ComfyApi, jobId: string, signal: AbortSignal): Promise<RecoveredJob | null> {
  const where = await api.look(jobId, signal)
  if (where.state === 'unknown') return null
  if (where.state !== 'ended') return { state: 'running' }
  const outcome = outcomeOf(where.entry)
  if (outcome.state === 'interrupted') return { state: 'cancelled' }
  if (outcome.state === 'failed')
    return { state: 'failed', problem: executionProblem(outcome.error, where.entry.prompt?.[2] ?? {}) }
  return { state: 'succeeded', images: api.images(where.entry, signal), cached: outcome.cached }
}

/** Passes events on, and tells of a model file that could not be loaded, by its name. */
async function* tellingDamage(events: Events, damaged: (name: string) => Promise<void>): Events {
  try {
    yield* events
  } catch (error) {
    if (error instanceof Problem && error.id === 'backend.model-damaged') {
      const { file: name } = error.params
      if (typeof name === 'string') await damaged(name)
    }
    throw error
  }
}

/** ComfyUI over HTTP and WebSocket, with or without ComfyUI-Login before it. */
export function createComfyui(target: BackendTarget, timing: BackendTiming): ImageBackend {
  const client = createClient(target)
  const api = createComfyApi(client, timing)
  /** Marks of model files that could not be loaded: these are no default any more. */
  const failed = new Set<string>()

  const { offer, offerNow, ofOffer } = createOffers(api, failed)

  const remembering = (events: Events) =>
    tellingDamage(events, async (name) => {
      const { files } = await api.facts(AbortSignal.timeout(timing.callMs))
      const file = files.get(name)
      if (file) failed.add(markOf(file))
    })

  const nodes = createNodeQuestions(client, api, timing)
  const { resolve, draw } = createJobGraphs({ target, client, nodes, ofOffer })

  return {
    probe: (signal, upTo) => probeComfyui({ client, api, timing, offer }, signal, upTo),
    queueState: async (signal) => {
      const { queue_running: running, queue_pending: pending } = await api.queue(signal)
      return { running: running.length, waiting: pending.length }
    },
    capabilities: async (signal) => capabilitiesOf(await offerNow(signal)),
    resolve,
    async *generate(jobId, params, signal) {
      const graph = await draw(params, signal)
      if (graph === null) {
        // Nothing was queued.
        if (signal.reason !== detached) yield { type: 'cancelled' }
        return
      }
      const submission = { previewMethod: (await api.facts(signal)).askForPreviews }
      yield* remembering(runJob({ api, target, timing }, { promptId: jobId, graph }, submission, signal))
    },
    async *follow(jobId, signal) {
      const where = await api.look(jobId, signal)
      const graph = where.state === 'running' ? where.graph : {}
      const submission = { isThere: true, previewMethod: null }
      yield* remembering(runJob({ api, target, timing }, { promptId: jobId, graph }, submission, signal))
    },
    recover: (jobId, signal) => recoverJob(api, jobId, signal),
    interrupt: (jobId, signal) => (jobId === null ? api.interruptAnything(signal) : api.cancel(jobId, signal)),
    async takeOff(promptId, signal) {
      await api.cancel(promptId, signal)
      return true
    },
    freeMemory: (signal) => api.free(signal),
    devices: async (signal) => devicesOf(await api.stats(signal)),
    jobs: createJobMemory(api),
    nodes,
    customNodes: async (signal) =>
      Object.entries(await api.nodeModules(signal))
        .flatMap(([name, module]) => (module.startsWith('custom_nodes.') ? [name] : []))
        .sort(),
  }
}
