import * as z from 'zod'
import {
  AccountId,
  type Key,
  type KeyUse,
  Limits,
  PersonName,
  RecordId,
  Role,
  Slug,
  Timestamp,
  type User,
} from '../../shared/contract'
import { fingerprintOf } from './key'

/** A bcrypt hash. */
export const PasswordHash = z.string().regex(/^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/)
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

export const noLimits: Limits = { concurrentJobs: null, jobsPerDay: null, gpuSecondsPerDay: null }

/** A person as the file keeps them. */
export const Person = z.object({
  id: AccountId,
  name: PersonName,
  role: Role,
  suspended: z.boolean(),
  password: PasswordHash.nullable(),
  createdAt: Timestamp,
  lastSeenAt: Timestamp.nullable(),
  limits: Limits,
  /** `hash`: SHA-256 of the token of the link, until it is used. */
  invitation: z.object({ hash: Sha256, expiresAt: Timestamp }).nullable(),
})
export type Person = z.infer<typeof Person>

/** A key as the file keeps it: never itself. */
export const KeptKey = z.object({
  id: RecordId,
  userId: AccountId,
  name: z.string(),
  services: z.array(Slug).nullable(),
  panel: z.boolean(),
  /** Beside those of its person. */
  limits: Limits.default(noLimits),
  /** SHA-256 of the key. */
  hash: Sha256,
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable(),
  /** Until when it goes on beside the key that took its place. */
  graceUntil: Timestamp.nullable(),
  replacedBy: RecordId.nullable(),
  /** Set once and for good, also where its time had passed: a clock that is turned back revives nothing. */
  endedAt: Timestamp.nullable(),
})
export type KeptKey = z.infer<typeof KeptKey>

/** The file. A person may be in it once, and so may a key. */
export const PeopleFile = z.object({
  people: z.array(Person),
  keys: z.array(KeptKey),
  /** Ids of people who were removed: what they made carries them, so nobody else gets one. */
  formerIds: z.array(AccountId),
})
export type PeopleFile = z.infer<typeof PeopleFile>

/** What differs between two states of something, told as they are after it. */
export const differing = (
  before: Record<string, string | number | null>,
  after: Record<string, string | number | null>,
): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(after).flatMap(([name, value]) => (before[name] === value ? [] : [[name, value ?? 'none']])),
  )

/** Whether a key opens nothing any more at a time, noted as ended or not. */
export const isOver = ({ endedAt, expiresAt, graceUntil }: KeptKey, now: number): boolean =>
  endedAt !== null || (expiresAt !== null && expiresAt <= now) || (graceUntil !== null && graceUntil <= now)

/** A person as the contract tells of them. */
export function toUser(person: Person, lastSeenAt: number | null, now: number): User {
  const { id, name, role, suspended, password, createdAt, limits, invitation } = person
  const isOpen = invitation !== null && invitation.expiresAt > now
  return {
    ...{ id, name, role, suspended, hasPassword: password !== null, createdAt, lastSeenAt, limits },
    invitation: isOpen ? { expiresAt: invitation.expiresAt } : null,
  }
}

/** When a key stopped opening anything; null where it has not. */
function endOf(kept: KeptKey, now: number): number | null {
  if (kept.endedAt !== null || !isOver(kept, now)) return kept.endedAt
  const over = [kept.expiresAt, kept.graceUntil].filter((at) => at !== null && at <= now)
  return over[0] ?? now
}

/** A key as the contract tells of it. */
export function toKey(kept: KeptKey, lastUsed: KeyUse | null, now: number): Key {
  const endedAt = endOf(kept, now)
  // Thousands are listed at once: field by field is several times as fast as what is left of a spread.
  return {
    id: kept.id,
    userId: kept.userId,
    name: kept.name,
    services: kept.services,
    panel: kept.panel,
    limits: kept.limits,
    fingerprint: fingerprintOf(kept.hash),
    createdAt: kept.createdAt,
    expiresAt: kept.expiresAt,
    state: endedAt !== null ? 'ended' : kept.graceUntil === null ? 'live' : 'grace',
    graceUntil: kept.graceUntil,
    endedAt,
    replacedBy: kept.replacedBy,
    lastUsed,
  }
}
