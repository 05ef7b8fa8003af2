import * as z from 'zod'
import { GenerationParams, type Generation } from '../../../shared/contract'

const key = 'regie.studio.handover'
const Handover = z.object({ id: z.string(), serviceId: z.string(), params: GenerationParams })
export type Handover = z.infer<typeof Handover>

/** Leaves a picture and its parameters for the Studio, which takes them when it opens. */
export function handOver(
  { id, serviceId, params }: Pick<Generation, 'id' | 'serviceId' | 'params'>,
  store: Storage,
): void {
  store.setItem(key, JSON.stringify({ id, serviceId, params } satisfies Handover))
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
