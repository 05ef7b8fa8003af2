import type { Kind } from '../kind'
import { createComfyui } from '.'
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
  recognition: comfyuiRecognition,
  traces: comfyuiTraces,
  symptoms: comfyuiSymptoms,
  stack: comfyuiStack,
  demo: comfyuiDemo,
  causeOfExposure({ open }) {
    if (!open.some(({ id }) => id === 'api') && open.some((row) => row.with === 'empty-token'))
      return 'door.empty-token'
    return open.every(({ id }) => id === 'login') ? 'door.login-open' : null
  },
}
