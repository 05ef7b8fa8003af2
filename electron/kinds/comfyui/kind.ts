import type { Kind } from '../kind'
import { createComfyui } from '.'
import { comfyuiGateway } from './gateway'
import { comfyuiModels } from './model-folders'
import { comfyuiRecognition, comfyuiTraces } from './recognition'
import { comfyuiDemo, comfyuiStack } from './stack'
import { comfyuiSessions, comfyuiSurfaces } from './surfaces'
import { comfyuiSymptoms } from './symptoms'

/** ComfyUI behind ComfyUI-Login. */
export const comfyui: Kind = {
  id: 'comfyui',
  createBackend: createComfyui,
  simulator: ['comfyui'],
  surfaces: comfyuiSurfaces,
  sessions: comfyuiSessions,
  pages: { tellsHost: false, form: null },
  recognition: comfyuiRecognition,
  traces: comfyuiTraces,
  gateway: comfyuiGateway,
  symptoms: comfyuiSymptoms,
  models: comfyuiModels,
  stack: comfyuiStack,
  demo: comfyuiDemo,
  /** `   0.1 seconds (IMPORT FAILED): /opt/ComfyUI/custom_nodes/name`, in the list that follows the imports. */
  failedImports: (lines) =>
    lines.flatMap((line) => {
      const folder = /\(IMPORT FAILED\): (\S.*?)\s*$/.exec(line)?.[1]
      return folder === undefined ? [] : [folder.split(/[\\/]/).at(-1) ?? folder]
    }),
  causeOfExposure({ open }) {
    if (!open.some(({ id }) => id === 'api') && open.some((row) => row.with === 'empty-token'))
      return 'door.empty-token'
    return open.every(({ id }) => id === 'login') ? 'door.login-open' : null
  },
}
