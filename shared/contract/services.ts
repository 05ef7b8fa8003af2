import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { procedure, Slug, Timestamp } from './base'

export const ServiceKind = z.enum(['comfyui', 'forge'])
export type ServiceKind = z.infer<typeof ServiceKind>

export const RuntimeKind = z.enum(['compose', 'process', 'simulator', 'external'])
export type RuntimeKind = z.infer<typeof RuntimeKind>

export const HealthState = z.enum([
  'absent',
  'stopped',
  'starting',
  'listening',
  'authenticated',
  'ready',
  'unhealthy',
  'locked-out',
])
export type HealthState = z.infer<typeof HealthState>

export const RungId = z.enum(['present', 'running', 'listening', 'authenticated', 'ready'])
export type RungId = z.infer<typeof RungId>

/** One rung of the health ladder with its evidence. */
export const Rung = z.object({
  id: RungId,
  /** `current` is the highest rung reached when it is `ready`; `refused` is a 401 with Regie's credential. */
  state: z.enum(['proven', 'current', 'probing', 'refused', 'failed', 'waiting']),
  /** The probe as sent, e.g. `GET /system_stats`; empty if none was sent. */
  asked: z.string(),
  /** What came back in protocol terms, e.g. `200`, `ECONNREFUSED`, `pid 4242`. */
  answered: z.string(),
  at: Timestamp.nullable(),
  tookMs: z.number().nonnegative().nullable(),
})
export type Rung = z.infer<typeof Rung>

export const Health = z.object({
  state: HealthState,
  since: Timestamp,
  checkedAt: Timestamp.nullable(),
  /** Why the state is below ready, in English, and what to do. `problem` and `params` are for translation. */
  reason: z.string().optional(),
  hint: z.string().optional(),
  problem: z.string().optional(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  rungs: z.array(Rung),
})
export type Health = z.infer<typeof Health>

export const Operation = z.enum(['start', 'stop', 'restart'])
export type Operation = z.infer<typeof Operation>

export const ProcessSpec = z.object({
  command: z.string().min(1).max(4096),
  args: z.array(z.string().max(4096)).max(256).default([]),
  cwd: z.string().max(4096).optional(),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(32_768)).default({}),
})

const ComposeSpec = z.object({ file: z.string().min(1).max(4096), service: z.string().min(1).max(255) })

/** Only http and https, no credentials, no query: a base URL. */
const BaseUrl = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .refine((text) => {
    if (!URL.canParse(text)) return false
    const url = new URL(text)
    return !url.username && !url.password && !url.search && !url.hash
  }, 'use http://host:port without user name, password or query')
  .transform((text) => text.replace(/\/+$/, ''))

/** A service as it stands in the configuration file and in `POST /services`. */
export const ServiceConfig = z
  .object({
    id: Slug,
    kind: ServiceKind,
    runtime: RuntimeKind,
    url: BaseUrl,
    credentialId: Slug.optional(),
    gpuUuid: z
      .string()
      .regex(/^(GPU|MIG)-[\w/-]{4,120}$/)
      .optional(),
    process: ProcessSpec.optional(),
    compose: ComposeSpec.optional(),
  })
  .refine((s) => s.runtime !== 'process' || s.process, { path: ['process'], message: 'a process needs its command' })
  .refine((s) => s.runtime !== 'compose' || s.compose, {
    path: ['compose'],
    message: 'a Compose service needs its file',
  })
export type ServiceConfig = z.infer<typeof ServiceConfig>

export const ServiceChange = z.object({
  id: Slug,
  url: BaseUrl.optional(),
  credentialId: Slug.nullable().optional(),
  gpuUuid: z
    .string()
    .regex(/^(GPU|MIG)-[\w/-]{4,120}$/)
    .nullable()
    .optional(),
  process: ProcessSpec.optional(),
  compose: ComposeSpec.optional(),
})

export const Service = z.object({
  id: z.string(),
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
  /** The model that is loaded or configured, when the backend tells. */
  model: z.string().nullable(),
  queue: z.object({ running: z.number().int(), waiting: z.number().int() }).nullable(),
  process: ProcessSpec.optional(),
  compose: ComposeSpec.optional(),
})
export type Service = z.infer<typeof Service>

/** An entry of the configuration file that could not be read; it is kept there as it is. */
export const InvalidService = z.object({
  position: z.number().int(),
  id: z.string().nullable(),
  issues: z.array(z.string()),
})
export type InvalidService = z.infer<typeof InvalidService>

