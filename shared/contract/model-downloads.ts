import * as z from 'zod'
import { ReasonSchema, RecordId, Slug, Timestamp } from './base'

const bytes = z.number().int().nonnegative()

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 hex digits')

/** What a download would fetch, before anything of it is. */
export const ModelDownloadPlan = z.object({
  /** Without what may be signed or secret. */
  address: z.string(),
  /** Every host on the way, the first one the address's own: only that one is given the token. */
  hosts: z.array(z.string()),
  name: z.string(),
  folder: z.string(),
  bytes,
  /** What may still be put on the disk afterwards; negative: it does not fit. */
  leftBytes: z.number().int(),
  /** Whether it can go on after a cut. */
  canResume: z.boolean(),
  /** By what it is verified; null: by its length and its own header alone. */
  sha256: Sha256.nullable(),
  hashFrom: z.enum(['hub', 'person']).nullable(),
  runsCode: z.boolean(),
  /** A file of that name is there: nothing is ever put in its place. */
  exists: z.boolean(),
})
export type ModelDownloadPlan = z.infer<typeof ModelDownloadPlan>

/** A download. `failed`: what is there is kept, if it is worth that, and Resume goes on from there. */
export const ModelDownload = z.object({
  id: RecordId,
  name: z.string(),
  folder: z.string(),
  host: z.string(),
  /** Without what may be signed or secret. */
  shown: z.string(),
  bytes,
  doneBytes: bytes,
  bytesPerS: z.number().nullable(),
  state: z.enum(['waiting', 'running', 'verifying', 'paused', 'failed', 'done']),
  reason: ReasonSchema.nullable(),
  sha256: Sha256.nullable(),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  startedBy: z.string(),
})
export type ModelDownload = z.infer<typeof ModelDownload>

/** What a person wants to have. */
export const WantedDownload = z.object({
  /** Of a file, or its page on Hugging Face or CivitAI; HTTPS alone, without a token in it. */
  address: z.string().min(1).max(4096),
  /** One of the folders of the overview. */
  folderId: RecordId,
  /** In place of the name that the server tells. */
  name: z.string().min(1).max(200).optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, '64 hex digits')
    .optional(),
  /** A credential with a token, sent to the address's own host alone. */
  credentialId: Slug.optional(),
  /** Whether the address's own host may be a private one. */
  allowPrivate: z.boolean().optional(),
})
