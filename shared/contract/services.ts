import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { firstKind } from '../kinds'
import { gives, procedure, ReasonSchema, Slug, Timestamp } from './base'
import { Capabilities } from './capabilities'
import { Health } from './health'
import { LogLine } from './log-line'
import { LastReach, ServiceReach } from './reach'
import {
  ComposeSpec,
  ProcessSpec,
  RuntimeKind,
  ServiceChange,
  ServiceConfig,
  ServiceGateway,
  ServiceIdle,
  ServiceKind,
  ServiceRevision,
} from './service-config'
import { Fit, FreedMemory, StartPlan } from './service-memory'

/** What can be done to a service. `unpause`, `recreate`, `rebuild`, `pull` and `down` are for Compose services alone. */
export const Operation = z.enum(['start', 'stop', 'restart', 'unpause', 'recreate', 'rebuild', 'pull', 'down'])
export type Operation = z.infer<typeof Operation>

/** One step of an operation as the program that does it tells, e.g. `Container comfyui-qwen`: `Created`. */
export const OperationStep = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  /** Its last word on this step, e.g. `Pulling 12.3MB/104MB`; null when it has none. */
  detail: z.string().nullable(),
})
export type OperationStep = z.infer<typeof OperationStep>

/** How far an operation has got. */
export const OperationProgress = z.object({
  startedAt: Timestamp,
  cancellable: z.boolean(),
  steps: z.array(OperationStep),
})
export type OperationProgress = z.infer<typeof OperationProgress>

export const ServiceContainer = z.object({
  id: z.string(),
  name: z.string(),
  image: z.string(),
  state: z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']),
  startedAt: Timestamp.nullable(),
  /** How often Docker restarted it by itself. */
  restartCount: z.number().int().nonnegative(),
  exitCode: z.number().int().nullable(),
  /** The Compose files that it was made from, where some of these are none of the service's; for administrators alone. */
  madeFrom: z.array(z.string()).optional(),
})
export type ServiceContainer = z.infer<typeof ServiceContainer>

export const PendingChange = z.object({ action: z.enum(['restart', 'recreate']), reason: ReasonSchema })
export type PendingChange = z.infer<typeof PendingChange>

export const Service = z.object({
  id: z.string(),
  /** Of its configuration, to be given back with a change; for administrators alone. */
  revision: ServiceRevision.optional(),
  /** What people call it; absent where that is the id. `serviceName` gives the one that is shown. */
  name: z.string().optional(),
  tags: z.array(z.string()),
  /** Its place in the order that people choose; absent where nobody has. */
  order: z.number().optional(),
  idle: ServiceIdle,
  /** Whether what is wrong with it is left out of what needs attention. */
  muted: z.boolean(),
  kind: ServiceKind,
  runtime: RuntimeKind,
  url: z.string(),
  credentialId: z.string().nullable(),
  gpu: z.object({ uuid: z.string() }).optional(),
  health: Health,
  /** What is being done to the service now; a second operation is refused by name. */
  operation: Operation.nullable(),
  /** True when it already ran before this panel started and was taken over. */
  adopted: z.boolean(),
  pid: z.number().int().nullable(),
  /** The model that is loaded or configured, when the backend tells; null of an unreachable service. */
  model: z.string().nullable(),
  /** `waiting` is null where the service does not tell it. */
  queue: z.object({ running: z.number().int(), waiting: z.number().int().nullable() }).nullable(),
  /** Of an unreachable service only. */
  lastReach: LastReach.optional(),
  /** How a native program is run; for administrators alone. */
  process: ProcessSpec.optional(),
  /** Which Compose service it is; for administrators alone. */
  compose: ComposeSpec.optional(),
  /** Where people reach it with keys of their own; for administrators alone. */
  gateway: ServiceGateway.optional(),
  /** Steps of the operation that goes on now; null when none does, or when it has no steps. */
  progress: OperationProgress.nullable(),
  /** The container behind a Compose service; null when there is none. */
  container: ServiceContainer.nullable(),
  /** What its files ask for and its container, or the vault holds and its program, does not have yet; and what brings it. */
  pending: PendingChange.nullable(),
  /** Why it cannot be told whether its files ask for something else; absent where it can. */
  pendingUnknown: ReasonSchema.optional(),
})
export type Service = z.infer<typeof Service>

/**
 * What users get in place of a `Service`: how it is, in words, not how and where it is run. What they do not get is
 * there, but empty, so that one shape serves both.
 */
export const UserService = Service.pick({
  ...{ id: true, name: true, tags: true, order: true, idle: true, kind: true, runtime: true, gpu: true },
  ...{ health: true, operation: true, model: true, queue: true },
}).extend({
  health: Health.omit({ proved: true }).extend({
    rungs: Health.shape.rungs.max(0),
    checks: Health.shape.checks.max(0),
  }),
  muted: z.literal(false),
  url: z.literal(''),
  credentialId: z.null(),
  adopted: z.literal(false),
  pid: z.null(),
  progress: z.null(),
  container: z.null(),
  pending: z.null(),
})

