import * as z from 'zod'
import { AccountId, firstAccount } from './accounts'
import { gives, procedure, ReasonSchema, Timestamp } from './base'

export const AuditEntry = z.object({
  seq: z.number().int(),
  at: Timestamp,
  who: z.string(),
  /** The account that it belongs to; null for what Regie did by itself. Older entries belong to the first one. */
  account: AccountId.nullable().default(firstAccount),
  /** e.g. `credential.created`, `credential.revealed`, `rotation.committed`, `sink.written`. */
  action: z.string(),
  /** Id of what it was done to; empty for the vault itself. */
  target: z.string(),
  /** Fingerprints and counts; never a secret. */
  details: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type AuditEntry = z.infer<typeof AuditEntry>

const AuditFilter = z.object({
  /** Words that stand anywhere in an entry, whatever their case. */
  search: z.string().max(200).optional(),
  /** The first part of an action, e.g. `rotation`. */
  topic: z.string().max(64).optional(),
  limit: z.number().int().min(1).max(500).default(100),
  /** From an earlier answer: what is older than that. */
  cursor: z.string().regex(/^\d+$/).optional(),
})

const AuditPage = z.object({ items: z.array(AuditEntry), nextCursor: z.string().nullable() })

/** What following the chain of hashes over the whole log shows. */
export const AuditCheck = z.object({
  entries: z.number().int(),
  checkedAt: Timestamp,
  /** Hash of the last entry: written down elsewhere, it shows whether the end was cut off. */
  lastHash: z.string().nullable(),
  /** Set when an entry was altered, removed or damaged. */
  damage: ReasonSchema.nullable(),
  /** Set when this log began because the one before was found altered; that one is kept. */
  brokenBefore: z
    .object({ reason: ReasonSchema, at: Timestamp, kept: z.string().nullable(), isAcknowledged: z.boolean() })
    .nullable(),
})
export type AuditCheck = z.infer<typeof AuditCheck>

const tags = ['audit']

export const audit = {
  list: procedure('admin')
    .route({ method: 'GET', path: '/audit', tags, summary: 'Who did what, newest first' })
    .input(AuditFilter)
    .output(AuditPage),
  check: procedure('admin')
    .route({ method: 'GET', path: '/audit/check', tags, summary: 'Follow the chain of hashes over the whole log' })
    .output(AuditCheck),
  acknowledge: procedure('admin', { errors: ['CONFLICT', ...gives.store] })
    .route({
      method: 'POST',
      path: '/audit/acknowledge',
      tags,
      summary: 'Note that the break before this log was seen; its notice goes away',
    })
    .output(AuditCheck),
  download: procedure('admin')
    .route({
      method: 'GET',
      path: '/audit/download',
      tags,
      summary: 'The whole log as it is kept: JSON, a line an entry, each with its hash',
    })
    .output(z.file().mime('application/jsonl')),
}
