import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { firstKind } from '../kinds'
import { mediaMimes, type MediaMime } from '../media'
import { AccountId } from './accounts'
import { gives, procedure, ReasonSchema, RecordId, Slug, Timestamp } from './base'
import { Task } from './families'
import { InputId, mostInputImages } from './inputs'
import { InputValue } from './workflows'
import { ServiceKind } from './service-config'

/** Longest prompt that is taken, in UTF-16 units. */
export const maxPromptLength = 32_768

const side = z.number().int().min(64).max(2048).multipleOf(8)
const name = z.string().min(1).max(512)

/** So many LoRAs are added to one model at most. */
export const mostLoras = 8

/** So many inputs of an imported workflow are set at most. */
const mostValues = 1000

/** A file that is added to a model, and with which weight. */
const Lora = z.object({ name, weight: z.number().min(-10).max(10) })
export type Lora = z.infer<typeof Lora>

/** What a person asks for; what is left out takes the service's default, and a missing seed is drawn. */
export const GenerationParams = z.object({
  prompt: z.string().min(1).max(maxPromptLength),
  negativePrompt: z.string().max(maxPromptLength).optional(),
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  steps: z.number().int().min(1).max(150).optional(),
  cfg: z.number().min(0).max(30).optional(),
  width: side.optional(),
  height: side.optional(),
  checkpoint: name.optional(),
  sampler: name.optional(),
  scheduler: name.optional(),
  batch: z.number().int().min(1).max(8).optional(),
  /** Id of a family of models, of a built-in workflow, or of one that was imported. */
  workflow: name.optional(),
  /** Left out: `text`. */
  task: Task.optional(),
  /** The source, and for an edit what else it refers to. */
  images: z.array(InputId).min(1).max(mostInputImages).optional(),
  /** What is white in it may change; of the size of the source. Of `inpaint`. */
  mask: InputId.optional(),
  /** How far the picture may change, from 0 to 1. Of `image` and `inpaint`. */
  strength: z.number().min(0).max(1).optional(),
  loras: z.array(Lora).max(mostLoras).optional(),
  /** Of an imported workflow: which version (left out: the newest), and the inputs that differ from it, by their ids. */
  workflowVersion: z.number().int().positive().optional(),
  values: z
    .record(z.string().max(300), InputValue)
    .refine((values) => Object.keys(values).length <= mostValues, 'too many values')
    .optional(),
})
export type GenerationParams = z.infer<typeof GenerationParams>

const GenerationState = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled'])

export const Progress = z.object({
  phase: z.enum(['queued', 'loading', 'sampling', 'decoding', 'saving', 'done']),
  /** 0 to 1; null while it is not known. */
  fraction: z.number().min(0).max(1).nullable(),
  step: z.number().int().nullable(),
  steps: z.number().int().nullable(),
  /** Jobs before this one on the same service; null once it runs. */
  queuePosition: z.number().int().nullable(),
  /** What it waits for beside other jobs of its service: its card. Absent where it waits for nothing else. */
  waitsFor: ReasonSchema.optional(),
})
export type Progress = z.infer<typeof Progress>

/** Milliseconds spent in each phase; null while it is not over, and for what there was none of. */
export const Timings = z.object({
  queueMs: z.number().nullable(),
  loadMs: z.number().nullable(),
  sampleMs: z.number().nullable(),
  decodeMs: z.number().nullable(),
  /** By the clock, from the order to the result: the sum of the phases. */
  totalMs: z.number().nullable(),
})
export type Timings = z.infer<typeof Timings>

/** One file that was made: an image or a video. */
export const GeneratedImage = z.object({
  id: z.string(),
  /** In pixels, as it is shown; null where the file does not tell. */
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  bytes: z.number().int(),
  mime: z.string(),
})
export type GeneratedImage = z.infer<typeof GeneratedImage>

/** Files that were made and not taken, because a bound was reached. What was taken before stays. */
export const LeftFiles = z.object({
  count: z.number().int().positive(),
  /** `files`: enough of them; `bytes`: too many bytes; `disk`: too little would have stayed free. */
  why: z.enum(['files', 'bytes', 'disk']),
  /** The folder in which the service keeps them, as the service names it; null where it keeps none. */
  place: z.string().nullable(),
})
export type LeftFiles = z.infer<typeof LeftFiles>

/** A word that a person gave some images, to find them by. Capitals tell no two of them apart. */
export const Tag = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .regex(/^[^\p{Cc}\p{Cf},]+$/u, 'no control characters and no commas')
  .meta({ examples: ['calendar 2027'] })
/** So many tags one generation has at most. */
export const mostTags = 50

