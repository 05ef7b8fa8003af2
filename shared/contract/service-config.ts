import * as z from 'zod'
import { kindIds } from '../kinds'
import { GpuUuid, Slug, WeekWindow } from './base'

export const ServiceKind = z.enum(kindIds)
export type ServiceKind = z.infer<typeof ServiceKind>

export const RuntimeKind = z.enum(['compose', 'process', 'simulator', 'external'])
export type RuntimeKind = z.infer<typeof RuntimeKind>

/** A part of a credential's secret: filled in when the program is started, and nowhere shown. */
export const VaultReference = z.object({ credentialId: Slug, field: z.enum(['username', 'password', 'token']) })
export type VaultReference = z.infer<typeof VaultReference>

/** A text that a system call takes: none takes a zero byte, and its refusal would quote what it was given. */
const passable = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !text.includes('\0'), 'holds a zero byte (NUL), which no program can be given')

/**
 * What a program is given: a text as it stands, or a list of texts and references that are put together at its start. A
 * text is never looked into, so that none can be taken for a reference.
 */
const givenText = (max: number) =>
  z.union([
    passable(max),
    z
      .array(z.union([passable(max), VaultReference]))
      .min(1)
      .max(32),
  ])
export type GivenText = z.infer<ReturnType<typeof givenText>>

const VariableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'letters, digits and underscores only')

export const ProcessSpec = z.object({
  command: passable(4096).min(1),
  args: z.array(givenText(4096)).max(256).default([]),
  cwd: passable(4096).optional(),
  env: z.record(VariableName, givenText(32_768)).default({}),
})
export type ProcessSpec = z.infer<typeof ProcessSpec>

/** Which Compose service it is: its files on this machine, and its name in them. */
export const ComposeSpec = z.object({
  /** Absolute path of the first Compose file. */
  file: passable(4096).min(1),
  service: passable(255).min(1),
  /** Further files, in the order in which they override. Empty: Compose's own override file, if it lies beside. */
  overrides: z.array(passable(4096).min(1)).max(16).optional(),
  profiles: z.array(passable(255).min(1)).max(16).optional(),
  /** The project's name, where it is not the one that Compose derives from the files. */
  project: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]*$/)
    .max(255)
    .optional(),
  /** In place of the `.env` in the project's folder. */
  envFile: passable(4096).min(1).optional(),
})
export type ComposeSpec = z.infer<typeof ComposeSpec>

/** Only http and https, no credentials, no query: a base URL. */
export const BaseUrl = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .refine((text) => {
    if (!URL.canParse(text)) return false
    const url = new URL(text)
    return !url.username && !url.password && !url.search && !url.hash
  }, 'use http://host:port without user name, password or query')
  .transform((text) => text.replace(/\/+$/, ''))

/** Words that people give for lists: one line, nothing that cannot be seen. */
const Label = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^\P{C}*$/u, 'one line of visible characters')

const areUnlike = (tags: readonly string[]) => new Set(tags.map((tag) => tag.toLowerCase())).size === tags.length

/** What a service is called, in place of its id. */
export const ServiceName = Label(80)

/** By what services are filtered and grouped. */
const ServiceTags = z.array(Label(32)).max(16).refine(areUnlike, 'the same tag twice')

/** So many minutes without work; null: never. A week at most. */
const IdleMinutes = z
  .number()
  .int()
  .min(1)
  .max(7 * 24 * 60)
  .nullable()

/** When a service is kept awake: it is then not stopped for being idle. Its models are unloaded all the same. */
const AwakeSchedule = z.object({
  /** Each may be a run of hours; at most twelve on each day of a week stand apart. */
  windows: z.array(WeekWindow).min(1).max(84),
  /** Whether it is started when such a time begins. */
  start: z.boolean(),
})

/** What is done to a service by itself while nobody works with it, and when work arrives. */
export const ServiceIdle = z.object({
  /** Whether a user may start it, and whether work that arrives for it does. */
  wake: z.boolean(),
  /** After so many minutes without work its models are unloaded. */
  unloadAfterMin: IdleMinutes,
  /** After so many minutes without work it is stopped, outside the times of `schedule`. */
  stopAfterMin: IdleMinutes,
  schedule: AwakeSchedule.nullable(),
})
export type ServiceIdle = z.infer<typeof ServiceIdle>

