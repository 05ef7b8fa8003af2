import type { BackendTarget, ImageBackend } from '../backend'
import { createClient } from '../client'
import type { BackendTiming } from '../timing'
import { createForgeApi } from './api'
import { capabilitiesOf, resolveParams } from './choose'
import { probeForge } from './probe'
import { isWorking } from './progress'
import { runForge } from './run'

/** Stable Diffusion WebUI Forge over `/sdapi/v1`, with or without `--api-auth`. */
export function createForge(target: BackendTarget, timing: BackendTiming): ImageBackend {
  const client = createClient(target)
  const api = createForgeApi(client, timing)
  return {
    probe: (signal) => probeForge({ client, api, timing }, signal),
    queueState: async (signal) => {
      const [progress, waiting] = await Promise.all([api.progress(false, signal), api.waiting(signal)])
      return { running: isWorking(progress) ? 1 : 0, waiting }
    },
    capabilities: async (signal) => capabilitiesOf(await api.offer(signal)),
    resolve: async (params, signal) => resolveParams(params, await api.offer(signal)),
    generate: (_jobId, params, signal) => runForge({ api, timing }, params, signal),
    /** Forge keeps no history: what it made is only in the answer to the request. */
    recover: () => Promise.resolve(null),
    interrupt: (_jobId, signal) => api.interrupt(signal),
    freeMemory: (signal) => api.free(signal),
  }
}
