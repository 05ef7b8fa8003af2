import * as z from 'zod'
import { procedure, ReasonSchema, Slug, Timestamp } from './base'
import { Operation } from './services'

/** What happened to a service. */
export const TimelineKind = z.enum([
  /** Its container was created, recreated in place of another, or removed. */
  'created',
  'recreated',
  'removed',
  'started',
  /** It ended because somebody asked it to. */
  'stopped',
  /** It ended by itself: without a fault, or with one. */
  'ended',
  'crashed',
  /** A process of it was killed for want of memory. */
  'oom',
  'paused',
  'resumed',
  /** Docker's own check. */
  'check-healthy',
  'check-unhealthy',
  /** Regie's ladder. */
  'ready',
  'unhealthy',
  'locked-out',
  'unreachable',
  /** A newer image of it was fetched. */
  'pulled',
  /** An operation that was asked of Regie did not work. */
  'failed',
  /** Its models were taken out of memory, because nobody worked with it. */
  'unloaded',
  /** That, or a stop, was due and was not done, as the reason says. */
  'not-unloaded',
  'not-stopped',
])
export type TimelineKind = z.infer<typeof TimelineKind>

/** Who did it. */
export const TimelineActor = z.enum([
  /** Regie, because `name` asked it to. */
  'regie',
  /** Docker, by the container's restart policy. */
  'docker',
  /** The system, e.g. the kernel for want of memory. */
  'system',
  /** The program itself. */
  'program',
  /** Somebody with another tool, or another panel. */
  'outside',
  /** It happened while Regie was not looking. */
  'unknown',
])
export type TimelineActor = z.infer<typeof TimelineActor>

export const TimelineEntry = z.object({
  id: z.string(),
  serviceId: z.string(),
  at: Timestamp,
  kind: TimelineKind,
  actor: TimelineActor,
  /**
   * Who asked Regie: `owner`, `admin`, `user`, `rotation`; `idle` and `schedule` for what Regie does by itself, `gateway` for
   * a request that woke it. Null when nobody did, or it was not Regie.
   */
  name: z.string().nullable(),
  /** Which operation of Regie's it belongs to. */
  operation: Operation.nullable(),
  exitCode: z.number().int().nullable(),
  /** The signal that was sent before it ended, e.g. `15`. */
  signal: z.string().nullable(),
  image: z.string().nullable(),
  /** Why, where Regie knows it. */
  reason: ReasonSchema.optional(),
})
export type TimelineEntry = z.infer<typeof TimelineEntry>

/** Under `/services/{id}`. */
export const timeline = {
  list: procedure('admin')
    .route({
      method: 'GET',
      path: '/services/{id}/timeline',
      tags: ['services'],
      summary: 'What happened to a service and who did it, newest first',
    })
    .input(
      z.object({
        id: Slug,
        limit: z.number().int().min(1).max(500).default(100),
        /** The `nextCursor` of the page before. */
        cursor: z.string().max(64).optional(),
      }),
    )
    .output(z.object({ items: z.array(TimelineEntry), nextCursor: z.string().nullable() })),
}
