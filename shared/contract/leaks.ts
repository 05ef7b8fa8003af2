import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { gives, procedure, ReasonSchema, Slug, Timestamp } from './base'
import { Fingerprint, SecretField } from './credentials'

/**
 * Where a scan reads. `files` and `git` (the whole history of every repository found): a folder. `logs` and
 * `containers` (environment, labels, command, image): the containers of services.
 */
export const LeakSource = z.enum(['files', 'git', 'logs', 'containers'])
export type LeakSource = z.infer<typeof LeakSource>

/**
 * How the value was written. `basic`: base64 of `user:password`, as in an Authorization header. `doubled`: with `$$`, as
 * Compose files want it. `cut-end` and `cut-start`: a bcrypt hash of which a part is gone. `…-utf16`: as Windows
 * PowerShell's `>` writes it.
 */
const spellings = ['plain', 'url', 'json', 'doubled', 'basic', 'base64', 'cut-end', 'cut-start'] as const
export const LeakSpelling = z.enum(spellings)
export type LeakSpelling = z.infer<typeof LeakSpelling>

/** Which of a credential's secrets: the one in use, the new one of a rotation, or the one before. */
export const LeakGeneration = z.enum(['current', 'pending', 'previous'])
export type LeakGeneration = z.infer<typeof LeakGeneration>

/** `expected`: a sink of this very value. `notice`: a value that no service should accept any more. */
export const LeakSeverity = z.enum(['danger', 'warning', 'notice', 'expected'])
export type LeakSeverity = z.infer<typeof LeakSeverity>

/** Why it weighs as it does; the renderer has the words. */
export const LeakWeight = z.enum([
  'sink',
  'old',
  'cut',
  'history',
  'unreachable-object',
  'world-readable',
  'image',
  'log',
  'metadata',
  'environment',
  'file',
])
export type LeakWeight = z.infer<typeof LeakWeight>

/** One value in one place. Never the value itself, nor any text around it. */
export const LeakFinding = z.object({
  id: z.string(),
  kind: z.enum(['file', 'git', 'log', 'environment', 'label', 'command', 'image']),
  /** Path of the file or repository, name of the container or image. */
  where: z.string(),
  /** Path inside the repository, name of the variable or label, stream of the log, number of the layer. */
  part: z.string().nullable(),
  serviceId: z.string().nullable(),
  /** The first lines on which it stands; empty where there are none, as in a binary file. */
  lines: z.array(z.number().int().positive()),
  /** How often it stands there. */
  count: z.number().int().positive(),
  /** Commits that brought it, newest first; `commitCount` of them in all. */
  commits: z.array(z.object({ id: z.string(), at: Timestamp })),
  commitCount: z.number().int().nonnegative(),
  credentialId: z.string(),
  field: SecretField,
  generation: LeakGeneration,
  fingerprint: Fingerprint,
  spelling: LeakSpelling,
  utf16: z.boolean(),
  severity: LeakSeverity,
  weight: LeakWeight,
})
export type LeakFinding = z.infer<typeof LeakFinding>

/** One thing that was read: the folder, a repository, a service's log, a service's container. */
export const LeakScanned = z.object({
  source: LeakSource,
  where: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  items: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  reason: ReasonSchema.optional(),
})
export type LeakScanned = z.infer<typeof LeakScanned>

/** `unreadable`: the system refused. `symlink`: not followed. `sparse`: nearly all of it is a hole. `virtual`: no file on a disk. */
export const LeakSkip = z.enum(['unreadable', 'symlink', 'fifo', 'device', 'socket', 'sparse', 'virtual'])
export type LeakSkip = z.infer<typeof LeakSkip>

export const LeakScan = z.object({
  id: z.string(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  startedBy: z.string(),
  folder: z.string().nullable(),
  sources: z.array(LeakSource),
  skipIgnored: z.boolean(),
  credentialIds: z.array(z.string()),
  /** How many values were looked for, and in how many spellings. */
  values: z.number().int(),
  patterns: z.number().int(),
  /** Values too short to be told from innocent words: they were not looked for. */
  tooShort: z.array(z.object({ credentialId: z.string(), field: SecretField, generation: LeakGeneration })),
  progress: z.object({
    items: z.number().int(),
    bytes: z.number().int(),
    found: z.number().int(),
    /** What is being read. */
    current: z.string(),
  }),
  scanned: z.array(LeakScanned),
  /** Empty while it runs. */
  findings: z.array(LeakFinding),
  /** Findings beyond those that are listed. */
  unlisted: z.number().int(),
  /** What was not read: counted by cause, and the first of each. */
  skipped: z.array(z.object({ why: LeakSkip, count: z.number().int(), first: z.array(z.string()) })),
  reason: ReasonSchema.optional(),
})
export type LeakScan = z.infer<typeof LeakScan>

export const LeakScanInput = z.object({
  /** Absolute path on the panel's machine; needed for `files` and `git`. */
  folder: z.string().trim().min(1).max(4096).optional(),
  sources: z.array(LeakSource).min(1).max(4),
  /** Leaves out what git ignores. */
  skipIgnored: z.boolean().default(false),
  /** All credentials when left out. */
  credentialIds: z.array(Slug).min(1).max(200).optional(),
  /** All services in containers when left out. */
  serviceIds: z.array(Slug).max(200).optional(),
  wait: z.boolean().default(true),
})
export type LeakScanInput = z.infer<typeof LeakScanInput>

const tags = ['leaks']

export const leaks = {
  scan: procedure('admin', {
    errors: ['CONFLICT', 'NOT_FOUND', ...gives.store],
    example: { folder: '/srv/comfyui', sources: ['files', 'git'], wait: false },
  })
    .route({
      method: 'POST',
      path: '/leaks/scan',
      tags,
      summary: 'Look where secrets of the vault still stand. Reads only; answers places and fingerprints, never values',
    })
    .input(LeakScanInput)
    .output(LeakScan),
  last: procedure('admin')
    .route({ method: 'GET', path: '/leaks/scan', tags, summary: 'The running or the last scan of this panel’s run' })
    .output(LeakScan.nullable()),
  watch: procedure('admin', { stream: 'state' })
    .route({ method: 'GET', path: '/leaks/scan/stream', tags, summary: 'Follow the running scan to its end' })
    .output(eventIterator(LeakScan)),
  cancel: procedure('admin', { errors: ['CONFLICT'] })
    .route({ method: 'POST', path: '/leaks/scan/cancel', tags, summary: 'Stop the running scan; what was found stays' })
    .output(LeakScan),
}
