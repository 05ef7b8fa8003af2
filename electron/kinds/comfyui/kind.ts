import type { Kind } from '../kind'
import { createComfyui } from '.'
import { comfyuiSessions, comfyuiSurfaces } from './surfaces'

/** ComfyUI behind ComfyUI-Login. */
export const comfyui: Kind = {
  id: 'comfyui',
  createBackend: createComfyui,
  surfaces: comfyuiSurfaces,
  sessions: comfyuiSessions,
  causeOfExposure({ open }) {
    if (!open.some(({ id }) => id === 'api') && open.some((row) => row.with === 'empty-token'))
      return 'door.empty-token'
    return open.every(({ id }) => id === 'login') ? 'door.login-open' : null
  },
}
