import * as z from 'zod'
import { gives, procedure, ReasonSchema, RecordId, Slug, Timestamp } from './base'
import { StackId } from './stacks'

/** One part of a stack before and after: `now` or `new` is null where it is not told. */
export const UpdatePart = z.object({
  id: z.enum(['stack', 'program', 'python', 'pytorch', 'cuda', 'login', 'other']),
  /** Its own name, e.g. `ComfyUI`, `PyTorch`, or the name of a build argument. */
  name: z.string(),
  now: z.string().nullable(),
  new: z.string().nullable(),
})
export type UpdatePart = z.infer<typeof UpdatePart>

/** A file of the stack, and what an update would do with it. */
export const UpdateFile = z.object({
  /** Below the stack's folder, with `/`. */
  path: z.string(),
  /** `same`: it is already as the new version has it. `removed`: the new version has none; it stays where it is. */
  change: z.enum(['added', 'replaced', 'same', 'removed']),
  /** The person changed it: whether it is kept or replaced must be said in the order. */
  isChanged: z.boolean(),
  /** From the file that is there to the new version's, as a unified diff without secrets; null where it is long or not asked for. */
  diff: z.string().nullable(),
})
export type UpdateFile = z.infer<typeof UpdateFile>

/** What an update would do. Nothing is changed and nothing is fetched by asking. */
export const UpdateOffer = z.object({
  serviceId: z.string(),
  /** `refused`: `reasons` tell why. */
  state: z.enum(['available', 'up-to-date', 'refused']),
  stackId: StackId.nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  parts: z.array(UpdatePart),
  files: z.array(UpdateFile),
  /** Keys that are added to `.env`; values that stand there stay. */
  envKeys: z.array(z.string()),
  /** Disk that the build takes, and what is free where Docker keeps images; null where that is not known. */
  space: z.object({
    neededGiB: z.number().nullable(),
    freeGiB: z.number().nullable(),
    fits: z.boolean().nullable(),
    where: z.string(),
  }),
  /** How long the last update of this stack took here, up to the switch, in ms; null before the first. */
  expectedMs: z.number().nullable(),
  /**
   * Whether the card holds the old and the new version at once; null where that is not known. Where it does not, the
   * order must say that the old one may stand still while the new one is tried.
   */
  gpu: z.object({
    uuid: z.string().nullable(),
    freeMiB: z.number().nullable(),
    neededMiB: z.number().nullable(),
    holdsBoth: z.boolean().nullable(),
  }),
  /** For the person's own browser: Regie does not ask for it. */
  releaseNotes: z.string().nullable(),
  /** What is in the way now. */
  reasons: z.array(ReasonSchema),
  /** The last undo that was measured on this service. */
  lastUndo: z.object({ at: Timestamp, tookMs: z.number() }).nullable(),
})
export type UpdateOffer = z.infer<typeof UpdateOffer>

export const UpdateStep = z.object({
  id: z.enum(['snapshot', 'build', 'start', 'verify', 'switch', 'keep', 'roll-back']),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  startedAt: Timestamp.nullable(),
  tookMs: z.number().nullable(),
  /** Evidence; `line` and `params` are for translation, `text` is English. */
  lines: z.array(
    z.object({
      line: z.string(),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
      text: z.string(),
    }),
  ),
  /** What goes on at the moment, in the words of the program that does it; null when that is over. */
  doing: z.string().nullable(),
  /** Of a step that failed: the last lines of its log, without secrets. */
  log: z.array(z.string()),
})
export type UpdateStep = z.infer<typeof UpdateStep>

/** One thing that the new version is asked before it takes the place of the old one. */
export const UpdateCheck = z.object({
  /**
   * `cold-start` (ms until it answered), `nodes` (classes of custom nodes), `step-time` (ms a sampling step),
   * `similarity` (0 to 1, structural similarity of the two pictures), `time` (ms for the picture).
   */
  id: z.enum(['authenticated', 'cold-start', 'nodes', 'picture', 'step-time', 'similarity', 'time']),
  /** `warning`: it differs, and does not stop the update. `skipped`: it could not be asked; `reason` says why. */
  state: z.enum(['waiting', 'running', 'passed', 'warning', 'failed', 'skipped']),
  /** As measured on the new version and on the old one; null where it was not. */
  value: z.number().nullable(),
  golden: z.number().nullable(),
  /** The bound from which on it is a warning. */
  limit: z.number().nullable(),
  reason: ReasonSchema.optional(),
})
export type UpdateCheck = z.infer<typeof UpdateCheck>

/** The same prompt and seed on one version. */
export const UpdatePicture = z.object({
  version: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  /** Null where the service answered from its cache: that says nothing of its speed. */
  tookMs: z.number().nullable(),
})
export type UpdatePicture = z.infer<typeof UpdatePicture>

