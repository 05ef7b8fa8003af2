import type { Kind } from '../kind'
import { createForge } from '.'
import { forgeGateway } from './gateway'
import { forgeModels } from './model-folders'
import { forgeRecognition, forgeTraces } from './recognition'
import { forgeDemo, forgeStack } from './stack'
import { forgeSurfaces, gradioSessions } from './surfaces'
import { forgeSymptoms } from './symptoms'
import { deadWebThread } from './web-thread'

/** Stable Diffusion WebUI Forge: `--api-auth` guards its API, `--gradio-auth` its pages. */
export const forge: Kind = {
  id: 'forge',
  createBackend: (target, timing) => createForge(target, timing),
  simulator: ['forge'],
  surfaces: forgeSurfaces,
  sessions: gradioSessions,
  // Gradio's page asks the address that it was served with in its configuration.
  pages: {
    tellsHost: true,
    form: { api: /^\/(?:sdapi|internal|controlnet|sd_extra_networks)\//, check: '/login_check' },
  },
  recognition: forgeRecognition,
  traces: forgeTraces,
  gateway: forgeGateway,
  symptoms: forgeSymptoms,
  models: forgeModels,
  stack: forgeStack,
  demo: forgeDemo,
  deadThread: deadWebThread,
  causeOfExposure({ open, has }) {
    const isOpen = (wanted: string) => open.some(({ id }) => id === wanted)
    if (isOpen('api') && has('config', 'guarded')) return 'door.forge-api-open'
    return isOpen('config') && has('api', 'guarded') ? 'door.forge-ui-open' : null
  },
}