/** A container of a project, as the engine lists it. */
const ProjectContainer = z.object({ name: z.string(), state: ServiceContainer.shape.state, status: z.string() })

/** The Compose project of a service. */
export const ServiceProject = z.object({
  name: z.string(),
  /** What its files ask for, in the profiles that are chosen: what `down` removes are their containers. */
  services: z.array(
    z.object({
      name: z.string(),
      /** The service of Regie that stands for it. */
      serviceId: z.string().nullable(),
      containers: z.array(ProjectContainer),
      /** Services that are started before it. */
      dependsOn: z.array(z.string()),
      /** Whether its image is built from the files. */
      canBuild: z.boolean(),
    }),
  ),
  /** Containers of the project that stand in none of its files: `down` leaves them. */
  others: z.array(ProjectContainer),
})
export type ServiceProject = z.infer<typeof ServiceProject>

/** An entry of the configuration file that could not be read; it is kept there as it is. */
export const InvalidService = z.object({
  position: z.number().int(),
  id: z.string().nullable(),
  issues: z.array(z.string()),
})
export type InvalidService = z.infer<typeof InvalidService>

const tags = ['services']
const one = z.object({ id: Slug })

export const services = {
  list: procedure('user')
    .route({ method: 'GET', path: '/services', tags, summary: 'List the services with their health' })
    .output(z.array(Service)),
  arrange: procedure('admin', {
    errors: ['NOT_FOUND', 'CONFLICT', ...gives.store],
    example: { changes: [{ id: firstKind, tags: ['lab'] }] },
  })
    .route({
      method: 'POST',
      path: '/services/arrange',
      tags,
      summary: 'Change name, tags, order or muting of services at once; says nothing of how they run',
    })
    .input(
      z.object({
        changes: z
          .array(ServiceChange.pick({ id: true, revision: true, name: true, tags: true, order: true, muted: true }))
          .min(1)
          .max(200)
          .refine((changes) => new Set(changes.map(({ id }) => id)).size === changes.length, 'the same service twice'),
      }),
    )
    .output(z.array(Service)),
  reach: procedure('admin')
    .route({
      method: 'GET',
      path: '/services/{id}/reach',
      tags,
      summary: 'Whether an external service answered in the last 24 hours, and what it was asked last',
    })
    .input(one)
    .output(ServiceReach),
  invalid: procedure('admin')
    .route({
      method: 'GET',
      path: '/invalid-services',
      tags,
      summary: 'List configuration entries that cannot be used',
    })
    .output(z.array(InvalidService)),
  get: procedure('user')
    .route({ method: 'GET', path: '/services/{id}', tags, summary: 'Get one service' })
    .input(one)
    .output(Service),
  create: procedure('admin', {
    reauth: true,
    errors: ['CONFLICT', 'NOT_FOUND', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: { id: firstKind, kind: firstKind, runtime: 'external', url: 'http://127.0.0.1:8188' },
  })
    .route({ method: 'POST', path: '/services', successStatus: 201, tags, summary: 'Add a service' })
    .input(ServiceConfig)
    .output(Service),
  update: procedure('admin', {
    reauth: true,
    errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: { url: 'http://127.0.0.1:8189' },
  })
    .route({
      method: 'PATCH',
      path: '/services/{id}',
      tags,
      summary: 'Change a service; takes effect at its next start',
    })
    .input(ServiceChange)
    .output(Service),
  remove: procedure('admin', { errors: gives.runtime })
    .route({
      method: 'DELETE',
      path: '/services/{id}',
      tags,
      summary: 'Stop and forget a service; its files stay, and so does a container',
    })
    .input(one)
    .output(z.object({ id: z.string() })),
  start: procedure('waking', { errors: gives.runtime })
    .route({
      method: 'POST',
      path: '/services/{id}/start',
      tags,
      summary: 'Start; answers when it listens or has failed',
    })
    .input(one)
    .output(Service),
  stop: procedure('admin', { errors: gives.runtime })
    .route({ method: 'POST', path: '/services/{id}/stop', tags, summary: 'Stop; answers when it has ended' })
    .input(one)
    .output(Service),
  restart: procedure('admin', { errors: gives.runtime })
    .route({ method: 'POST', path: '/services/{id}/restart', tags, summary: 'Stop, then start' })
    .input(one)
    .output(Service),
  unpause: procedure('admin', { errors: gives.runtime })
    .route({
      method: 'POST',
      path: '/services/{id}/unpause',
      tags,
      summary: 'Unpause the container; answers when the service answers again',
    })
    .input(one)
    .output(Service),
  recreate: procedure('admin', { errors: gives.runtime, example: { leaveOutFiles: false } })
    .route({
      method: 'POST',
      path: '/services/{id}/recreate',
      tags,
      summary: 'Make the container anew from its Compose files; answers when it listens or has failed',
    })
    .input(
      one.extend({
        /** Also where it was made from further Compose files, whose part is then lost. */
        leaveOutFiles: z.boolean().optional(),
      }),
    )
    .output(Service),
  rebuild: procedure('admin', { errors: gives.runtime })
    .route({
      method: 'POST',
      path: '/services/{id}/rebuild',
      tags,
      summary: 'Build the image from its files and start a container of it; answers when it listens or has failed',
    })
    .input(one)
    .output(Service),
  project: procedure('admin', { errors: gives.runtime })
    .route({
      method: 'GET',
      path: '/services/{id}/project',
      tags,
      summary: 'The Compose project of a service: its services and containers',
    })
    .input(one)
    .output(ServiceProject),
  startProject: procedure('admin', { errors: gives.runtime })
    .route({
      method: 'POST',
      path: '/services/{id}/project/start',
      tags,
      summary: 'Start all services of the Compose project; recreates none',
    })
    .input(one)
    .output(Service),
  stopProject: procedure('admin', { errors: gives.runtime })
    .route({
      method: 'POST',
      path: '/services/{id}/project/stop',
      tags,
      summary: 'Stop all containers of the Compose project; none is removed',
    })
    .input(one)
    .output(Service),
  pull: procedure('admin', { errors: gives.runtime })
    .route({ method: 'POST', path: '/services/{id}/pull', tags, summary: 'Pull the image that the Compose files name' })
    .input(one)
    .output(Service),
  down: procedure('admin', { errors: gives.runtime })
    .route({
      method: 'POST',
      path: '/services/{id}/down',
      tags,
      summary: 'Stop and remove the containers and networks of the Compose project; volumes stay',
    })
    .input(one)
    .output(Service),
  cancel: procedure('admin', { errors: ['CONFLICT'] })
    .route({
      method: 'POST',
      path: '/services/{id}/cancel',
      tags,
      summary: 'Cancel the operation that goes on; answers when it has ended',
    })
    .input(one)
    .output(Service),
  startPlan: procedure('waking', { errors: gives.runtime })
    .route({
      method: 'GET',
      path: '/services/{id}/start-plan',
      tags,
      summary: 'What a start would do, and how much VRAM is free',
    })
    .input(one)
    .output(StartPlan),
  fit: procedure('user')
    .route({
      method: 'GET',
      path: '/services/{id}/fit',
      tags,
      summary: 'Whether its model will fit on its card now, or once other services are unloaded',
    })
    .input(one)
    .output(Fit),
  startAll: procedure('admin', { errors: gives.runtime })
    .route({ method: 'POST', path: '/services/start-all', tags, summary: 'Start every service that Regie runs itself' })
    .output(z.array(Service)),
  stopAll: procedure('admin', { errors: gives.runtime })
    .route({ method: 'POST', path: '/services/stop-all', tags, summary: 'Stop every service that Regie runs itself' })
    .output(z.array(Service)),
  probe: procedure('admin')
    .route({ method: 'POST', path: '/services/{id}/probe', tags, summary: 'Climb the health ladder now' })
    .input(one)
    .output(Service),
  capabilities: procedure('user', { errors: gives.service })
    .route({ method: 'GET', path: '/services/{id}/capabilities', tags, summary: 'Checkpoints, samplers, defaults' })
    .input(one)
    .output(Capabilities),
  freeMemory: procedure('admin', { errors: ['CONFLICT', ...gives.service] })
    .route({
      method: 'POST',
      path: '/services/{id}/free-memory',
      tags,
      summary: 'Unload models from VRAM, and measure what that gave back',
      description: 'Answers when the card gives back no more, some seconds at most. Noted in the audit log.',
    })
    .input(one)
    .output(Service.extend({ freed: FreedMemory })),
  logs: procedure('admin')
    .route({ method: 'GET', path: '/services/{id}/logs', tags, summary: 'The last lines of the log, redacted' })
    .input(one.extend({ tail: z.number().int().min(1).max(10_000).default(200) }))
    .output(z.array(LogLine)),
  followLogs: procedure('admin', { stream: 'resumes' })
    .route({
      method: 'GET',
      path: '/services/{id}/logs/stream',
      tags,
      summary: 'Follow the log; several lines an event',
    })
    .input(one.extend({ tail: z.number().int().min(0).max(10_000).default(200), after: z.number().int().optional() }))
    .output(eventIterator(z.array(LogLine))),
}
