import * as z from 'zod'
import { AccountId } from './accounts'
import { gives, procedure, ReasonSchema, RecordId, Slug, Timestamp } from './base'
import { GenerationParams } from './generations'

/** What the picture is made from; what is left out is the service's own default, by its kind and family. */
export const GoldenParams = GenerationParams.pick({
  ...{ prompt: true, workflow: true, checkpoint: true, width: true, height: true, steps: true },
}).extend({ prompt: GenerationParams.shape.prompt.optional(), seed: GenerationParams.shape.seed })
export type GoldenParams = z.infer<typeof GoldenParams>

export const GoldenSettings = z.object({
  /** When one is made by itself: only where nobody works with the service, and never of one that sleeps. */
  afterStart: z.boolean(),
  afterUpdate: z.boolean(),
  daily: z.boolean(),
  params: GoldenParams,
})
export type GoldenSettings = z.infer<typeof GoldenSettings>

/** One thing that is looked at. */
export const GoldenFinding = z.object({
  /**
   * `authenticated`: it refuses without and accepts with the credential. `picture`: neither black nor flat, of the size
   * that was asked for (value: bits of entropy). `sampled`: not out of a cache (value: steps that were sampled; limit:
   * those asked for). `similarity`: to the golden picture, 0 to 1. `time`: slower by so many per cent than usual.
   */
  id: z.enum(['authenticated', 'picture', 'sampled', 'similarity', 'time']),
  /** `skipped`: there was nothing to hold it against, or it could not be asked. */
  state: z.enum(['passed', 'warning', 'failed', 'skipped']),
  value: z.number().nullable(),
  limit: z.number().nullable(),
  reason: ReasonSchema.optional(),
})
export type GoldenFinding = z.infer<typeof GoldenFinding>

/** Under what it was made: only checks of the same are held against each other. */
const GoldenConditions = z.object({
  model: z.string().nullable(),
  /** Of the program, as it tells itself. */
  version: z.string().nullable(),
  /** The card's uuid. */
  gpu: z.string().nullable(),
})

/**
 * What ran when it was made, as far as that can be seen: where another one runs now, the check says nothing of it. Null is
 * not known, and held against nothing.
 */
export const GoldenRan = z.object({
  /** The container's id, its image, and when it was started. */
  container: z.string().nullable(),
  image: z.string().nullable(),
  startedAt: Timestamp.nullable(),
  pid: z.number().int().nullable(),
  /** Of the program, as it tells itself. */
  version: z.string().nullable(),
  /** The model that it takes where none is asked for; null of a check that asked for one. */
  model: z.string().nullable(),
})
export type GoldenRan = z.infer<typeof GoldenRan>

/** The same prompt and seed on a service, measured. */
export const GoldenCheck = z.object({
  id: RecordId,
  serviceId: z.string(),
  trigger: z.enum(['asked', 'start', 'update', 'daily']),
  /** Who asked for it; null where Regie did by itself. */
  by: AccountId.nullable(),
  /**
   * `warning`: the image differs from the golden one. `failed`: no image, or one that verifies nothing. `skipped`: it could
   * not be made now, which says nothing of the service. That it is slow is told by `slowerPct`.
   */
  state: z.enum(['waiting', 'running', 'passed', 'warning', 'failed', 'skipped', 'cancelled']),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  /** What is done now; null when nothing is. */
  progress: z
    .object({ phase: z.enum(['waiting', 'cold', 'warm']), step: z.number().nullable(), steps: z.number().nullable() })
    .nullable(),
  /** As the service was asked; null before that is known. */
  made: z
    .object({
      prompt: z.string(),
      seed: z.number(),
      width: z.number().int(),
      height: z.number().int(),
      steps: z.number().int(),
      family: z.string().nullable(),
    })
    .nullable(),
  conditions: GoldenConditions,
  /** Absent of checks of former versions of Regie, and of those that came to nothing. */
  ran: GoldenRan.optional(),
  /** From the order to the image, its models unloaded before; null where they cannot be. */
  coldMs: z.number().nullable(),
  /** The same once more, with another seed. */
  warmMs: z.number().nullable(),
  stepMs: z.number().nullable(),
  /** The most that the service held of its card, and what that has, in MiB; null where that is not to be seen. */
  vramMiB: z.number().nullable(),
  vramTotalMiB: z.number().nullable(),
  /** How much longer the warm image took than the median of the checks before it under the same conditions. */
  slowerPct: z.number().nullable(),
  findings: z.array(GoldenFinding),
  /** Whether its image is still there. */
  hasPicture: z.boolean(),
  /** Why it failed, was skipped or cancelled. */
  reason: ReasonSchema.optional(),
})
export type GoldenCheck = z.infer<typeof GoldenCheck>

/** All that is known of one service's golden check. */
export const Golden = z.object({
  serviceId: z.string(),
  settings: GoldenSettings,
  /** The check whose image the others are held against. */
  golden: GoldenCheck.nullable(),
  running: GoldenCheck.nullable(),
  /** Those of the last days, the newest first. */
  checks: z.array(GoldenCheck),
  /** From so many per cent on it counts as slower: the limit of the alert rule. */
  slowerLimitPct: z.number(),
  /** Why one that is due by itself has not begun; absent where none is due. */
  waits: ReasonSchema.optional(),
})
export type Golden = z.infer<typeof Golden>

const tags = ['golden']
const one = z.object({ id: Slug })

export const golden = {
  get: procedure('admin')
    .route({
      method: 'GET',
      path: '/services/{id}/golden',
      tags,
      summary: 'The golden check of a service: its image, its settings and the last days',
    })
    .input(one)
    .output(Golden),
  change: procedure('admin', { errors: ['UNPROCESSABLE_CONTENT', ...gives.store], example: { afterStart: true } })
    .route({
      method: 'PATCH',
      path: '/services/{id}/golden',
      tags,
      summary: 'Change when it is run and what it generates',
    })
    .input(one.extend(GoldenSettings.partial().shape))
    .output(Golden),
  run: procedure('admin', { errors: ['CONFLICT', ...gives.service], example: { wait: false } })
    .route({
      method: 'POST',
      path: '/services/{id}/golden/checks',
      tags,
      summary:
        'Generate the same prompt and seed twice, cold and warm, in turn with the other jobs; compare and measure',
    })
    .input(one.extend({ wait: z.boolean().default(true) }))
    .output(GoldenCheck),
  cancel: procedure('admin', { errors: ['CONFLICT'] })
    .route({ method: 'POST', path: '/services/{id}/golden/cancel', tags, summary: 'Cancel the check that runs' })
    .input(one)
    .output(GoldenCheck),
  accept: procedure('admin', {
    errors: ['NOT_FOUND', 'CONFLICT', ...gives.store],
    example: { checkId: '0b6f6a0e-5e0c-4a53-9c0e-3f5d2a8f7c11' },
  })
    .route({
      method: 'PUT',
      path: '/services/{id}/golden/image',
      tags,
      summary: 'Compare with the image of this check from now on',
    })
    .input(one.extend({ checkId: RecordId }))
    .output(Golden),
  picture: procedure('admin', { errors: ['NOT_FOUND'] })
    .route({ method: 'GET', path: '/services/{id}/golden/images/{checkId}', tags, summary: 'The image of a check' })
    .input(one.extend({ checkId: RecordId }))
    .output(z.file().mime(['image/png'])),
}