export const LogLine = z.object({
  /**
   * Grows by one per line of a service; lets a stream continue where a list ended. A line that comes again under
   * its number replaces the former one: a progress bar.
   */
  seq: z.number().int().nonnegative(),
  at: Timestamp,
  /** `panel` lines are Regie's own. */
  stream: z.enum(['stdout', 'stderr', 'panel']),
  level: z.enum(['info', 'warn', 'error']),
  /** Redacted: a secret is shown as `[secret 3fa91c07be42]`, its fingerprint. */
  text: z.string(),
})
export type LogLine = z.infer<typeof LogLine>

/** What a backend offers for a generation; lists come from the live service. */
export const Capabilities = z.object({
  checkpoints: z.array(z.string()),
  samplers: z.array(z.string()),
  schedulers: z.array(z.string()),
  /** Built-in workflows that apply (ComfyUI only). */
  workflows: z.array(z.object({ id: z.string(), available: z.boolean(), missing: z.array(z.string()) })),
  defaults: z.object({
    checkpoint: z.string().nullable(),
    sampler: z.string(),
    scheduler: z.string(),
    steps: z.number().int(),
    cfg: z.number(),
    width: z.number().int(),
    height: z.number().int(),
    workflow: z.string().nullable(),
  }),
  /** Whether the backend can send pictures while it samples. */
  previews: z.boolean(),
})
export type Capabilities = z.infer<typeof Capabilities>

const tags = ['services']
const one = z.object({ id: Slug })

export const services = {
  list: procedure('user')
    .route({ method: 'GET', path: '/services', tags, summary: 'List the services with their health' })
    .output(z.array(Service)),
  invalid: procedure('user')
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
  create: procedure('admin')
    .route({ method: 'POST', path: '/services', successStatus: 201, tags, summary: 'Add a service' })
    .input(ServiceConfig)
    .output(Service),
  update: procedure('admin')
    .route({
      method: 'PATCH',
      path: '/services/{id}',
      tags,
      summary: 'Change a service; takes effect at its next start',
    })
    .input(ServiceChange)
    .output(Service),
  remove: procedure('admin')
    .route({ method: 'DELETE', path: '/services/{id}', tags, summary: 'Stop and forget a service; its files stay' })
    .input(one)
    .output(z.object({ id: z.string() })),
  start: procedure('user')
    .route({
      method: 'POST',
      path: '/services/{id}/start',
      tags,
      summary: 'Start; answers when it listens or has failed',
    })
    .input(one)
    .output(Service),
  stop: procedure('user')
    .route({ method: 'POST', path: '/services/{id}/stop', tags, summary: 'Stop; answers when it has ended' })
    .input(one)
    .output(Service),
  restart: procedure('user')
    .route({ method: 'POST', path: '/services/{id}/restart', tags, summary: 'Stop, then start' })
    .input(one)
    .output(Service),
  startAll: procedure('user')
    .route({ method: 'POST', path: '/services/start-all', tags, summary: 'Start every service that Regie runs itself' })
    .output(z.array(Service)),
  stopAll: procedure('user')
    .route({ method: 'POST', path: '/services/stop-all', tags, summary: 'Stop every service that Regie runs itself' })
    .output(z.array(Service)),
  probe: procedure('user')
    .route({ method: 'POST', path: '/services/{id}/probe', tags, summary: 'Climb the health ladder now' })
    .input(one)
    .output(Service),
  capabilities: procedure('user')
    .route({ method: 'GET', path: '/services/{id}/capabilities', tags, summary: 'Checkpoints, samplers, defaults' })
    .input(one)
    .output(Capabilities),
  freeMemory: procedure('user')
    .route({ method: 'POST', path: '/services/{id}/free-memory', tags, summary: 'Unload models from VRAM' })
    .input(one)
    .output(Service),
  logs: procedure('user')
    .route({ method: 'GET', path: '/services/{id}/logs', tags, summary: 'The last lines of the log, redacted' })
    .input(one.extend({ tail: z.number().int().min(1).max(10_000).default(200) }))
    .output(z.array(LogLine)),
  followLogs: procedure('user')
    .route({
      method: 'GET',
      path: '/services/{id}/logs/stream',
      tags,
      summary: 'Follow the log; several lines an event',
    })
    .input(one.extend({ tail: z.number().int().min(0).max(10_000).default(200), after: z.number().int().optional() }))
    .output(eventIterator(z.array(LogLine))),
}
