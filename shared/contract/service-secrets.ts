import * as z from 'zod'
import { gives, procedure, Slug } from './base'
import { ServiceRevision } from './service-config'
import { Service } from './services'

/** A secret in clear text in a native service's configuration, and the credential that would take its place. */
export const PlainSecretPlace = z.object({
  where: z.enum(['arguments', 'environment']),
  /** The flag or the variable. */
  name: z.string(),
  /** The user name of a pair; null for a secret by itself. */
  username: z.string().nullable(),
  credentialId: z.string(),
  /** Whether the vault holds it already; else the credential is made. */
  isKnown: z.boolean(),
})
export type PlainSecretPlace = z.infer<typeof PlainSecretPlace>

const tags = ['services']
const one = z.object({ id: Slug })

export const serviceSecrets = {
  plainSecrets: procedure('admin', { errors: gives.store })
    .route({
      method: 'GET',
      path: '/services/{id}/plain-secrets',
      tags,
      summary: 'Where secrets stand in clear text among a native service’s arguments and in its environment',
    })
    .input(one)
    .output(z.array(PlainSecretPlace)),
  importPlainSecrets: procedure('admin', {
    reauth: true,
    errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: {},
  })
    .route({
      method: 'POST',
      path: '/services/{id}/plain-secrets/import',
      tags,
      summary: 'Take these secrets into the vault, and write references in their place',
    })
    .input(one.extend({ revision: ServiceRevision.optional() }))
    .output(Service),
}
