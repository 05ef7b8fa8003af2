import * as z from 'zod'
import { gives, procedure, ReasonSchema, Timestamp } from './base'

/** What may need a person. */
export const AttentionKind = z.enum([
  /** Docker is silent, and services live there. */
  'docker',
  'service-locked-out',
  'service-paused',
  'service-unhealthy',
  /** An external service that does not answer. */
  'service-unreachable',
  /** A fault of a card that passes only when somebody acts. */
  'gpu',
  /** A card is at its limit, and may slow down or fail. */
  'gpu-hot',
  /** A card has next to no free memory. */
  'gpu-full',
  /** An older vault lies there, or none where there was one: an administrator decides. */
  'vault-waiting',
  'vault-locked',
  'vault-unreadable',
  /** Entries of the configuration cannot be used. */
  'invalid',
  'notice',
  /** A check beside the ladder of a service that works otherwise. */
  'check',
  /** A container runs with other settings than its files ask for. */
  'pending',
  /** An update that could not be rolled back by itself. */
  'update-failed',
  'credential-drifted',
  'credential-refused',
  'rotation-due',
  'rotation-postponed',
  /** The last rotation of a credential was rolled back, or not even that. */
  'rotation-failed',
  /** The last leak scan found a secret where it does not belong. */
  'leak-found',
  /** The last exposure test of a service found that it lets strangers in. */
  'door-open',
  'disk-low',
  /** A job has waited too long. */
  'queue-stuck',
  'certificate-ending',
  'key-ending',
  /** A channel of the alerts, or the heartbeat address, takes nothing. */
  'alerts-undelivered',
])
export type AttentionKind = z.infer<typeof AttentionKind>

/** One thing that needs a person. */
export const AttentionItem = z.object({
  /** The same for as long as it is the same thing. */
  id: z.string(),
  kind: AttentionKind,
  /** The service or credential that it is about; null where it is about neither, or several. */
  subject: z.string().nullable(),
  /** How many services, sinks or entries it is about. */
  count: z.number().int(),
  /** The services that it is about, where it is about a card. */
  services: z.array(z.string()).optional(),
  /** What is wrong and what to do, where more is known than its kind. */
  reason: ReasonSchema.optional(),
  /** Since when; null where that is not known. */
  since: Timestamp.nullable(),
  /** Blocks work. */
  urgent: z.boolean(),
  /** The page where it is mended, what it is about there, and which part of that. */
  leadsTo: z.object({
    page: z.enum(['services', 'credentials', 'gpus', 'people', 'settings']),
    id: z.string().optional(),
    tab: z.string().optional(),
  }),
})
export type AttentionItem = z.infer<typeof AttentionItem>

const markOf = <S extends string>(states: readonly [S, ...S[]]) =>
  z.object({ count: z.number().int().positive(), worst: z.enum(states) }).nullable()

/** What needs a person, worst first, and how many services, credentials and cards are amiss; null where none is. */
export const Attention = z.object({
  items: z.array(AttentionItem),
  services: markOf(['locked-out', 'unhealthy', 'unreachable']),
  credentials: markOf(['refused', 'drifted']),
  /** Cards with a fault, and cards at a limit. */
  gpus: markOf(['unhealthy', 'hot', 'full']),
  /** What cannot be told just now: that it is not in the list says nothing. */
  unknown: z.object({ kinds: z.array(AttentionKind), services: z.array(z.string()) }),
})
export type Attention = z.infer<typeof Attention>

export const attention = {
  read: procedure('admin', { errors: gives.store })
    .route({ method: 'GET', path: '/attention', tags: ['system'], summary: 'What needs a person now, worst first' })
    .output(Attention),
}
