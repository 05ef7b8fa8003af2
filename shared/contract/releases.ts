import * as z from 'zod'
import { gives, procedure, ReasonSchema, Timestamp } from './base'

export const ReleaseChannel = z.enum(['latest', 'beta'])
export type ReleaseChannel = z.infer<typeof ReleaseChannel>

const ReleaseSettings = z.object({
  /** Where the feed of new versions of Regie lies; null: nobody is asked. */
  feed: z.string().max(1000).nullable(),
  channel: ReleaseChannel,
  /** Whether a version whose signature holds is fetched and installed without being asked for, when nothing is under way. */
  automatic: z.boolean(),
})
export type ReleaseSettings = z.infer<typeof ReleaseSettings>

/** What a new version of Regie waits for. */
export const ReleaseWait = z.enum(['job', 'rotation', 'update', 'deployment', 'operation'])
export type ReleaseWait = z.infer<typeof ReleaseWait>

/**
 * How far a new version is. `told`: somebody has to fetch it by hand. `offered`: its signature holds, and it can be fetched.
 * `ready`: it lies here and is what was signed. `installing`: Regie ends for it.
 */
const ReleaseStep = z.enum(['told', 'offered', 'downloading', 'ready', 'installing'])

/** New versions of Regie itself. */
export const Releases = ReleaseSettings.extend({
  current: z.string(),
  /** What the environment says, which counts in place of what is set here. */
  fixed: z.array(z.enum(['feed', 'channel'])),
  /** `restart`: Regie replaces itself and starts again. `open`: what was fetched is opened, and a person installs it. */
  installs: z.enum(['restart', 'open', 'never']),
  /** Why nothing is installed from here. */
  never: ReasonSchema.nullable(),
  lookedAt: Timestamp.nullable(),
  /** Why the last look brought nothing that is believed. */
  refused: ReasonSchema.nullable(),
  /** A version that is newer than the one that runs. */
  offer: z
    .object({
      version: z.string(),
      step: ReleaseStep,
      /** Bytes of it; null for one that is only told. */
      size: z.number().int().nullable(),
      received: z.number().int(),
      /** Why it was not fetched or not installed. */
      failed: ReasonSchema.nullable(),
      /** Where it lies here, once it is ready. */
      file: z.string().nullable(),
    })
    .nullable(),
  /** What is under way, which it waits for. */
  waitsFor: z.array(ReleaseWait),
})
export type Releases = z.infer<typeof Releases>

const tags = ['releases']

export const releases = {
  read: procedure('admin')
    .route({ method: 'GET', path: '/releases', tags, summary: 'New versions of Regie: what is set, told and fetched' })
    .output(Releases),
  change: procedure('admin', {
    reauth: true,
    errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: { channel: 'beta' },
  })
    .route({
      method: 'PATCH',
      path: '/releases',
      tags,
      summary:
        'Change where new versions of Regie are looked for, and whether they are installed without being asked for',
    })
    .input(ReleaseSettings.partial())
    .output(Releases),
  look: procedure('admin', { errors: ['CONFLICT'] })
    .route({ method: 'POST', path: '/releases/look', tags, summary: 'Ask the feed for a new version now' })
    .output(Releases),
  download: procedure('admin', { errors: ['CONFLICT', ...gives.store] })
    .route({
      method: 'POST',
      path: '/releases/download',
      tags,
      summary: 'Begin to fetch the new version; goes on where an earlier attempt was cut',
    })
    .output(Releases),
  cancel: procedure('admin')
    .route({ method: 'POST', path: '/releases/cancel', tags, summary: 'Stop fetching; what is there is kept' })
    .output(Releases),
  install: procedure('admin', { reauth: true, errors: ['CONFLICT', ...gives.store] })
    .route({
      method: 'POST',
      path: '/releases/install',
      tags,
      summary: 'End Regie, install the version that was fetched, and start it; refused while something is under way',
    })
    .output(Releases),
}
