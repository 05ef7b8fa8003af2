import * as z from 'zod'
import { Consumer, RotationPolicy } from '../../shared/contract'

/** How a credential is looked after, as kept in its record. Every part has a default, for vaults of before. */
export const CareSchema = z.object({
  policy: RotationPolicy.prefault({}),
  snoozedUntil: z.number().nullable().default(null),
  /** When a person was last told that it is due. */
  remindedAt: z.number().nullable().default(null),
  /** Who asked for a rotation as soon as nothing runs. */
  wanted: z.object({ by: z.string(), at: z.number() }).nullable().default(null),
  consumers: z.array(Consumer).default([]),
})
export type Care = z.infer<typeof CareSchema>

export const newCare = (): Care => CareSchema.parse({})