export const Generation = z.object({
  id: z.string(),
  /** The account that asked for it. */
  by: AccountId,
  serviceId: z.string(),
  kind: ServiceKind,
  /** Made by Regie's simulator, and labelled so wherever it appears. */
  simulated: z.boolean(),
  state: GenerationState,
  /** As sent to the backend: defaults filled in, seed drawn. */
  params: GenerationParams,
  /** What the imported workflow that it ran was called then; absent where it ran none. */
  workflowName: z.string().optional(),
  progress: Progress,
  images: z.array(GeneratedImage),
  /** Absent where everything that was made was taken. */
  left: LeftFiles.optional(),
  timings: Timings,
  /** The backend answered from its cache; nothing was computed. */
  cached: z.boolean(),
  /** What the backend changed or dropped silently, e.g. an unknown sampler. */
  warnings: z.array(ReasonSchema),
  /** In the service's own words (`detail`), with Regie's hint. */
  error: ReasonSchema.extend({ detail: z.string().optional() }).optional(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  finishedAt: Timestamp.nullable(),
  /** Absent where there are none. */
  tags: z.array(z.string()).optional(),
  /** Whether the caller marked it as a favourite; absent where not, and in events, which go to everybody. */
  favourite: z.boolean().optional(),
})
export type Generation = z.infer<typeof Generation>

/** `update` carries the whole record, also as the first event; `preview` a picture while sampling. */
export const GenerationEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('update'), generation: Generation }),
  z.object({
    type: z.literal('preview'),
    mime: z.enum(['image/jpeg', 'image/png', 'image/webp']),
    base64: z.string(),
    step: z.number().int().nullable(),
  }),
])
export type GenerationEvent = z.infer<typeof GenerationEvent>

export const GenerationPage = z.object({ items: z.array(Generation), nextCursor: z.string().nullable() })
export type GenerationPage = z.infer<typeof GenerationPage>

/** What a list of generations is about; what is left out does not matter. */
export const GalleryFilter = z.object({
  search: z.string().max(500).optional(),
  serviceId: Slug.optional(),
  state: GenerationState.optional(),
  /** `images`: without what failed or was cancelled and left none; `ended`: these alone. */
  show: z.enum(['all', 'images', 'ended']).optional(),
  /** The caller's favourites alone. */
  favourite: z.boolean().optional(),
  tag: Tag.optional(),
  /** The checkpoint, as the service names it. */
  model: name.optional(),
  /** Of one person alone, by the account; a user finds others' only where the gallery is shared. */
  by: AccountId.optional(),
  /** Created at or after. */
  from: Timestamp.optional(),
  /** Created before. */
  to: Timestamp.optional(),
})
export type GalleryFilter = z.infer<typeof GalleryFilter>

export const GalleryOrder = z.enum(['newest', 'oldest', 'largest', 'longest'])
/** `largest`: most bytes first; `longest`: what took most time first. */
export type GalleryOrder = z.infer<typeof GalleryOrder>

const tags = ['generations']
const one = z.object({ id: RecordId })
const imageAs = (types: MediaMime[]) =>
  z.object({
    headers: z.object({ 'cache-control': z.string(), etag: z.string(), 'accept-ranges': z.literal('bytes') }),
    body: z.file().mime(types),
  })

export const generations = {
  create: procedure('user', {
    errors: ['NOT_FOUND', ...gives.service],
    example: { serviceId: firstKind, params: { prompt: 'a lighthouse at dusk', steps: 20 } },
  })
    .route({
      method: 'POST',
      path: '/generations',
      successStatus: 201,
      tags,
      summary: 'Queue a generation on one service',
    })
    .input(z.object({ serviceId: Slug, params: GenerationParams }))
    .output(Generation),
  list: procedure('shared')
    .route({ method: 'GET', path: '/generations', tags, summary: 'Page through the gallery' })
    .input(
      GalleryFilter.extend({
        limit: z.number().int().min(1).max(200).default(50),
        /** Of the same filter and order. */
        cursor: z.string().max(200).optional(),
        order: GalleryOrder.default('newest'),
      }),
    )
    .output(GenerationPage),
  latest: procedure('shared')
    .route({
      method: 'GET',
      path: '/latest-generations',
      tags,
      summary: 'The last successful generation of each service that has one',
    })
    .output(z.array(Generation)),
  get: procedure('shared')
    .route({ method: 'GET', path: '/generations/{id}', tags, summary: 'Get one generation' })
    .input(one)
    .output(Generation),
  cancel: procedure('own', { errors: gives.store })
    .route({ method: 'POST', path: '/generations/{id}/cancel', tags, summary: 'Cancel, queued or running' })
    .input(one)
    .output(Generation),
  remove: procedure('own', { errors: ['CONFLICT', ...gives.store] })
    .route({
      method: 'DELETE',
      path: '/generations/{id}',
      tags,
      summary: 'Move to the bin, which keeps it for 30 days',
    })
    .input(one)
    .output(z.object({ id: z.string() })),
  restore: procedure('own', { errors: gives.store })
    .route({ method: 'POST', path: '/generations/{id}/restore', tags, summary: 'Put back out of the bin' })
    .input(one)
    .output(Generation),
  watch: procedure('shared', { stream: 'state' })
    .route({
      method: 'GET',
      path: '/generations/{id}/stream',
      tags,
      summary: 'Follow progress and previews until it ends',
    })
    .input(one)
    .output(eventIterator(GenerationEvent)),
}

export const images = {
  get: procedure('shared')
    .route({
      method: 'GET',
      path: '/images/{id}',
      tags: ['images'],
      summary: 'The image or video as the backend made it',
      outputStructure: 'detailed',
    })
    .input(one)
    .output(imageAs(mediaMimes)),
  thumbnail: procedure('shared')
    .route({
      method: 'GET',
      path: '/images/{id}/thumbnail',
      tags: ['images'],
      summary: 'A WebP of at most 384 px',
      outputStructure: 'detailed',
    })
    .input(one)
    .output(imageAs(['image/webp'])),
  metadata: procedure('shared')
    .route({
      method: 'GET',
      path: '/images/{id}/metadata',
      tags: ['images'],
      summary: 'Text chunks that the backend wrote into it',
    })
    .input(one)
    .output(z.record(z.string(), z.string())),
}
