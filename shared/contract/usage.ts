import * as z from 'zod'
import { AccountId } from './accounts'
import { gives, procedure, ReasonSchema, RecordId, Slug, Timestamp } from './base'
import { Limits } from './people'

/** A day by the machine's clock. */
const Day = z.iso.date().meta({ examples: ['2026-11-27'] })

/** What is counted. Sums of bytes and times grow over the years: none of these is bounded by 32 bits. */
export const UsageFigures = z.object({
  /** Asked of services through the gateway; pages that only look after their state are not counted. */
  requests: z.number().int(),
  /** Those that have ended, through the gateway and in the Studio. */
  jobs: z.number().int(),
  /** Of these, failed or cancelled. */
  failed: z.number().int(),
  images: z.number().int(),
  /**
   * Time that jobs worked, times the cards that their service has: loading models counts, waiting does not, what a cache
   * answered is 0. Forge does not say when it works: there it is from the job's turn to its answer. Null where there are jobs, and the time of none of them is known.
   */
  gpuSeconds: z.number().nullable(),
  /** Jobs of which `gpuSeconds` holds nothing, for nobody knows their time; or one card, for nobody knows on how many. */
  unknownJobs: z.number().int(),
  bytesIn: z.number().int(),
  bytesOut: z.number().int(),
  /** Jobs that a limit refused. */
  refused: z.number().int(),
})
export type UsageFigures = z.infer<typeof UsageFigures>

export const UsageBy = z.enum(['user', 'key', 'service'])
export type UsageBy = z.infer<typeof UsageBy>

/** So many days one answer tells at most. */
const mostDays = 1830

const range = {
  /** Left out: the first of this month. */
  from: Day.optional(),
  /** Included; left out: today. */
  to: Day.optional(),
  /** Of one person alone; a user gets what is his own, whatever stands here. */
  user: AccountId.optional(),
}

const ranged = <T extends { from?: string | undefined; to?: string | undefined }>(schema: z.ZodType<T>) =>
  schema
    .refine(({ from, to }) => from === undefined || to === undefined || from <= to, 'from lies after to')
    .refine(
      ({ from, to }) => Date.parse(to ?? '') - Date.parse(from ?? '') < mostDays * 86_400_000 || !from || !to,
      `at most ${mostDays} days`,
    )

/** What of a row was for whom or what: services in a person's row or a key's, people in a service's. */
export const UsagePart = z.object({
  /** Null: all others together. */
  id: z.string().nullable(),
  name: z.string().nullable(),
  gpuSeconds: z.number().nullable(),
  images: z.number().int(),
  jobs: z.number().int(),
})
export type UsagePart = z.infer<typeof UsagePart>

export const UsageDay = z.object({
  /** A day, or a month (`2025-10`) of which days are no longer kept. */
  day: z.string(),
  gpuSeconds: z.number().nullable(),
  images: z.number().int(),
  jobs: z.number().int(),
})
export type UsageDay = z.infer<typeof UsageDay>

export const UsageRow = z.object({
  /** Of a person, a key or a service; null: without a key. */
  id: z.string().nullable(),
  /** Null where it is gone, and nobody remembers what it was called. */
  name: z.string().nullable(),
  /** Whose key it is. */
  user: z.object({ id: AccountId, name: z.string().nullable() }).nullable(),
  figures: UsageFigures,
  /** The largest first. */
  parts: z.array(UsagePart),
  /** Of the rows that are shown by themselves in a chart; of the others null. */
  days: z.array(UsageDay).nullable(),
})
export type UsageRow = z.infer<typeof UsageRow>

export const UsageAnswer = z.object({
  from: Day,
  to: Day,
  /** By the machine's clock, whose time zone days are of. */
  today: Day,
  timeZone: z.string(),
  total: UsageFigures,
  /** Half of the jobs waited no longer before they began, in ms; within a tenth. Null where none is known. */
  medianWaitMs: z.number().nullable(),
  /** Most GPU time first. */
  rows: z.array(UsageRow),
  days: z.array(UsageDay),
})
export type UsageAnswer = z.infer<typeof UsageAnswer>

const UsagePer = z.enum(['day', 'service'])

/** One line of an export. */
export const UsageLine = z.object({
  user: z.string(),
  userName: z.string().nullable(),
  key: z.string().nullable(),
  keyName: z.string().nullable(),
  /** What the key may by itself, by now, beside its person; null where that is no line of a key that is known. */
  keyLimits: Limits.nullable(),
  day: z.string().nullable(),
  service: z.string().nullable(),
  machine: z.string(),
  ...UsageFigures.shape,
})
export type UsageLine = z.infer<typeof UsageLine>

