import * as z from 'zod'
import { GenerationParams, InputId, type Generation } from '../../../shared/contract'
import { editHref, hrefOf, workflowHref } from '../../ui/route'

const key = 'regie.studio.handover'
const Parameters = z.object({ id: z.string(), serviceId: z.string(), params: GenerationParams })
/** A picture that was given to generate from. */
const Source = z.object({ source: InputId })
const Handover = z.union([Parameters, Source])
export type Handover = z.infer<typeof Handover>

/** Leaves a picture and its parameters for the Studio, which takes them when it opens. */
export function handOver(
  { id, serviceId, params }: Pick<Generation, 'id' | 'serviceId' | 'params'>,
  store: Storage,
): void {
  store.setItem(key, JSON.stringify({ id, serviceId, params } satisfies Handover))
}

/** Leaves a picture for the Studio to edit; `source`: its id among those that were given to generate from. */
export function handOverSource(source: string, store: Storage): void {
  store.setItem(key, JSON.stringify({ source } satisfies Handover))
}

/** Whether a generation began with a picture: it is made again in the mode that edits. */
export const isEdit = ({ task = 'text' }: Pick<GenerationParams, 'task'>): boolean => task !== 'text'

/** Whether an imported workflow made it: it is made again in the mode that runs workflows. */
export const isOfWorkflow = ({ workflowVersion }: Pick<GenerationParams, 'workflowVersion'>): boolean =>
  workflowVersion !== undefined

/** The address of the mode that made it. */
function modeHref(params: GenerationParams): string {
  if (isOfWorkflow(params)) return workflowHref(params.workflow)
  return isEdit(params) ? editHref : hrefOf('studio')
}

/** Opens the Studio with a picture's parameters, in the mode that made it. */
export function openInStudio(generation: Pick<Generation, 'id' | 'serviceId' | 'params'>): void {
  handOver(generation, sessionStorage)
  location.hash = modeHref(generation.params)
}

/** What was left for the Studio, once. */
export function takeOver(store: Storage): Handover | null {
  const text = store.getItem(key)
  if (text === null) return null
  store.removeItem(key)
  try {
    const read = Handover.safeParse(JSON.parse(text))
    return read.success ? read.data : null
  } catch {
    return null
  }
}
