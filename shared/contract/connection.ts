import * as z from 'zod'
import { firstKind } from '../kinds'
import { gives, procedure, ReasonSchema, Slug } from './base'
import { BaseUrl, ServiceKind } from './service-config'

/**
 * What was found at an address. `protected`: the service, which refuses strangers and lets the credential in.
 * `unready`: it is there, and cannot answer yet.
 */
export const ConnectionResult = z.enum([
  'protected',
  'open',
  'credential-needed',
  'credential-refused',
  'connection-refused',
  'timed-out',
  'host-unknown',
  'tls',
  'unreachable',
  'other-program',
  'unready',
])
export type ConnectionResult = z.infer<typeof ConnectionResult>

export const ConnectionTest = z.object({
  result: ConnectionResult,
  /** As sent, e.g. `GET /system_stats`, and what came back in protocol terms. */
  asked: z.string(),
  answered: z.string(),
  tookMs: z.number(),
  /** Of the program, where it tells. */
  version: z.string().nullable(),
  /** What is wrong; null where nothing is. */
  reason: ReasonSchema.nullable(),
})
export type ConnectionTest = z.infer<typeof ConnectionTest>

/** Values that are in no vault yet; they are used for the test and kept nowhere. */
export const TypedSecret = z.object({
  username: z.string().min(1).max(128).optional(),
  password: z.string().min(1).max(1024).optional(),
  token: z.string().min(1).max(4096).optional(),
})
export type TypedSecret = z.infer<typeof TypedSecret>

const tags = ['services']

export const connections = {
  testConnection: procedure('admin', {
    reauth: true,
    errors: ['NOT_FOUND', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: { kind: firstKind, url: 'http://127.0.0.1:8188' },
  })
    .route({
      method: 'POST',
      path: '/services/test-connection',
      tags,
      summary: 'Ask an address as a service of a kind, with a credential of the vault or with the values given',
    })
    .input(
      z.object({
        kind: ServiceKind,
        url: BaseUrl,
        credentialId: Slug.optional(),
        /** In place of a credential of the vault. */
        secret: TypedSecret.optional(),
      }),
    )
    .output(ConnectionTest),
}
