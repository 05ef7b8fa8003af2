import * as z from 'zod'
import { ServiceParams, Size, type Generation, type GenerationParams } from '../../../shared/contract'
import { drawSeed } from '../gallery/seed'
import { ratioOf } from './ratios'

export const StudioForm = z.object({
  prompt: z.string(),
  negativePrompt: z.string(),
  /** Ids of the services to run on; one that is not ready is passed over, not forgotten. Null: all that are ready. */
  services: z.array(z.string()).nullable(),
  size: Size,
  isCustomSize: z.boolean(),
  images: z.number().int().min(1).max(8),
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  keepSeed: z.boolean(),
  perService: z.record(z.string(), ServiceParams),
})
export type StudioForm = z.infer<typeof StudioForm>

export const emptyForm = (): StudioForm => ({
  prompt: '',
  negativePrompt: '',
  services: null,
  size: 'own',
  isCustomSize: false,
  images: 1,
  seed: drawSeed(),
  keepSeed: false,
  perService: {},
})

/** The form as it was kept, or an empty one where that cannot be read. */
export function readForm(text: string | null): StudioForm {
  try {
    const read = StudioForm.safeParse(JSON.parse(text ?? ''))
    return read.success ? read.data : emptyForm()
  } catch {
    return emptyForm()
  }
}

/** The nearest size that the contract takes: a multiple of 8 from 64 to 2048. */
export const fitSide = (value: number): number => Math.min(2048, Math.max(64, Math.round(value / 8) * 8))

/** What is asked of one service. */
export function paramsFor(form: StudioForm, serviceId: string): GenerationParams {
  const negativePrompt = form.negativePrompt.trim()
  return {
    prompt: form.prompt.trim(),
    ...(negativePrompt ? { negativePrompt } : {}),
    ...(form.size === 'own' ? {} : form.size),
    seed: form.seed,
    batch: form.images,
    ...form.perService[serviceId],
  }
}

/** Which of the ready services the form runs on, in the order in which they are given. */
export const servicesToRun = (form: StudioForm, ready: readonly string[]): string[] =>
  ready.filter((id) => form.services?.includes(id) ?? true)

/** The form with one service added or taken away; `all` are the services that can be chosen. */
export function toggleService(form: StudioForm, id: string, all: readonly string[]): StudioForm {
  const chosen = form.services ?? all
  return { ...form, services: chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id] }
}

/** The form with one parameter of one service set; undefined gives the service's default back. */
export function setServiceParam<K extends keyof ServiceParams>(
  form: StudioForm,
  serviceId: string,
  [name, value]: [K, ServiceParams[K] | undefined],
): StudioForm {
  const rest = Object.entries({ ...form.perService[serviceId], [name]: value }).filter(([, one]) => one !== undefined)
  return { ...form, perService: { ...form.perService, [serviceId]: Object.fromEntries(rest) } }
}

/** The form that makes the same picture again on the same service. */
export function formFrom(
  { serviceId, params }: Pick<Generation, 'serviceId' | 'params'>,
  before: StudioForm,
): StudioForm {
  const { prompt, negativePrompt = '', seed, width, height, batch = 1, ...rest } = params
  const size: Size = width !== undefined && height !== undefined ? { width, height } : 'own'
  return {
    prompt,
    negativePrompt,
    services: [serviceId],
    size,
    isCustomSize: size !== 'own' && ratioOf(size) === null,
    images: batch,
    seed: seed ?? before.seed,
    keepSeed: seed !== undefined,
    perService: { ...before.perService, [serviceId]: ServiceParams.parse(rest) },
  }
}
