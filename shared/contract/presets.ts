import * as z from 'zod'
import { gives, NewName, procedure, RecordId, Slug, Timestamp } from './base'
import { GenerationParams, maxPromptLength } from './generations'

const side = z.number().int().min(64).max(2048).multipleOf(8)

/** What may differ between services. What is left out takes the service's own default. */
export const ServiceParams = GenerationParams.pick({
  steps: true,
  cfg: true,
  sampler: true,
  scheduler: true,
  checkpoint: true,
  workflow: true,
  loras: true,
}).partial()
export type ServiceParams = z.infer<typeof ServiceParams>

/** `own`: each service's default size. */
export const Size = z.union([z.literal('own'), z.object({ width: side, height: side })])
export type Size = z.infer<typeof Size>

/** How the Studio edits an image. The images themselves are not kept: they go where nothing names them. */
export const EditContent = z.object({
  /** The service and the family on it; null: what fits best. */
  serviceId: Slug.nullable(),
  family: z.string().max(512).nullable(),
  /** Of a family that can do both: by an instruction, or by changing the image as far as the strength says. */
  method: z.enum(['instruction', 'strength']),
  /** Null: the family's own. */
  strength: z.number().min(0).max(1).nullable(),
  /** `own`: the source's. */
  size: Size,
  params: ServiceParams.omit({ workflow: true }),
})
export type EditContent = z.infer<typeof EditContent>

/** So many services a preset names at most. */
const mostServices = 100

/** Everything that the Studio's form asks for. */
export const PresetContent = z.object({
  prompt: z.string().max(maxPromptLength),
  negativePrompt: z.string().max(maxPromptLength),
  /** Null: all that are ready. */
  services: z.array(Slug).max(mostServices).nullable(),
  size: Size,
  images: z.number().int().min(1).max(8),
  /** Null: drawn anew for each run. */
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable(),
  perService: z
    .record(Slug, ServiceParams)
    .refine((all) => Object.keys(all).length <= mostServices, 'too many services'),
  /** Of the mode that edits; absent of presets that were made before there was one. */
  edit: EditContent.optional(),
})
export type PresetContent = z.infer<typeof PresetContent>

export const PresetName = NewName(80)

/** A form that somebody keeps under a name. */
export const Preset = z.object({ id: z.string(), name: z.string(), content: PresetContent, changedAt: Timestamp })
export type Preset = z.infer<typeof Preset>

/** A prompt that somebody used, once, with what it made last. */
export const UsedPrompt = z.object({
  prompt: z.string(),
  negativePrompt: z.string(),
  generationId: z.string(),
  serviceId: z.string(),
  model: z.string().nullable(),
  /** Null where nothing came of it. */
  imageId: z.string().nullable(),
  totalMs: z.number().nullable(),
  at: Timestamp,
  favourite: z.boolean(),
})
export type UsedPrompt = z.infer<typeof UsedPrompt>

const tags = ['presets']
const one = z.object({ id: RecordId })
const example = {
  name: 'Calendar',
  content: {
    ...{ prompt: 'a lighthouse at dusk', negativePrompt: '', services: null, size: { width: 1024, height: 1024 } },
    ...{ images: 1, seed: null, perService: {} },
  },
}

/** Each account has its own. */
export const presets = {
  list: procedure('user')
    .route({ method: 'GET', path: '/presets', tags, summary: 'My presets, by name' })
    .output(z.array(Preset)),
  save: procedure('user', { errors: ['CONFLICT', ...gives.store], example })
    .route({ method: 'POST', path: '/presets', successStatus: 201, tags, summary: 'Keep a form under a name' })
    .input(z.object({ name: PresetName, content: PresetContent }))
    .output(Preset),
  change: procedure('user', { errors: ['CONFLICT', ...gives.store], example: { name: 'Calendar 2027' } })
    .route({ method: 'PATCH', path: '/presets/{id}', tags, summary: 'Rename a preset, or replace what it holds' })
    .input(one.extend({ name: PresetName.optional(), content: PresetContent.optional() }))
    .output(Preset),
  remove: procedure('user', { errors: gives.store })
    .route({ method: 'DELETE', path: '/presets/{id}', tags, summary: 'Delete a preset' })
    .input(one)
    .output(Preset),
  history: procedure('user')
    .route({ method: 'GET', path: '/prompts', tags, summary: 'Prompts that I used, the last one first' })
    .input(z.object({ limit: z.number().int().min(1).max(200).default(50) }))
    .output(z.array(UsedPrompt)),
}
