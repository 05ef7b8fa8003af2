import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { AccessStatus } from './access'
import { AccountId } from './accounts'
import { Alert } from './alerts'
import { Attention } from './attention'
import { gives, procedure, ReasonSchema, Timestamp } from './base'
import { Credential, Rotation } from './credentials'
import { EngineStatus } from './docker'
import { ExposureTest } from './exposure'
import { Generation } from './generations'
import { Key, User } from './people'
import { Preferences } from './preferences'
import { RotationRound, RotationSchedule } from './policy'
import { Releases } from './releases'
import { Service } from './services'
import { TimelineEntry } from './timeline'
import { Deployment } from './stacks'
import { Update } from './updates'
import { VaultStatus } from './vault'

/** What is set for everybody, together with the preferences of whoever asks (`GET /me/preferences`). */
export const Settings = Preferences.extend({
  /** Whether users read the pictures of others too; they delete their own alone all the same. */
  galleryShared: z.boolean(),
})
export type Settings = z.infer<typeof Settings>

export const About = z.object({
  version: z.string(),
  /** The first 12 digits of the commit that was built; null where it was built outside a repository. */
  commit: z.string().nullable(),
  platform: z.string(),
  nodeVersion: z.string(),
  electronVersion: z.string().nullable(),
  dataFolder: z.string(),
  startedAt: Timestamp,
  /** Started with --demo or as the embedded default: the vault's key lies in a file beside it. */
  demo: z.boolean(),
  /** Standing notices, e.g. that the demo's key is unprotected or that a file was moved aside. */
  notices: z.array(ReasonSchema),
})
export type About = z.infer<typeof About>

const nothing = z.string().transform(() => '')

/** What users get in place of `About`: nothing of the machine, its folders and what stands to be told of them. */
export const UserAbout = About.extend({
  ...{ platform: nothing, nodeVersion: nothing, dataFolder: nothing },
  electronVersion: z
    .string()
    .nullable()
    .transform(() => null),
  notices: z.array(ReasonSchema).transform(() => []),
})

/** Everything that changes, so that a page never polls. */
export const PanelEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('service'), service: Service }),
  z.object({ type: z.literal('service-removed'), id: z.string() }),
  z.object({ type: z.literal('credential'), credential: Credential }),
  z.object({ type: z.literal('credential-removed'), id: z.string() }),
  z.object({ type: z.literal('rotation'), rotation: Rotation }),
  z.object({ type: z.literal('rotation-schedule'), schedule: RotationSchedule }),
  z.object({ type: z.literal('rotation-round'), round: RotationRound }),
  /** Told once when a credential falls due: a person should rotate it. */
  z.object({ type: z.literal('rotation-due'), credentialId: z.string(), dueAt: Timestamp }),
  z.object({ type: z.literal('vault'), vault: VaultStatus }),
  z.object({ type: z.literal('generation'), generation: Generation }),
  z.object({ type: z.literal('generation-removed'), id: z.string(), by: AccountId }),
  /** So much of the gallery changed at once that lists of it are asked again. */
  z.object({ type: z.literal('gallery') }),
  /** Something of the imported workflows is otherwise: they are asked again. */
  z.object({ type: z.literal('workflows') }),
  z.object({ type: z.literal('settings'), settings: Settings }),
  z.object({ type: z.literal('preferences'), account: AccountId, preferences: Preferences }),
  /** From now on users see the pictures of others too, or their own alone. */
  z.object({ type: z.literal('gallery-shared'), isShared: z.boolean() }),
  /** A listener of the gateway opened, moved, failed or closed. */
  z.object({ type: z.literal('gateway') }),
  z.object({ type: z.literal('access'), access: AccessStatus }),
  z.object({ type: z.literal('user'), user: User }),
  z.object({ type: z.literal('user-removed'), id: AccountId }),
  z.object({ type: z.literal('key'), key: Key }),
  /** Somebody signed in over HTTP, was locked, or a session ended: the list of sessions is asked again. */
  z.object({ type: z.literal('sessions') }),
  z.object({ type: z.literal('engine'), engine: EngineStatus }),
  z.object({ type: z.literal('timeline'), entry: TimelineEntry }),
  z.object({ type: z.literal('door-test'), test: ExposureTest }),
  z.object({ type: z.literal('deployment'), deployment: Deployment }),
  z.object({ type: z.literal('update'), update: Update }),
  /** Something of the new versions of Regie itself is otherwise. */
  z.object({ type: z.literal('releases'), releases: Releases }),
  /** Who has a card, or who waits for it, is otherwise: its turns are asked again. */
  z.object({ type: z.literal('card'), uuid: z.string() }),
  z.object({ type: z.literal('attention'), attention: Attention }),
  /** Something of a service's golden check is otherwise: it is asked again. */
  z.object({ type: z.literal('golden'), serviceId: z.string() }),
  /** Something of a service's load tests is otherwise: they are asked again. */
  z.object({ type: z.literal('load-test'), serviceId: z.string() }),
  /** Something of the backups is otherwise: they are asked again. */
  z.object({ type: z.literal('backups') }),
  /** What is known of files of models has changed. */
  z.object({ type: z.literal('models') }),
  /** Something of the alerts is otherwise: they are asked again. */
  z.object({ type: z.literal('alerts') }),
  /** To be shown on this desktop: alerts that were raised or are over, several at once as one; none in a test. */
  z.object({ type: z.literal('alert-told'), alerts: z.array(Alert) }),
  /** This reader was too slow, and events before this place were not told: whatever is shown has to be asked anew. */
  z.object({ type: z.literal('gap') }),
  /** Sent first, and every 25 s so that a dead connection is noticed. */
  z.object({ type: z.literal('hello'), at: Timestamp }),
])
export type PanelEvent = z.infer<typeof PanelEvent>

