import * as z from 'zod'
import { gives, procedure, ReasonSchema, Slug, Timestamp } from './base'
import { AccountId } from './accounts'

/** Who has something open at a service now: one of these for each person, key and address. */
export const GatewayGuest = z.object({
  account: AccountId,
  name: z.string(),
  /** Null for a browser that has signed in. */
  keyId: z.string().nullable(),
  from: z.string(),
  /** What its client calls itself, at most 120 characters; empty where it does not. */
  client: z.string(),
  since: Timestamp,
  requests: z.number().int().nonnegative(),
  sockets: z.number().int().nonnegative(),
})
export type GatewayGuest = z.infer<typeof GatewayGuest>

/** One door to one service. */
export const GatewayListener = z.object({
  serviceId: z.string(),
  machine: z.literal('local'),
  /** `off`: not asked for, `failed`: it cannot listen. */
  state: z.enum(['off', 'opening', 'listening', 'closing', 'failed']),
  /** What people give their clients, e.g. `http://127.0.0.1:9188`. */
  url: z.string(),
  /** Where it still listens, as before, while it cannot listen at `url`. */
  servedUrl: z.string().optional(),
  /** Why it failed. */
  reason: ReasonSchema.optional(),
  /** A port that is free, where the one that was asked for is taken. */
  freePort: z.number().int().optional(),
  /** With TLS: what it vouches for and until when; `reason`: why no new one could be had, while this one is used on. */
  certificate: z
    .object({ names: z.array(z.string()), expiresAt: Timestamp, reason: ReasonSchema.optional() })
    .optional(),
  /** Requests that wait or are being answered, and WebSockets. */
  inFlight: z.number().int().nonnegative(),
  sockets: z.number().int().nonnegative(),
  /** Requests that are held until their service can be asked: while it wakes, is restarted, or gets another secret. */
  held: z.number().int().nonnegative(),
  /** While a request wakes its service: since when, and in how many seconds it should be ready; null: not known, or over. */
  waking: z
    .object({
      since: Timestamp,
      leftS: z.number().int().nullable(),
      /** Its model will not fit on its card as that is now; left out where it fits, or that is not known. Names no other service. */
      fit: ReasonSchema.optional(),
    })
    .nullable(),
  /** Since the panel started. */
  answered: z.number().int().nonnegative(),
  refused: z.number().int().nonnegative(),
  /** What the gateway added to the last requests, in ms; null while there were none. */
  addedMs: z.object({ p50: z.number(), p99: z.number() }).nullable(),
  /** Who is inside now, the newest first; empty for users. */
  inside: z.array(GatewayGuest),
})
export type GatewayListener = z.infer<typeof GatewayListener>

/** How a service stands between work and sleep, and what Regie does next by itself. */
/** What keeps a service from its sleep at this moment. */
const SleepKeeper = z.discriminatedUnion('by', [
  /** Jobs that it has, in its own line too, whoever asked for them. */
  z.object({ by: z.literal('jobs'), running: z.number().int().min(0), waiting: z.number().int().min(0) }),
  /** Work that is being asked of it through the gateway and that its own line does not tell: uploads, jobs to come. */
  z.object({ by: z.literal('requests'), count: z.number().int().min(1) }),
  /** Answers that are being read from it: no work, but it is not stopped in the middle of one. */
  z.object({ by: z.literal('answers'), count: z.number().int().min(1) }),
  /** Its hours: it is not stopped in them. `until`, Unix ms; null: they never end. */
  z.object({ by: z.literal('hours'), until: Timestamp.nullable() }),
  z.object({ by: z.literal('rotation'), credentialId: z.string() }),
  /** It cannot be seen whether something runs there. */
  z.object({ by: z.literal('unseen') }),
])
export type SleepKeeper = z.infer<typeof SleepKeeper>

