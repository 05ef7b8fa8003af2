import { Problem } from '../../../shared/problems'
import { isImported, type BackendTarget, type ImageBackend } from '../backend'
import { createClient } from '../client'
import type { BackendTiming } from '../timing'
import { createForgeApi } from './api'
import { capabilitiesOf, resolveParams } from './choose'
import { devicesOf } from './memory'
import { takeOff, taskIdOf } from './own'
import { probeForge } from './probe'
import { isWorking } from './progress'
import { runForge } from './run'

/** Stable Diffusion WebUI Forge, or Forge Neo, over `/sdapi/v1`, with or without `--api-auth`. */
export function createForge(target: BackendTarget, timing: BackendTiming, isNeo = false): ImageBackend {
  const client = createClient(target)
  const api = createForgeApi(client, timing, { ...target, isNeo })
  return {
    probe: (signal, upTo) => probeForge({ client, api, timing }, signal, upTo),
    queueState: async (signal) => {
      const [progress, waiting] = await Promise.all([api.progress(false, signal), api.waiting(signal)])
      return { running: isWorking(progress) ? 1 : 0, waiting }
    },
    capabilities: async (signal) => capabilitiesOf(await api.offered.now(signal)),
    resolve: (params, signal) => api.offered.use(signal, (offer) => resolveParams(params, offer)),
    async *generate(jobId, params, signal) {
      if (isImported(params)) throw new Problem('backend.no-workflows')
      yield* runForge({ api, timing }, { taskId: taskIdOf(jobId), params }, signal)
    },
    /** Forge keeps no history: what it made is only in the answer to the request. */
    recover: () => Promise.resolve(null),
    async interrupt(jobId, signal) {
      if (jobId === null) await api.interrupt(signal)
      else await takeOff(api, taskIdOf(jobId), { timing, signal })
    },
    takeOff: (taskId, signal) => takeOff(api, taskId, { timing, signal }),
    freeMemory: (signal) => api.free(signal),
    devices: async (signal) => devicesOf(await api.memory(signal)),
  }
}
