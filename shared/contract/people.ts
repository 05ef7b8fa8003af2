import * as z from 'zod'
import { Password, Role, SignedIn } from './access'
import { AccountId } from './accounts'
import { gives, NewName, procedure, RecordId, Slug, Timestamp } from './base'

const Limit = z.number().int().nonnegative().max(1_000_000_000).nullable()

/** What somebody may use through the gateway and the Studio; null: as much as they like. */
export const Limits = z.object({
  /** Jobs that wait or run at once. */
  concurrentJobs: Limit,
  jobsPerDay: Limit,
  gpuSecondsPerDay: Limit,
})
export type Limits = z.infer<typeof Limits>

const OneLine = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]+$/u, 'no control characters')

/** What a person is called by others. */
export const PersonName = OneLine
const NewPersonName = NewName(100)

/** A person, or a program that is treated as one: an account of the panel and of the gateway. */
export const User = z.object({
  id: AccountId,
  name: PersonName,
  role: Role,
  /** While it is set, nothing of theirs opens anything. */
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
const KeyState = z.enum(['live', 'grace', 'ended'])

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

const KeyName = OneLine
const NewKeyName = NewName(100)
const KeyServices = z.array(Slug).max(200).nullable()

/** What stands for a person in their programs. The key itself is told once, when it is made. */
export const Key = z.object({
  id: RecordId,
  userId: AccountId,
  name: KeyName,
  /** The services that it opens; null: all, those to come included. */
  services: KeyServices,
  /** Whether an administrator's key opens the panel's REST as administrator; a user's always opens it, as user. */
  panel: z.boolean(),
  /** Beside those of its person: the stricter counts. What is done in the Studio is no key’s. */
  limits: Limits,
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

/** A key that was just made. */
export const MadeKey = z.object({
  id: RecordId,
  /** The key itself: told this once, and kept nowhere. */
  key: z.string(),
  record: Key,
})
export type MadeKey = z.infer<typeof MadeKey>

const Token = z.string().min(1).max(128)

/** A link that was just made: it lets one person set a password, once. */
export const Invitation = z.object({
  user: User,
  /** Told this once, and kept nowhere. */
  token: z.string(),
  /** Where it leads in the panel, with the token behind the #, which no request carries. */
  path: z.string(),
  expiresAt: Timestamp,
})
export type Invitation = z.infer<typeof Invitation>

const one = z.object({ id: AccountId })
const people = ['people']

export const users = {
  list: procedure('admin', { errors: gives.store })
    .route({ method: 'GET', path: '/users', tags: people, summary: 'Everybody who has an account' })
    .output(z.array(User)),
  create: procedure('admin', {
    reauth: true,
    errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: { id: 'anna', name: 'Anna', role: 'user' },
  })
    .route({
      method: 'POST',
      path: '/users',
      successStatus: 201,
      tags: people,
      summary: 'Make an account; without a password it signs in after an invitation',
    })
    .input(
      z.object({
        id: AccountId,
        name: NewPersonName,
        role: Role,
        password: Password.optional(),
        limits: Limits.partial().optional(),
      }),
    )
    .output(User),
  change: procedure('admin', {
    reauth: true,
    errors: ['CONFLICT', ...gives.store],
    example: { suspended: true },
  })
    .route({
      method: 'PATCH',
      path: '/users/{id}',
      tags: people,
      summary: 'Rename somebody, give another role or limits, suspend them or take that back',
    })
    .input(
      one.extend({
        name: NewPersonName.optional(),
        role: Role.optional(),
        suspended: z.boolean().optional(),
        limits: Limits.partial().optional(),
      }),
    )
    .output(User),
  remove: procedure('admin', { reauth: true, errors: ['CONFLICT', ...gives.store] })
    .route({
      method: 'DELETE',
      path: '/users/{id}',
      tags: people,
      summary: 'Remove an account with its keys; its pictures stay, under its id, which nobody gets again',
    })
    .input(one)
    .output(one),
  invite: procedure('admin', { reauth: true, errors: ['CONFLICT', ...gives.store], example: { days: 7 } })
    .route({
      method: 'POST',
      path: '/users/{id}/invitation',
      tags: people,
      summary: 'Make a link that lets somebody set a password once; an earlier one of theirs is good no more',
    })
    .input(one.extend({ days: z.number().int().min(1).max(30).default(7) }))
    .output(Invitation),
}

export const invitations = {
  look: procedure('public', { errors: ['UNAUTHORIZED', ...gives.store], example: { token: 'what the link ends with' } })
    .route({ method: 'POST', path: '/invitations/look', tags: people, summary: 'Whose an invitation is' })
    .input(z.object({ token: Token }))
    .output(z.object({ id: AccountId, name: PersonName, expiresAt: Timestamp })),
  accept: procedure('public', {
    errors: ['CONFLICT', 'UNAUTHORIZED', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: { token: 'what the link ends with', password: 'correct horse battery staple', key: { name: 'laptop' } },
  })
    .route({
      method: 'POST',
      path: '/invitations/accept',
      tags: people,
      summary: 'Set a password with an invitation, and sign in; with a first key, if one is asked for',
    })
    .input(
      z.object({
        token: Token,
        password: Password,
        name: NewPersonName.optional(),
        key: z.object({ name: NewKeyName }).optional(),
      }),
    )
    .output(SignedIn.extend({ key: MadeKey.nullable() })),
}

const aKey = z.object({ id: RecordId })

export const keys = {
  list: procedure('own', { errors: gives.store })
    .route({
      method: 'GET',
      path: '/keys',
      tags: people,
      summary: 'My keys; for administrators everybody’s, or one person’s',
    })
    .input(z.object({ userId: AccountId.optional() }))
    .output(z.array(Key)),
  create: procedure('own', {
    reauth: true,
    errors: ['CONFLICT', 'NOT_FOUND', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: { name: 'laptop', services: null, expiresAt: null },
  })
    .route({
      method: 'POST',
      path: '/keys',
      successStatus: 201,
      tags: people,
      summary: 'Make a key, told this once; for somebody else only as administrator',
    })
    .input(
      z.object({
        /** Whose it is; the caller’s own where it is left out. */
        userId: AccountId.optional(),
        name: NewKeyName,
        services: KeyServices.default(null),
        expiresAt: Timestamp.nullable().default(null),
        /** Whether it opens the panel’s REST as administrator; of no effect for a user. */
        panel: z.boolean().default(false),
        limits: Limits.partial().optional(),
      }),
    )
    .output(MadeKey),
  change: procedure('own', {
    reauth: true,
    errors: ['CONFLICT', ...gives.store],
    example: { limits: { jobsPerDay: 50 } },
  })
    .route({
      method: 'PATCH',
      path: '/keys/{id}',
      tags: people,
      summary: 'Rename a key, or give it other limits; what is left out stays',
    })
    .input(aKey.extend({ name: NewKeyName.optional(), limits: Limits.partial().optional() }))
    .output(Key),
  end: procedure('own', { errors: gives.store })
    .route({ method: 'DELETE', path: '/keys/{id}', tags: people, summary: 'End a key now, for good' })
    .input(aKey)
    .output(Key),
  rotate: procedure('own', { reauth: true, errors: ['CONFLICT', ...gives.store], example: { graceS: 86_400 } })
    .route({
      method: 'POST',
      path: '/keys/{id}/rotate',
      successStatus: 201,
      tags: people,
      summary: 'Make a key in the place of another, which goes on for a while: until then it says who uses it',
    })
    .input(
      aKey.extend({
        graceS: z
          .number()
          .int()
          .min(0)
          .max(90 * 24 * 3600)
          .default(7 * 24 * 3600),
      }),
    )
    .output(MadeKey),
}
