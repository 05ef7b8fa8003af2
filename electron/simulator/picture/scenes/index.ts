import type { Painter } from '../stage'
import { lake } from './lake'

export type Scene = 'lake'

export const painters: Record<Scene, Painter> = { lake }

export function sceneOf(prompt: string): Scene {
  return prompt === '' ? 'lake' : 'lake'
}