/** As it is written down: what is left out is off. */
const KeptIdle = ServiceIdle.partial()

/** What a service is reckoned to take of its card, in MiB, in place of what was seen. It keeps no program from taking more. */
const VramLimit = z.number().int().min(1).max(16_777_216)

const gateway = {
  enabled: z.boolean(),
  /** An address of this machine, or one that stands for all of them. */
  host: z.union([z.ipv4(), z.ipv6(), z.literal('localhost')]),
  port: z.number().int().min(1).max(65_535),
  /** `own-authority`: a certificate of Regie's own authority; `given`: one that a person gave. */
  tls: z.enum(['off', 'own-authority', 'given']),
  /** Where a certificate that a person gave lies, and its key: absolute paths of files in PEM. */
  certificate: z.object({ cert: passable(4096).min(1), key: passable(4096).min(1) }),
  /** Further names under which it is reached, in its certificate and as the Host of requests. */
  names: z.array(z.string().regex(/^[a-z0-9.:-]{1,253}$/i, 'a host name or an address, without a port')).max(16),
  /** Whether users may ask what no rule of its kind knows, such as routes of custom nodes. */
  unknownRoutes: z.boolean(),
}

/** Where people reach a service with keys of their own. */
export const ServiceGateway = z.object({
  ...gateway,
  host: gateway.host.default('127.0.0.1'),
  tls: gateway.tls.default('off'),
  certificate: gateway.certificate.optional(),
  names: gateway.names.default([]),
  unknownRoutes: gateway.unknownRoutes.default(false),
})
export type ServiceGateway = z.infer<typeof ServiceGateway>

/** How people keep their services apart, and what is told of each. */
const keeping = {
  name: ServiceName,
  tags: ServiceTags,
  /** Its place in the order that people choose; services without one come after, by their ids. */
  order: z.number(),
  idle: KeptIdle,
  /** Whether what is wrong with it is left out of what needs attention. */
  muted: z.boolean(),
}

/** A service as it stands in the configuration file and in `POST /services`. */
export const ServiceConfig = z
  .object({
    id: Slug,
    kind: ServiceKind,
    runtime: RuntimeKind,
    url: BaseUrl,
    credentialId: Slug.optional(),
    gpuUuid: GpuUuid.optional(),
    vramLimitMiB: VramLimit.optional(),
    process: ProcessSpec.optional(),
    compose: ComposeSpec.optional(),
    gateway: ServiceGateway.optional(),
    ...z.object(keeping).partial().shape,
  })
  .refine((s) => s.runtime !== 'process' || s.process, { path: ['process'], message: 'a process needs its command' })
  .refine((s) => s.runtime !== 'compose' || s.compose, {
    path: ['compose'],
    message: 'a Compose service needs its file',
  })
export type ServiceConfig = z.infer<typeof ServiceConfig>

/** Stands for one state of a service's configuration; another state has another one. */
export const ServiceRevision = z.string().regex(/^[0-9a-f]{16}$/, 'not a revision')

export const ServiceChange = z.object({
  id: Slug,
  /** What is changed is the service as it was then; refused when somebody has changed it since. Left out: as it is now. */
  revision: ServiceRevision.optional(),
  url: BaseUrl.optional(),
  credentialId: Slug.nullable().optional(),
  gpuUuid: GpuUuid.nullable().optional(),
  vramLimitMiB: VramLimit.nullable().optional(),
  process: ProcessSpec.optional(),
  compose: ComposeSpec.optional(),
  /** Only what changes; `null` takes it away. */
  gateway: z.object(gateway).partial().nullable().optional(),
  name: keeping.name.nullable().optional(),
  tags: keeping.tags.optional(),
  order: keeping.order.nullable().optional(),
  /** What is left out of it stays as it is. */
  idle: keeping.idle.optional(),
  muted: keeping.muted.optional(),
})
