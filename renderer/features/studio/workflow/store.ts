import { useSyncExternalStore } from 'react'
import type { GenerationParams, InputValue, WorkflowInput } from '../../../../shared/contract'
import { keptFrom, nothingKept, readKept, withKept, withValue, type Kept, type KeptImage } from './model/kept'

const keptKey = 'regie.studio.workflows'
const lastKey = 'regie.studio.workflow'

let all = readKept(localStorage.getItem(keptKey))
const listeners = new Set<() => void>()

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

function keep(id: string, kept: Kept): void {
  all = withKept(all, id, kept)
  localStorage.setItem(keptKey, JSON.stringify([...all]))
  for (const listener of listeners) listener()
}

/** What is filled in for a workflow now, outside of components. */
export const keptOf = (id: string): Kept => all.get(id) ?? nothingKept

/** What is filled in for a workflow; it outlives the window. */
export const useKept = (id: string): Kept => useSyncExternalStore(subscribe, () => keptOf(id))

export const setKept = (id: string, kept: Kept): void => keep(id, kept)

export const setValue = (id: string, input: WorkflowInput, value: InputValue): void =>
  keep(id, withValue(keptOf(id), input, value))

/** Fills in a picture that was given to Regie. */
export function setImage(id: string, input: WorkflowInput, image: KeptImage & { id: string }): void {
  const kept = withValue(keptOf(id), input, image.id)
  const { id: imageId, ...known } = image
  const used = Object.entries(kept.images).filter(([one]) => Object.values(kept.values).includes(one))
  keep(id, { ...kept, images: { ...Object.fromEntries(used), [imageId]: known } })
}

/** Lets a seed stay as it is, or be drawn at each run. */
export function toggleLock(id: string, inputId: string): void {
  const kept = keptOf(id)
  const isLocked = kept.locked.includes(inputId)
  const locked = isLocked ? kept.locked.filter((one) => one !== inputId) : [...kept.locked, inputId]
  keep(id, { ...kept, locked })
}

/** Gives every input the workflow's own value back. */
export const resetValues = (id: string): void => keep(id, { ...nothingKept, service: keptOf(id).service })

export const chooseService = (id: string, service: string): void => keep(id, { ...keptOf(id), service })

/** Fills in what a workflow was run with, seeds as they were. */
export const fillIn = ({ workflow = '', values = {} }: GenerationParams, service: string): void =>
  keep(workflow, keptFrom(values, service))

/** The workflow that was looked at last. */
export const lastWorkflow = (): string | null => localStorage.getItem(lastKey)

export const rememberWorkflow = (id: string): void => localStorage.setItem(lastKey, id)
