import * as z from 'zod'
import { stackKinds } from '../kinds'
import { AccountId } from './accounts'
import { gives, procedure, ReasonSchema, Slug, Timestamp, WeekWindow } from './base'
import { SessionsFate } from './sessions'

const hoursOfDefaultGrace = 24

/** How often a credential gets a new secret, and who begins it. */
export const RotationPolicy = z.object({
  /** `remind`: say so once it is due; `automatic`: rotate in the window, while nothing runs on its services. */
  mode: z.enum(['off', 'remind', 'automatic']).default('off'),
  everyDays: z.number().int().min(1).max(3650).default(90),
  /** When Regie may rotate by itself. */
  window: WeekWindow.default({ from: '02:00', to: '05:00', days: [1, 2, 3, 4, 5, 6, 7] }),
  /** So long the secret before is kept for a roll-back; then it is erased from the vault. 0: not at all. */
  graceHours: z
    .number()
    .int()
    .min(0)
    .max(24 * 90)
    .default(hoursOfDefaultGrace),
})
export type RotationPolicy = z.infer<typeof RotationPolicy>

/** Somebody or something that uses the secret and that Regie cannot see, as a person wrote it down. */
export const Consumer = z.object({ name: z.string().trim().min(1).max(120), note: z.string().trim().max(500) })
export type Consumer = z.infer<typeof Consumer>

/** Where a credential stands by its policy. */
export const RotationSchedule = z.object({
  credentialId: z.string(),
  policy: RotationPolicy,
  /**
   * `later`: not due yet; `due`: a person should rotate it; `waiting`: due, and the window is not open; `postponed`:
   * a service is busy, or it is not known whether it is; `rotating`: it is being done.
   */
  state: z.enum(['off', 'later', 'due', 'snoozed', 'waiting', 'postponed', 'rotating']),
  dueAt: Timestamp.nullable(),
  /** When Regie looks again or acts by itself; null when it does not. */
  nextAt: Timestamp.nullable(),
  snoozedUntil: Timestamp.nullable(),
  /** Who asked for a rotation as soon as nothing runs. */
  wanted: z.object({ by: z.string(), at: Timestamp }).nullable(),
  /** Why it is postponed, or why the last try failed. */
  reason: ReasonSchema.optional(),
})
export type RotationSchedule = z.infer<typeof RotationSchedule>

/** Whether something runs on a service, whoever asked for it. */
export const ServiceLoad = z.object({
  serviceId: z.string(),
  state: z.enum(['idle', 'busy', 'unknown', 'stopped']),
  /** Regie's own generations that have not ended. */
  own: z.number().int(),
  /** Jobs on the service itself, Regie's own among them; null when it does not tell. */
  running: z.number().int().nullable(),
  waiting: z.number().int().nullable(),
  /** Why it is not known. */
  reason: ReasonSchema.optional(),
})
export type ServiceLoad = z.infer<typeof ServiceLoad>

/** What a rotation would do now. Nothing is changed by asking. */
export const RotationPlan = z.object({
  sinks: z.array(z.object({ id: z.string(), path: z.string(), key: z.string().nullable() })),
  services: z.array(
    z.object({
      id: z.string(),
      /** `stopped`: reads the secret when it starts; `external`: somebody else must restart it. */
      action: z.enum(['restart', 'recreate', 'none', 'stopped', 'external']),
      /** Why Regie cannot restart it, although it must: the rotation is refused before anything is touched. */
      blocked: ReasonSchema.optional(),
      /** Whether the new secret will be proven on it. */
      asked: z.boolean(),
      /** How long it is expected to be away, in ms; null when nothing is known of earlier starts. */
      expectedMs: z.number().nullable(),
      /** Of how many starts that is the middle. */
      samples: z.number().int(),
      load: ServiceLoad,
      /** What becomes of the browser sessions that are open on it. */
      sessions: SessionsFate,
      /**
       * Where people reach it through the gateway, whose requests wait meanwhile: for how long, in ms, as the last restart
       * took (null when none was measured), and who has jobs on it, which end before it is restarted. Absent elsewhere.
       */
      held: z
        .object({
          ms: z.number().nullable(),
          work: z.array(z.object({ account: AccountId, name: z.string(), jobs: z.number().int().positive() })),
        })
        .optional(),
    }),
  ),
  /** Regie's own generations that a restart would lose. */
  generations: z.array(
    z.object({ id: z.string(), serviceId: z.string(), state: z.enum(['queued', 'running']), prompt: z.string() }),
  ),
  consumers: z.array(Consumer),
  /** Until when the present previous secret can be gone back to; the rotation replaces it. */
  previousUntil: Timestamp.nullable(),
})
export type RotationPlan = z.infer<typeof RotationPlan>

