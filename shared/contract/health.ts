import * as z from 'zod'
import { ReasonSchema, Timestamp } from './base'

export const HealthState = z.enum([
  'absent',
  'stopped',
  'starting',
  'listening',
  'authenticated',
  'ready',
  'unhealthy',
  'locked-out',
  /** Of an external service: nothing answers at its address, or another program does. */
  'unreachable',
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
  /**
   * What came back in protocol terms, e.g. `200`, `ECONNREFUSED`, `pid 4242`; on a waiting rung of an unreachable service
   * what came back last, at the time in `at`.
   */
  answered: z.string(),
  at: Timestamp.nullable(),
  tookMs: z.number().nonnegative().nullable(),
})
export type Rung = z.infer<typeof Rung>

/** A finding about a container that stands beside the ladder, with its evidence. */
export const HealthCheck = z.object({
  /** `container-health`: Docker's own check. `restarts`: restart loops. `gpu`: visible inside the container. */
  id: z.enum(['container-health', 'restarts', 'gpu', 'model', 'last-generation']),
  state: z.enum(['ok', 'warning', 'failed', 'unknown']),
  asked: z.string(),
  answered: z.string(),
  at: Timestamp.nullable(),
  tookMs: z.number().nonnegative().nullable(),
  /** What is wrong and what to do, unless it is `ok`. */
  reason: ReasonSchema.optional(),
  /** The operation that mends it in one click. */
  fix: z.enum(['restart', 'recreate']).optional(),
})
export type HealthCheck = z.infer<typeof HealthCheck>

/**
 * The sixth rung, above `ready`: an image was made there, by the last golden check that says something. It changes no
 * state, and stands beside the five, so that whoever knows these reads on.
 */
export const ProvedRung = z.object({
  /** `waiting`: the check was of what ran before; `before` tells what has happened since. */
  state: z.enum(['proven', 'failed', 'waiting']),
  asked: z.string(),
  answered: z.string(),
  at: Timestamp,
  /** `image` and `model`: it has another one. `updated`: it tells another version. */
  before: z.enum(['updated', 'image', 'recreated', 'restarted', 'model']).optional(),
  tookMs: z.number().nonnegative().nullable(),
  /** The golden check. */
  checkId: z.string(),
})
export type ProvedRung = z.infer<typeof ProvedRung>

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
  /** Absent where no golden check was made. */
  proved: ProvedRung.optional(),
  /** Further findings that are no rung of their own; empty where the runtime has none. */
  checks: z.array(HealthCheck),
})
export type Health = z.infer<typeof Health>
