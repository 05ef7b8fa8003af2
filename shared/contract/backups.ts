import * as z from 'zod'
import { ClockTime, gives, procedure, ReasonSchema, Timestamp } from './base'

/** How many days, weeks and months are kept: of each its newest backup. */
export const BackupKeep = z.object({
  daily: z.number().int().min(1).max(365),
  weekly: z.number().int().min(0).max(260),
  monthly: z.number().int().min(0).max(240),
})
export type BackupKeep = z.infer<typeof BackupKeep>

export const BackupSettings = z.object({
  /** Where they are put, as an absolute path; null: nowhere yet. */
  folder: z.string().nullable(),
  /** The time of day at which one is made by itself, on this machine's clock; null: only when somebody asks. */
  daily: ClockTime.nullable(),
  keep: BackupKeep,
  /** Whether pictures go in too, those that were made and those that were given. */
  withPictures: z.boolean(),
  /** What opens them: a passphrase, or the age identity of `recipient`. Null: nothing was set, and none can be made. */
  opensBy: z.enum(['passphrase', 'identity']).nullable(),
  /** For whom they are sealed: `age1…`. */
  recipient: z.string().nullable(),
})
export type BackupSettings = z.infer<typeof BackupSettings>

/**
 * A file outside the data folder that did not go into a backup. `not-a-file`: a folder or a device lies there.
 * `too-large`: longer than any that is meant.
 */
export const LeftOut = z.object({
  path: z.string().max(4096),
  why: z.enum(['unreadable', 'too-large', 'not-a-file']),
})
export type LeftOut = z.infer<typeof LeftOut>

/** What a backup lacks. `files`: the first of them. */
export const BackupLacks = z.object({ count: z.number().int().nonnegative(), files: z.array(LeftOut) })
export type BackupLacks = z.infer<typeof BackupLacks>

/** How a backup was checked. `made`: right after it was made, by a key for that alone. `key`: with what a person gave. */
export const BackupCheck = z.object({ at: Timestamp, by: z.enum(['made', 'key']) })

export const Backup = z.object({
  /** Its file in the folder. */
  name: z.string(),
  at: Timestamp,
  bytes: z.number().int().nonnegative(),
  /** Whether this installation made it. Those of others are never removed to make room. */
  isOwn: z.boolean(),
  opensBy: z.enum(['passphrase', 'identity']),
  /** The last time that it was found whole; null: not on this machine. */
  checked: BackupCheck.nullable(),
  /** What is in it, as far as this machine has seen. */
  withPictures: z.boolean().nullable(),
  /** What is missing from it; a count of 0 is a complete one. Null: this machine has not looked into it. */
  lacks: BackupLacks.nullable(),
})
export type Backup = z.infer<typeof Backup>

/** What goes on now. */
export const BackupRun = z.object({
  act: z.enum(['making', 'checking', 'reading', 'restoring']),
  /** Null: the one that is made. */
  name: z.string().nullable(),
  startedAt: Timestamp,
  /** `collecting`: what is to go in is put together. `checking`: what was written is opened again. */
  step: z.enum(['collecting', 'writing', 'checking', 'reading']),
  bytes: z.number().int().nonnegative(),
  /** About how many there will be; 0 while that is not known. */
  ofBytes: z.number().int().nonnegative(),
})
export type BackupRun = z.infer<typeof BackupRun>

export const Backups = z.object({
  settings: BackupSettings,
  /** Newest first. */
  list: z.array(Backup),
  /** Why the folder cannot be read; null where it can, or where none is set. */
  folderReason: ReasonSchema.nullable(),
  run: BackupRun.nullable(),
  lastMade: Timestamp.nullable(),
  /** Why the last one came to nothing; null where it did not. */
  failed: z.object({ at: Timestamp, reason: ReasonSchema }).nullable(),
  nextAt: Timestamp.nullable(),
  /** A restoring that is ready, and is done at Regie's next start. */
  restoring: z.object({ name: z.string(), at: Timestamp, backupAt: Timestamp }).nullable(),
  /** What is typed on the machine to start Regie again, where the system runs it; null where it was started by hand. */
  restartCommand: z.string().nullable(),
})
export type Backups = z.infer<typeof Backups>

/** What opens a backup. */
const Passphrase = z.string().min(1).max(1024)
export const BackupKey = z.union([
  z.object({ passphrase: Passphrase }),
  /** The text of an identity file, as `age-keygen` makes it, or its line `AGE-SECRET-KEY-1…`. */
  z.object({ identity: z.string().min(1).max(4096) }),
])
export type BackupKey = z.infer<typeof BackupKey>

/**
 * What lets nobody in any more and did when a backup was made. `suspension`, `role`: what was taken from a person since;
 * `password`: another one is set now.
 */