/** Several credentials rotated one after the other. */
export const RotationRound = z.object({
  id: z.string(),
  state: z.enum(['running', 'stopping', 'ended']),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  startedBy: z.string(),
  /** Each waits until nothing runs on its services. */
  whenIdle: z.boolean(),
  items: z.array(
    z.object({
      credentialId: z.string(),
      /** `waiting-idle`: its turn has come, and a service is busy; `skipped`: the round was stopped before it. */
      state: z.enum(['waiting', 'waiting-idle', 'running', 'committed', 'rolled-back', 'failed', 'refused', 'skipped']),
      rotationId: z.string().nullable(),
      reason: ReasonSchema.optional(),
    }),
  ),
})
export type RotationRound = z.infer<typeof RotationRound>

const tags = ['credentials']
const one = z.object({ id: Slug })

/** Under `credentials`: when secrets are rotated, what that would do, and the way back. */
export const rotationProcedures = {
  schedules: procedure('admin', { errors: gives.store })
    .route({
      method: 'GET',
      path: '/rotation-schedules',
      tags,
      summary: 'Policy of every credential, and where it stands',
    })
    .output(z.array(RotationSchedule)),
  setPolicy: procedure('admin', { errors: gives.store, example: { policy: { mode: 'remind', everyDays: 90 } } })
    .route({ method: 'PUT', path: '/credentials/{id}/policy', tags, summary: 'How often it is rotated, and how' })
    .input(one.extend({ policy: RotationPolicy }))
    .output(RotationSchedule),
  snooze: procedure('admin', { errors: gives.store, example: { until: 1798761600000 } })
    .route({
      method: 'POST',
      path: '/credentials/{id}/snooze',
      tags,
      summary: 'Due, but not before this time; null takes that back',
    })
    .input(one.extend({ until: Timestamp.nullable() }))
    .output(RotationSchedule),
  rotateWhenIdle: procedure('admin', { errors: gives.store, example: { wanted: true } })
    .route({
      method: 'POST',
      path: '/credentials/{id}/rotate-when-idle',
      tags,
      summary: 'Rotate as soon as nothing runs on its services; false takes that back',
    })
    .input(one.extend({ wanted: z.boolean().default(true) }))
    .output(RotationSchedule),
  rotationPlan: procedure('admin', { errors: gives.engine })
    .route({
      method: 'GET',
      path: '/credentials/{id}/rotation-plan',
      tags,
      summary: 'What a rotation would do now; changes nothing',
    })
    .input(one)
    .output(RotationPlan),
  setConsumers: procedure('admin', {
    errors: gives.store,
    example: { consumers: [{ name: 'Krita plug-in', note: 'on the drawing table' }] },
  })
    .route({
      method: 'PUT',
      path: '/credentials/{id}/consumers',
      tags,
      summary: 'Who else uses this secret, as a person knows it',
    })
    .input(one.extend({ consumers: z.array(Consumer).max(64) }))
    .output(z.array(Consumer)),
  rotationRound: procedure('admin')
    .route({
      method: 'GET',
      path: '/rotation-round',
      tags,
      summary: 'The round that runs, or the last since the start',
    })
    .output(RotationRound.nullable()),
  rotateAll: procedure('admin', {
    errors: ['CONFLICT', 'NOT_FOUND', ...gives.store],
    example: { ids: Object.values(stackKinds), whenIdle: true },
  })
    .route({
      method: 'POST',
      path: '/rotation-round',
      tags,
      summary: 'Rotate several credentials, one after the other; answers at once',
    })
    .input(
      z.object({
        ids: z
          .array(Slug)
          .min(1)
          .max(256)
          .refine((ids) => new Set(ids).size === ids.length, 'the same credential twice'),
        whenIdle: z.boolean().default(false),
      }),
    )
    .output(RotationRound),
  stopRound: procedure('admin', { errors: ['CONFLICT'] })
    .route({ method: 'DELETE', path: '/rotation-round', tags, summary: 'End the round after the rotation that runs' })
    .output(RotationRound),
}