const tags = ['system']

export const system = {
  health: procedure('public')
    .route({ method: 'GET', path: '/health', tags, summary: 'Whether the panel answers; needs no sign-in' })
    .output(z.object({ status: z.literal('ok'), version: z.string() })),
  about: procedure('user')
    .route({ method: 'GET', path: '/about', tags, summary: 'Version, data folder, standing notices' })
    .output(About),
  events: procedure('user', { stream: 'resumes' })
    .route({ method: 'GET', path: '/events', tags, summary: 'Everything that changes, as it changes' })
    .output(eventIterator(PanelEvent)),
  settings: procedure('admin')
    .route({ method: 'GET', path: '/settings', tags, summary: 'What is set for everybody, and my own preferences' })
    .output(Settings),
  changeSettings: procedure('admin', { errors: gives.store, example: { galleryShared: true } })
    .route({ method: 'PATCH', path: '/settings', tags, summary: 'Change some settings' })
    .input(Settings.partial())
    .output(Settings),
  addSimulators: procedure('admin', { errors: ['CONFLICT', ...gives.store] })
    .route({
      method: 'POST',
      path: '/simulators',
      tags,
      summary: 'Add the two simulated services and their credentials',
    })
    .output(z.array(Service)),
  openDataFolder: procedure('admin', { errors: ['CONFLICT'] })
    .route({
      method: 'POST',
      path: '/data-folder/open',
      tags,
      summary: 'Show the data folder in the file manager (desktop only)',
    })
    .output(z.object({ opened: z.boolean() })),
  restart: procedure('admin', { reauth: true, errors: ['CONFLICT', ...gives.store] })
    .route({
      method: 'POST',
      path: '/restart',
      tags,
      summary: 'End Regie and start it again (desktop only); refused while something is under way',
    })
    .output(z.object({ restarting: z.boolean() })),
  choosePath: procedure('admin', { errors: ['CONFLICT'], example: { kind: 'folder' } })
    .route({
      method: 'POST',
      path: '/path/choose',
      tags,
      summary: 'Ask the person at this desktop for a folder or a file; null when none was chosen (desktop only)',
    })
    .input(z.object({ kind: z.enum(['folder', 'file']), from: z.string().max(4096).optional() }))
    .output(z.object({ path: z.string().nullable() })),
}