export const Sleeper = z.object({
  serviceId: z.string(),
  machine: z.literal('local'),
  /** `waking`: on its way, whoever started it; `unknown`: it cannot be seen whether it runs. */
  state: z.enum(['awake', 'asleep', 'waking', 'stopping', 'unknown']),
  /** Since when it is so; null: that is not known. */
  since: Timestamp.nullable(),
  /** Why it is so, where Regie knows it. */
  why: ReasonSchema.nullable(),
  /** Its models were taken out of memory, and nobody has worked with it since. */
  isUnloaded: z.boolean(),
  /** What is done next and when, if nobody works with it until then; null: nothing, or somebody works with it now. */
  next: z.object({ step: z.enum(['unload', 'stop', 'start']), at: Timestamp }).nullable(),
  /** Why a step that is due is not done. */
  held: ReasonSchema.nullable(),
  /** What keeps it awake now; empty: nothing does, or nothing would put it to sleep. */
  keeps: z.array(SleepKeeper),
})
export type Sleeper = z.infer<typeof Sleeper>

/** A job of somebody's that waits for a service, or that the service has. */
export const JobInLine = z.object({
  by: AccountId,
  name: z.string(),
  since: Timestamp,
  /** Why it waits; null: the service has it, at work or in a line of its own. */
  reason: ReasonSchema.nullable(),
  /** By what it is cancelled: as a job of the gateway, or as a generation of the Studio. */
  job: z.object({ id: z.string(), from: z.enum(['gateway', 'studio']) }).nullable(),
})
export type JobInLine = z.infer<typeof JobInLine>

/** A container of the deployment's own that stops a service, or unloads its models, when nobody uses it. */
export const IdleMonitor = z.object({
  /** The engine's whole id of the container. */
  container: z.string().min(1).max(200),
  name: z.string().min(1).max(1000),
  image: z.string().min(1).max(1000),
})
export type IdleMonitor = z.infer<typeof IdleMonitor>

/** What administrators are told of a service beside its listener. */
export const GatewayService = z.object({
  serviceId: z.string(),
  /** Jobs in the order in which they are served, as far as Regie knows: those that the service has come first. */
  line: z.array(JobInLine),
  /** Jobs that were seen on it in the last hour, and that nobody asked for through Regie. Whose they are nobody can tell. */
  bypass: z.object({ jobs: z.number().int(), at: Timestamp }).nullable(),
  /** Idle monitors that run and watch it. */
  monitors: z.array(IdleMonitor),
})
export type GatewayService = z.infer<typeof GatewayService>

export const Gateway = z.object({
  listeners: z.array(GatewayListener),
  sleepers: z.array(Sleeper),
  /** Empty for users. */
  services: z.array(GatewayService),
})
export type Gateway = z.infer<typeof Gateway>

/** What users get in place of a `GatewayListener`: where it is and whether it listens. */
export const UserGatewayListener = GatewayListener.omit({ reason: true, freePort: true, certificate: true }).extend({
  inside: z.array(GatewayGuest).max(0),
})

/** What users get in place of a `Sleeper`: why only where that names nobody else and nothing of theirs. */
export const UserSleeper = Sleeper.extend({ held: z.null(), keeps: z.array(SleepKeeper).max(0) })

export const gateway = {
  read: procedure('user')
    .route({
      method: 'GET',
      path: '/gateway',
      tags: ['gateway'],
      summary:
        'Where services are reached with keys of one’s own, which of them sleep, and for administrators who is inside',
    })
    .output(Gateway),
  removeMonitor: procedure('admin', {
    reauth: true,
    errors: gives.runtime,
    example: { container: '3f1c0a9d2b7e', name: 'comfyui-idle-monitor', image: 'python:3.11' },
  })
    .route({
      method: 'POST',
      path: '/services/{id}/idle-monitors/remove',
      tags: ['gateway'],
      summary: 'Stop and remove one container that was recognised as an idle monitor of a service, and nothing else',
    })
    .input(IdleMonitor.extend({ id: Slug }))
    .output(z.object({ removed: IdleMonitor })),
}