/** A stack's way from one version to another, and back. */
export const Update = z.object({
  id: RecordId,
  serviceId: z.string(),
  stackId: StackId,
  from: z.string(),
  to: z.string(),
  /**
   * `switched`: the new version answers and the old one can be brought back. `kept`: for good. `rolled-back`: the old
   * version answers again. `failed`: it could not be brought back by itself, and a person must look; a roll-back can be
   * asked for again.
   */
  state: z.enum(['running', 'rolling-back', 'switched', 'kept', 'rolled-back', 'failed']),
  startedBy: z.string(),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  /** Which version answers on the service's own port; null while neither does, or where it is not known. */
  answering: z.enum(['old', 'new']).nullable(),
  /** The port on this machine at which the new version is tried, while it is. */
  besidePort: z.number().int().nullable(),
  steps: z.array(UpdateStep),
  parts: z.array(UpdatePart),
  checks: z.array(UpdateCheck),
  pictures: z.object({ old: UpdatePicture.nullable(), new: UpdatePicture.nullable() }),
  /** How far the picture that is being made has got, 0 to 1; null while none is. */
  sampling: z
    .object({ of: z.enum(['old', 'new']), step: z.number().nullable(), steps: z.number().nullable() })
    .nullable(),
  /** How long nothing answered on the service's port while it was switched. */
  withoutAnswerMs: z.number().nullable(),
  /** Until when the way back is kept at least; after it its removal is offered, and never done by itself. */
  keptUntil: Timestamp.nullable(),
  /** What the old image takes; null where that is not known. */
  keptBytes: z.number().nullable(),
  /** The last undo that was measured on this service. */
  lastUndo: z.object({ at: Timestamp, tookMs: z.number() }).nullable(),
  /** Why it was rolled back, and at which step. An undo that somebody asked for has none. */
  reason: ReasonSchema.optional(),
  failedStep: UpdateStep.shape.id.optional(),
  /** Of one that has `failed`: what kept the old version from coming back. */
  notBack: ReasonSchema.optional(),
})
export type Update = z.infer<typeof Update>

export const UpdateOrder = z.object({
  /** The version of the offer: another one is refused. */
  to: z.string().min(1).max(64),
  /** For each file that the person changed. */
  files: z.record(z.string().min(1).max(512), z.enum(['keep', 'replace'])).default({}),
  /** The old version may stand still while the new one is tried, where the card does not hold both. */
  mayStopOld: z.boolean().default(false),
})
export type UpdateOrder = z.infer<typeof UpdateOrder>

const tags = ['updates']
const one = z.object({ id: RecordId })
const ofService = z.object({ id: Slug })

export const updates = {
  offer: procedure('admin', { errors: ['CONFLICT', ...gives.store] })
    .route({
      method: 'GET',
      path: '/services/{id}/update',
      tags,
      summary: 'What an update of the service’s stack would do; changes and fetches nothing',
    })
    .input(ofService)
    .output(UpdateOffer),
  begin: procedure('admin', {
    reauth: true,
    errors: ['NOT_FOUND', ...gives.runtime],
    example: { to: '0.5.0', files: {}, mayStopOld: false },
  })
    .route({
      method: 'POST',
      path: '/services/{id}/update',
      tags,
      summary: 'Build the new version beside the old one, try it, and switch; rolls back by itself where it fails',
    })
    .input(ofService.extend(UpdateOrder.shape))
    .output(Update),
  list: procedure('admin')
    .route({ method: 'GET', path: '/updates', tags, summary: 'Updates of stacks, the newest first' })
    .output(z.array(Update)),
  get: procedure('admin')
    .route({ method: 'GET', path: '/updates/{id}', tags, summary: 'How far an update has got' })
    .input(one)
    .output(Update),
  rollBack: procedure('admin', { errors: gives.runtime })
    .route({
      method: 'POST',
      path: '/updates/{id}/roll-back',
      tags,
      summary: 'Cancel an update that goes on, or undo one that has switched; answers when the old version answers',
    })
    .input(one)
    .output(Update),
  keep: procedure('admin', { errors: gives.runtime })
    .route({
      method: 'POST',
      path: '/updates/{id}/keep',
      tags,
      summary: 'Keep the new version for good: the old image and the snapshot are removed',
    })
    .input(one)
    .output(Update),
  picture: procedure('admin')
    .route({ method: 'GET', path: '/updates/{id}/pictures/{of}', tags, summary: 'The test image of one version' })
    .input(one.extend({ of: z.enum(['old', 'new']) }))
    .output(z.file().mime(['image/png', 'image/jpeg', 'image/webp'])),
}
