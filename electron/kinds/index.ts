import type { BackendTarget, ImageBackend } from './backend'
import { createComfyui } from './comfyui'
import { createForge } from './forge'
import { defaultTiming, type BackendTiming } from './timing'

export * from './backend'
export { deadWebThread } from './forge/web-thread'
export { createAnswerReader } from './reading/reader'
export { sessionsOf, surfacesOf } from './proof'
export type { BackendTiming } from './timing'

/** The client of one service. Cheap: it opens nothing until it is asked. */
export function createBackend(target: BackendTarget, timing: Partial<BackendTiming> = {}): ImageBackend {
  const times = { ...defaultTiming, ...timing }
  switch (target.kind) {
    case 'comfyui':
      return createComfyui(target, times)
    case 'forge':
      return createForge(target, times)
    default:
      return target.kind satisfies never
  }
}
