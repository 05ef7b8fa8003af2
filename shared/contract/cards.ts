import * as z from 'zod'
import { AccountId } from './accounts'
import { procedure, ReasonSchema, Timestamp } from './base'

/** How a service stands on its card. `empty`: it runs, and its models are unloaded. */
export const LaneState = z.enum(['working', 'loaded', 'empty', 'waiting', 'changing', 'stopped', 'unknown'])
export type LaneState = z.infer<typeof LaneState>

/** One service that shares a card. Memory is in MiB; null: not known. */
export const CardLane = z.object({
  serviceId: z.string(),
  /** What it takes with its models loaded; null: not known yet, which counts as the whole card. */
  needMiB: z.number().nullable(),
  /** Where that comes from. */
  needFrom: z.enum(['limit', 'seen', 'unknown']),
  heldMiB: z.number().nullable(),
  state: LaneState,
  /** Since when it has the card; null: it has not. */
  turnSince: Timestamp.nullable(),
  /** When the jobs that it has should be done, by how long its last ones took; past: they take longer; null: not known, or it has none. */
  doneAt: Timestamp.nullable(),
  /** How it stood in the last 24 hours, oldest first; each piece lasts until the next begins. Before the last hour short ones may be left out. */
  pieces: z.array(z.object({ from: Timestamp, state: LaneState })),
})
export type CardLane = z.infer<typeof CardLane>

/** A job that waits for its turn on a card. */
const CardWaiting = z.object({
  serviceId: z.string(),
  /** Whose it is; null for everybody but administrators and the person. */
  by: AccountId.nullable(),
  since: Timestamp,
  /** Jobs before it on the same service. */
  ahead: z.number().int(),
  reason: ReasonSchema,
})

/** One change of who has the card. */
export const CardTurn = z.object({
  at: Timestamp,
  /** What room was taken from; empty where all fit. */
  from: z.array(z.string()),
  to: z.string(),
  /** Whose job it was for; null for everybody but administrators and the person. */
  by: AccountId.nullable(),
  waitedMs: z.number(),
  how: z.enum(['fits', 'unloaded', 'stopped']),
  /** MiB that were measured as freed on the card; null where nothing was, or that cannot be measured. */
  freedMiB: z.number().nullable(),
  /** MiB that were still in use by them after unloading, where that was too much. */
  leftMiB: z.number().nullable(),
  /** How long making room took, in ms. */
  tookMs: z.number(),
})
export type CardTurn = z.infer<typeof CardTurn>

/** Two services of a card: what is left beside both in MiB (negative: so much is short); null: not known. */
const CardPair = z.object({ one: z.string(), other: z.string(), leftMiB: z.number().nullable() })

/** One card that several services share. */
export const CardTurns = z.object({
  uuid: z.string(),
  totalMiB: z.number().nullable(),
  usedMiB: z.number().nullable(),
  /** What programs hold that are no service. */
  othersMiB: z.number().nullable(),
  lanes: z.array(CardLane),
  /** In the order in which they are served. */
  waiting: z.array(CardWaiting),
  /** When the turn of the first of them should come, reckoned the same way; null: not known, or nobody waits. */
  nextAt: Timestamp.nullable(),
  turns: z.array(CardTurn),
  pairs: z.array(CardPair),
})
export type CardTurns = z.infer<typeof CardTurns>

export const cards = {
  turns: procedure('user', { errors: ['NOT_FOUND'] })
    .route({
      method: 'GET',
      path: '/gpus/{uuid}/turns',
      tags: ['gpus'],
      summary: 'Who has a card, who waits for it and why, the turns of the last 24 hours, and what fits together',
    })
    .input(z.object({ uuid: z.string().max(200) }))
    .output(CardTurns),
}
