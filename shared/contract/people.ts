import * as z from 'zod'
import { Role } from './access'
import { AccountId } from './accounts'
import { RecordId, Slug, Timestamp } from './base'

const Limit = z.number().int().nonnegative().max(1_000_000_000).nullable()

/** What somebody may use through the gateway and the Studio; null: as much as they like. */
export const Limits = z.object({
  /** Jobs that wait or run at once. */
  concurrentJobs: Limit,
  jobsPerDay: Limit,
  gpuSecondsPerDay: Limit,
})
export type Limits = z.infer<typeof Limits>

/** What a person is called by others. */
export const PersonName = z.string().trim().min(1).max(100)

/** A person, or a program that is treated as one: an account of the panel and of the gateway. */
export const User = z.object({
  id: AccountId,
  name: PersonName,
  role: Role,
  /** Nothing of theirs opens anything until that is taken back. */
  suspended: z.boolean(),
  hasPassword: z.boolean(),
  createdAt: Timestamp,
  /** When they last used the panel or a key; null: not since they are known. */
  lastSeenAt: Timestamp.nullable(),
  limits: Limits,
  /** The link that lets them set a password, until it is used; null where there is none. */
  invitation: z.object({ expiresAt: Timestamp }).nullable(),
})
export type User = z.infer<typeof User>

/**
 * `live`: it opens what it names. `grace`: another one took its place, and it still opens until `graceUntil`. `ended`: it
 * opens nothing, and never will again.
 */
export const KeyState = z.enum(['live', 'grace', 'ended'])
export type KeyState = z.infer<typeof KeyState>

/** When a key was last used, from which address, by which program (`User-Agent`), and for what. */
export const KeyUse = z.object({
  at: Timestamp,
  from: z.string(),
  /** Null where it does not say. */
  client: z.string().nullable(),
  /** Null: for the panel's own REST. */
  serviceId: z.string().nullable(),
})
export type KeyUse = z.infer<typeof KeyUse>

/** What stands for a person in their programs. The key itself is told once, when it is made. */
export const Key = z.object({
  id: RecordId,
  userId: AccountId,
  name: z.string().trim().min(1).max(100),
  /** The services that it opens; null: all, those to come included. */
  services: z.array(Slug).max(200).nullable(),
  /** Whether an administrator's key opens the panel's REST as administrator; a user's always opens it, as user. */
  panel: z.boolean(),
  /** The first 12 hex digits of its SHA-256. */
  fingerprint: z.string(),
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable(),
  state: KeyState,
  graceUntil: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  /** The key that took its place. */
  replacedBy: RecordId.nullable(),
  lastUsed: KeyUse.nullable(),
})
export type Key = z.infer<typeof Key>
