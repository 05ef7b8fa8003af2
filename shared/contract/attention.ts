import * as z from 'zod'
import { gives, procedure, ReasonSchema, RecordId, Timestamp } from './base'

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
  /** A card's driver holds its clock down: heat, or its power supply. */
  'gpu-slowed',
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
  /** The last backup came to nothing. */
  'backup-failed',
  /** Files that the last backup should hold could not be read. */
  'backup-incomplete',
  /** No backup has been made for too long. */
  'backup-overdue',
  /** A golden check took longer than those before it. */
  'golden-slower',
  /** The last golden check of a service came to nothing, or to nothing of use. */
  'golden-failed',
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

/** What is asked of a person: to free work that is blocked, to see to something soon, or to decide. */
export const AttentionGroup = z.enum(['blocks', 'soon', 'decide'])
export type AttentionGroup = z.infer<typeof AttentionGroup>

/** A thing that needs a person now. `seenAt`: when the panel saw it first, which is known also where `since` is not. */
export const OpenAttention = AttentionItem.extend({ group: AttentionGroup, seenAt: Timestamp })
export type OpenAttention = z.infer<typeof OpenAttention>

/** How long something is put aside; whichever it is, it comes back when it gets worse. */
export const SnoozeLength = z.enum(['hour', 'tomorrow', 'change'])
export type SnoozeLength = z.infer<typeof SnoozeLength>

export const AttentionSnooze = z.object({
  id: RecordId,
  /** The id of what was put aside. */
  about: z.string(),
  since: Timestamp,
  /** Null: until it is otherwise. */
  until: Timestamp.nullable(),
})
export type AttentionSnooze = z.infer<typeof AttentionSnooze>

/** Something put aside: it is counted nowhere, and nobody is told of it. */
export const SnoozedAttention = OpenAttention.extend({ snooze: AttentionSnooze })
export type SnoozedAttention = z.infer<typeof SnoozedAttention>

/** Something that needed a person, and is over. */
export const ResolvedAttention = OpenAttention.extend({ overAt: Timestamp })
export type ResolvedAttention = z.infer<typeof ResolvedAttention>

const markOf = <S extends string>(states: readonly [S, ...S[]]) =>
  z.object({ count: z.number().int().positive(), worst: z.enum(states) }).nullable()

/** What needs a person, worst first, and how many services, credentials and cards are amiss; null where none is. */
export const Attention = z.object({
  items: z.array(OpenAttention),
  snoozed: z.array(SnoozedAttention),
  services: markOf(['locked-out', 'unhealthy', 'unreachable']),
  credentials: markOf(['refused', 'drifted']),
  /** Cards with a fault, and cards at a limit. */
  gpus: markOf(['unhealthy', 'hot', 'slowed', 'full']),
  /** What cannot be told just now: that it is not in the list says nothing. */
  unknown: z.object({ kinds: z.array(AttentionKind), services: z.array(z.string()) }),
})
export type Attention = z.infer<typeof Attention>

export const attention = {
  read: procedure('admin', { errors: gives.store })
    .route({ method: 'GET', path: '/attention', tags: ['system'], summary: 'What needs a person now, worst first' })
    .output(Attention),
  resolved: procedure('admin')
    .route({
      method: 'GET',
      path: '/attention/resolved',
      tags: ['system'],
      summary: 'What needed a person in the last days and is over, the last first',
    })
    .output(z.array(ResolvedAttention)),
  snooze: procedure('admin', {
    errors: ['NOT_FOUND', 'CONFLICT', ...gives.store],
    example: { about: 'service comfyui', length: 'hour' },
  })
    .route({
      method: 'POST',
      path: '/attention/snoozes',
      successStatus: 201,
      tags: ['system'],
      summary: 'Put something aside for everybody: an hour, until tomorrow morning, or until it is otherwise',
    })
    .input(z.object({ about: z.string().min(1).max(500), length: SnoozeLength }))
    .output(AttentionSnooze),
  unsnooze: procedure('admin', { errors: gives.store })
    .route({
      method: 'DELETE',
      path: '/attention/snoozes/{id}',
      tags: ['system'],
      summary: 'Take something up again that was put aside',
    })
    .input(z.object({ id: RecordId }))
    .output(z.object({ id: RecordId })),
}
