import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { gives, procedure, ReasonSchema, Slug, Timestamp } from './base'

/** How fast a running container reads a folder of models. */
export const ModelsReading = z.object({
  mbPerS: z.number().nonnegative(),
  bytes: z.number().int().nonnegative(),
  /** `passed`: read past the page cache. `maybe`: parts may have come from memory, so that the drive is slower still. */
  cache: z.enum(['passed', 'maybe']),
  at: Timestamp,
})
export type ModelsReading = z.infer<typeof ModelsReading>

/**
 * A copy of a folder of models into a volume. `interrupted`: the panel ended meanwhile; beginning again goes on where it
 * was. `copied`: whole and verified; the Compose files can name the volume.
 */
export const ModelsMove = z.object({
  serviceId: z.string(),
  target: z.string(),
  source: z.string(),
  volume: z.string(),
  state: z.enum(['copying', 'verifying', 'copied', 'interrupted', 'cancelled', 'failed']),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  startedBy: z.string(),
  files: z.number().int(),
  totalBytes: z.number().int(),
  copiedBytes: z.number().int(),
  verifiedBytes: z.number().int(),
  /** Of the present stage, over the last moments; null before anything is known. */
  bytesPerS: z.number().nullable(),
  /** The file that is being copied or verified, below the folder. */
  current: z.string().nullable(),
  reason: ReasonSchema.optional(),
  /** The models that the service listed before; null where it did not answer. */
  modelsBefore: z.array(z.string()).nullable(),
})
export type ModelsMove = z.infer<typeof ModelsMove>

/** A folder of models that a service's container has from a drive of Windows, or had before it was given the volume. */
export const ModelsFolder = z.object({
  /** In the container. */
  target: z.string(),
  /** As the engine names it: the originals. */
  source: z.string(),
  /** How fast it was read when that was last measured. */
  reading: ModelsReading.nullable(),
  copy: ModelsMove.nullable(),
  /** Whether the container that is there mounts the volume of the copy. */
  isSwitched: z.boolean(),
})
export type ModelsFolder = z.infer<typeof ModelsFolder>

/** The models that the service lists now, beside those before the copy. */
export const ModelsProof = z.object({
  at: Timestamp,
  /** How many it lists now; null `before`: it was not asked then. */
  now: z.number().int(),
  before: z.number().int().nullable(),
  missing: z.array(z.string()),
})
export type ModelsProof = z.infer<typeof ModelsProof>

const tags = ['services']
const one = z.object({ id: Slug })
const folder = one.extend({ target: z.string().min(1).max(1024) })
const example = { target: '/opt/ComfyUI/models' }

export const modelsDrive = {
  get: procedure('admin', { errors: gives.engine })
    .route({
      method: 'GET',
      path: '/services/{id}/models-drive',
      tags,
      summary: 'Models on a Windows drive, and their copy',
    })
    .input(one)
    .output(z.array(ModelsFolder)),
  measure: procedure('admin', { errors: gives.engine, example })
    .route({
      method: 'POST',
      path: '/services/{id}/models-drive/measure',
      tags,
      summary: 'Read 512 MB of a folder inside the running container; null where its programs cannot tell',
    })
    .input(folder)
    .output(ModelsReading.nullable()),
  begin: procedure('admin', { reauth: true, errors: gives.engine, example: { ...example, wait: false } })
    .route({
      method: 'POST',
      path: '/services/{id}/models-drive/copy',
      tags,
      summary:
        'Copy a folder into a volume and verify it; goes on where an earlier copy ended. Changes no Compose file',
    })
    .input(folder.extend({ wait: z.boolean().default(true) }))
    .output(ModelsMove),
  watch: procedure('admin', { stream: 'state' })
    .route({
      method: 'GET',
      path: '/services/{id}/models-drive/copy/stream',
      tags,
      summary: 'Follow a copy to its end',
    })
    .input(folder)
    .output(eventIterator(ModelsMove)),
  cancel: procedure('admin', { errors: ['CONFLICT'], example })
    .route({
      method: 'POST',
      path: '/services/{id}/models-drive/copy/cancel',
      tags,
      summary: 'Stop a copy; what is there is kept',
    })
    .input(folder)
    .output(ModelsMove),
  prove: procedure('admin', { errors: ['CONFLICT', ...gives.service], example })
    .route({
      method: 'POST',
      path: '/services/{id}/models-drive/prove',
      tags,
      summary: 'Compare the models that the service lists with those before the copy',
    })
    .input(folder)
    .output(ModelsProof),
}
