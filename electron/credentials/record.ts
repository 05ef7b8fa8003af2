import * as z from 'zod'
import { Proof, Requirement, Scheme, Sink } from '../../shared/contract'
import type { RecordKind } from '../vault/vault-file'
import { CareSchema } from './care'

const SecretSchema = z.object({
  username: z.string().nullable(),
  password: z.string().nullable(),
  token: z.string().nullable(),
  /** Vaults of earlier versions have none. */
  sessionKey: z.string().nullable().default(null),
})

/** As stored: `requires` is null where nobody named it and it depends on whether a service uses the credential. */
export const StoredSinkSchema = Sink.extend({ requires: Requirement.nullable() })
export type StoredSink = z.infer<typeof StoredSinkSchema>

/** One credential with its secrets, as it is sealed in the vault. */
export const RecordSchema = z.object({
  id: z.string(),
  scheme: Scheme,
  /** Grows by one with each committed rotation. */
  version: z.number().int().positive(),
  createdAt: z.number(),
  changedAt: z.number(),
  secret: SecretSchema,
  /** The new secret of a rotation that is neither proven nor rolled back. */
  pending: SecretSchema.extend({
    rotationId: z.string(),
    /** Files that are rewritten in place, by path, as they were before: a crash may tear one. */
    originals: z.record(z.string(), z.base64()).optional(),
  }).nullable(),
  /** The secret before the last rotation, while it can be gone back to. */
  previous: SecretSchema.nullable(),
  /** When it is erased. */
  previousUntil: z.number().nullable().default(null),
  care: CareSchema.prefault({}),
  sinks: z.array(StoredSinkSchema),
  lastProof: Proof.nullable(),
})
export type CredentialRecord = z.infer<typeof RecordSchema>

/** Every string in a record that must never be shown. The user name is no secret. */
export const secretsOf = (record: CredentialRecord): string[] =>
  [record.secret, record.pending, record.previous]
    .flatMap((secret) => [secret?.password, secret?.token, secret?.sessionKey])
    .filter((text) => typeof text === 'string')

/** Credentials, as the vault holds them. */
export const credentialRecords: RecordKind<CredentialRecord> = { schema: RecordSchema, secretsOf }