/** How somebody, or a key, stands to limits today. */
const standing = {
  limits: Limits,
  /** Jobs that wait or run. */
  openJobs: z.number().int(),
  /** Those that began today, open ones included. */
  jobsToday: z.number().int(),
  gpuSecondsToday: z.number(),
  /** The limit that keeps them from another job now, and when it opens; null there: when a job ends. */
  passed: z
    .object({
      limit: z.enum(['concurrentJobs', 'jobsPerDay', 'gpuSecondsPerDay']),
      opensAt: z.number().int().nullable(),
    })
    .nullable(),
}

/** How somebody stands today. */
export const UsageNow = z.object({
  today: Day,
  timeZone: z.string(),
  ...standing,
  /** When what is counted by day begins anew (Unix ms). */
  resetsAt: z.number().int(),
  /** Their keys that have limits of their own, in addition to these. */
  keys: z.array(z.object({ id: RecordId, name: z.string(), ...standing })),
  /** The last 14, oldest first. */
  days: z.array(UsageDay),
})
export type UsageNow = z.infer<typeof UsageNow>

/** A job that somebody's program gave a service through the gateway. */
export const GatewayJob = z.object({
  /** As the service calls it; of one that no service has yet, as Regie does. */
  id: z.string(),
  serviceId: z.string(),
  machine: z.literal('local'),
  /** With which key; null: from a browser. `name`: null where the key is gone. */
  key: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  /** `unknown`: nobody tells just now whether it waits or runs, or nobody told how it ended. */
  state: z.enum(['waiting', 'running', 'succeeded', 'failed', 'cancelled', 'unknown']),
  /** When it was asked for. */
  begunAt: Timestamp,
  /** Null while it is under way. */
  endedAt: Timestamp.nullable(),
  /** Why its service does not have it yet; null: it has, or that is not known. */
  reason: ReasonSchema.nullable(),
  /** False: it has ended, is about to, or its service does not tell which job is this one. */
  isCancellable: z.boolean(),
  /** It is to end, and its service has not let go of it yet. */
  isCancelling: z.boolean(),
})
export type GatewayJob = z.infer<typeof GatewayJob>

const tags = ['usage']
const exported = z.object({ ...range, by: z.enum(['user', 'key']).default('user'), per: UsagePer.default('day') })

/** What people used of the services, and how they stand to their limits. Prompts and images are no part of it. */
export const usage = {
  read: procedure('own')
    .route({ method: 'GET', path: '/usage', tags, summary: 'What was used, by person, key or service, and by day' })
    .input(ranged(z.object({ ...range, by: UsageBy.default('user') })))
    .output(UsageAnswer),
  lines: procedure('own')
    .route({
      method: 'GET',
      path: '/usage/lines',
      tags,
      summary: 'The same, a line a person (or key) and day or service',
    })
    .input(ranged(exported))
    .output(z.array(UsageLine)),
  csv: procedure('own')
    .route({
      method: 'GET',
      path: '/usage/lines.csv',
      tags,
      summary: 'These lines for a spreadsheet: UTF-8 with its mark',
    })
    .input(ranged(exported))
    .output(z.file().mime('text/csv')),
  mine: procedure('user')
    .route({ method: 'GET', path: '/me/usage', tags, summary: 'How I stand to my limits today, and the last days' })
    .output(UsageNow),
  jobs: procedure('user')
    .route({
      method: 'GET',
      path: '/me/jobs',
      tags,
      summary: 'My jobs through the gateway: those that wait or run, and the last 20 that ended',
    })
    .output(z.array(GatewayJob)),
  cancelJob: procedure('own', { errors: ['NOT_FOUND', 'CONFLICT', ...gives.service] })
    .route({
      method: 'POST',
      path: '/services/{serviceId}/jobs/{id}/cancel',
      tags,
      summary:
        'Cancel a job that came through the gateway, waiting or running: one’s own, as an administrator anybody’s',
    })
    .input(z.object({ serviceId: Slug, id: z.string().min(1).max(300) }))
    .output(
      z.object({
        /** `cancelling`: it ends as soon as its service lets go of it. */
        state: z.enum(['cancelled', 'cancelling']),
      }),
    ),
  ofUser: procedure('admin')
    .route({ method: 'GET', path: '/users/{id}/usage', tags, summary: 'How somebody stands to his limits today' })
    .input(z.object({ id: AccountId }))
    .output(UsageNow),
}
