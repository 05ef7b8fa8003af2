import * as z from 'zod'
import { Timestamp } from './base'

/** What is remembered of an unreachable service. */
export const LastReach = z.object({
  /** Failed checks one after the other, and when the first of them was. */
  failures: z.number().int().positive(),
  failingSince: Timestamp,
  /** When it answered last, as far as this panel saw; null: it was never reached. */
  answeredAt: Timestamp.nullable(),
  /** The model that it told then. */
  model: z.string().nullable(),
})
export type LastReach = z.infer<typeof LastReach>

/** A quarter of an hour, from its beginning: how many checks were answered, and how many not. None at all: not watched. */
const ReachSlot = z.object({ at: Timestamp, answered: z.number().int(), failed: z.number().int() })
export type ReachSlot = z.infer<typeof ReachSlot>

/** Equal checks in a row, as one: when the last of them was, and how many there were. */
const ReachTry = z.object({
  at: Timestamp,
  asked: z.string(),
  answered: z.string(),
  /** Whether the service answered as itself. */
  isThere: z.boolean(),
  tookMs: z.number().nonnegative(),
  times: z.number().int().positive(),
})
export type ReachTry = z.infer<typeof ReachTry>

/** Whether an external service could be reached, as far as this panel watched. */
export const ServiceReach = z.object({
  /** 24 hours, oldest first. */
  slots: z.array(ReachSlot),
  /** Newest first; the last few. */
  tries: z.array(ReachTry),
})
export type ServiceReach = z.infer<typeof ServiceReach>
