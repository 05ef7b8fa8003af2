import * as z from 'zod'
import {
  EditContent,
  mostInputImages,
  ServiceParams,
  Size,
  type Generation,
  type GenerationParams,
} from '../../../shared/contract'
import { isEdit } from '../gallery/handover'
import { drawSeed } from '../gallery/seed'

/** What the mode that edits asks for beside prompt, seed and count. */
export const EditForm = EditContent.extend({
  /** Ids of the source, and of what else the prompt refers to. */
  pictures: z.array(z.string()).max(mostInputImages),
  /** The mask that was sent last with this source, so that it is there again after the window was closed. */
  mask: z.string().nullable(),
})
export type EditForm = z.infer<typeof EditForm>

export const emptyEdit = (): EditForm => ({
  ...{ serviceId: null, family: null, method: 'instruction', strength: null, size: 'own', params: {} },
  ...{ pictures: [], mask: null },
})

export const StudioForm = z.object({
  prompt: z.string(),
  negativePrompt: z.string(),
  /** Ids of the services to run on; one that is not ready is passed over, not forgotten. Null: all that are ready. */
  services: z.array(z.string()).nullable(),
  size: Size,
  /** Whether any size is to be typed. One that is none of those that are offered is shown as typed all the same. */
  isCustomSize: z.boolean(),
  images: z.number().int().min(1).max(8),
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  keepSeed: z.boolean(),
  perService: z.record(z.string(), ServiceParams),
  edit: EditForm.default(emptyEdit),
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
  edit: emptyEdit(),
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

/** What is asked of one service; without a negative prompt where that changes nothing. */
export function paramsFor(form: StudioForm, serviceId: string, isNegativeIgnored = false): GenerationParams {
  const negativePrompt = isNegativeIgnored ? '' : form.negativePrompt.trim()
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
  const both = {
    ...{ prompt, negativePrompt, images: batch },
    ...{ seed: seed ?? before.seed, keepSeed: seed !== undefined },
  }
  if (isEdit(params)) return { ...before, ...both, edit: editFrom(serviceId, params, size) }
  return {
    ...before,
    ...both,
    services: [serviceId],
    size,
    isCustomSize: false,
    perService: { ...before.perService, [serviceId]: ServiceParams.parse(rest) },
  }
}

function editFrom(serviceId: string, { workflow, ...params }: GenerationParams, size: Size): EditForm {
  const { task, strength, images = [], mask } = params
  return {
    serviceId,
    // A service without workflows tells its family by the model alone.
    family: workflow ?? null,
    method: task === 'edit' ? 'instruction' : 'strength',
    strength: strength ?? null,
    size,
    params: EditContent.shape.params.parse(params),
    pictures: images,
    mask: mask ?? null,
  }
}