export const Ended = z.object({
  what: z.enum(['key', 'person', 'suspension', 'role', 'password', 'invitation', 'metrics-token']),
  /** Of the key or the account; empty for the token of the metrics. */
  id: z.string(),
  /** What it is called. */
  name: z.string(),
  /** Whose the key is. */
  person: z.string().nullable(),
})
export type Ended = z.infer<typeof Ended>

/** What a restoring would change. */
export const RestorePlan = z.object({
  name: z.string(),
  at: Timestamp,
  /** Which Regie made it, where. */
  version: z.string(),
  platform: z.string(),
  dataFolder: z.string(),
  withPictures: z.boolean(),
  /** What is in it, and what there is now; null where that cannot be told, as with a locked vault. */
  counts: z.array(
    z.object({
      what: z.enum(['services', 'credentials', 'people', 'pictures']),
      backup: z.number().int(),
      now: z.number().int().nullable(),
    }),
  ),
  /** Files outside the data folder, as they are now beside what the backup holds. */
  outside: z.array(z.object({ path: z.string(), state: z.enum(['same', 'different', 'missing', 'elsewhere']) })),
  /** Files outside that did not go into it. */
  leftOut: z.array(LeftOut),
  /** What was ended since, and would come back; null: not told, for what there is now did not come of this backup. */
  ended: z.array(Ended).nullable(),
  /** Whether the vault must be given a passphrase: nothing at hand keeps its key here. */
  needsVaultPassphrase: z.boolean(),
})
export type RestorePlan = z.infer<typeof RestorePlan>

const Name = z
  .string()
  .regex(/^regie-[a-z0-9]{8}-\d{8}T\d{6}Z\.tar\.age$/, 'not the name of a backup')
  .meta({ examples: ['regie-1a2b3c4d-20261130T023000Z.tar.age'] })
const tags = ['backups']
const refusals = ['CONFLICT', 'NOT_FOUND', 'UNPROCESSABLE_CONTENT', ...gives.store] as const
const key = { passphrase: 'correct horse battery staple' }

export const backups = {
  read: procedure('admin')
    .route({ method: 'GET', path: '/backups', tags, summary: 'The backups, how they are made, and what goes on now' })
    .output(Backups),
  change: procedure('admin', { reauth: true, errors: refusals, example: { daily: '03:30' } })
    .route({
      method: 'PATCH',
      path: '/backups/settings',
      tags,
      summary: 'Change where, when and for whom they are made',
    })
    .input(
      BackupSettings.omit({ opensBy: true, recipient: true })
        .extend({
          folder: z.string().min(1).max(4096).nullable(),
          /** A new passphrase, or the recipient (`age1…`) of an identity that you keep. Those there are stay as they are. */
          seal: z.union([
            z.object({ passphrase: z.string().min(12).max(1024) }),
            z.object({ recipient: z.string().max(128).startsWith('age1') }),
          ]),
        })
        .partial(),
    )
    .output(Backups),
  make: procedure('admin', { errors: refusals })
    .route({ method: 'POST', path: '/backups', successStatus: 202, tags, summary: 'Begin to make one now' })
    .output(Backups),
  cancel: procedure('admin')
    .route({ method: 'POST', path: '/backups/cancel', tags, summary: 'End what goes on; nothing of it is left' })
    .output(Backups),
  check: procedure('admin', { errors: refusals, example: { key } })
    .route({
      method: 'POST',
      path: '/backups/{name}/check',
      tags,
      summary: 'Open one with its passphrase or identity alone, and restore it into a temporary folder',
    })
    .input(z.object({ name: Name, key: BackupKey }))
    .output(Backup),
  plan: procedure('admin', { reauth: true, errors: refusals, example: { key } })
    .route({ method: 'POST', path: '/backups/{name}/plan', tags, summary: 'What restoring it would change' })
    .input(z.object({ name: Name, key: BackupKey }))
    .output(RestorePlan),
  restore: procedure('admin', { reauth: true, errors: refusals, example: { key } })
    .route({
      method: 'POST',
      path: '/backups/{name}/restore',
      tags,
      summary: 'Make a restoring ready, which the next start of Regie does, whole or not at all',
    })
    .input(
      z.object({
        name: Name,
        key: BackupKey,
        /** The vault’s from then on, where the plan asks for one. */
        vaultPassphrase: z.string().min(8).max(1024).optional(),
        /** Whether files outside the data folder that are missing now are written too. */
        missingFiles: z.boolean().default(false),
        /** Whether what was ended since the backup stays ended. */
        keepEnded: z.boolean().default(true),
      }),
    )
    .output(Backups),
  discard: procedure('admin', { errors: refusals })
    .route({ method: 'POST', path: '/backups/restore/discard', tags, summary: 'Give up a restoring that is ready' })
    .output(Backups),
  remove: procedure('admin', { reauth: true, errors: refusals })
    .route({ method: 'DELETE', path: '/backups/{name}', tags, summary: 'Delete one' })
    .input(z.object({ name: Name }))
    .output(Backups),
}
