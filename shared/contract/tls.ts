import * as z from 'zod'
import { gives, procedure, ReasonSchema, Timestamp } from './base'

/** Regie's own authority, which vouches for the gateway's listeners on this machine. */
export const TlsAuthority = z.object({
  /** `none`: nobody has made one yet. `unreadable`: there is one that cannot be read, as `reason` says. */
  state: z.enum(['none', 'ready', 'unreadable']),
  reason: ReasonSchema.optional(),
  /** What it is called in the list of a system or a browser that trusts it. */
  name: z.string().nullable(),
  /** SHA-256 of its certificate, as browsers show it: `AB:CD:…`. */
  fingerprint: z.string().nullable(),
  expiresAt: Timestamp.nullable(),
  /** What it may vouch for, and nothing beyond: domains with all below them, and ranges of addresses. */
  permitted: z.array(z.string()).nullable(),
})
export type TlsAuthority = z.infer<typeof TlsAuthority>

const tags = ['gateway']

export const tls = {
  authority: procedure('user')
    .route({ method: 'GET', path: '/gateway/authority', tags, summary: 'Regie’s own authority for certificates' })
    .output(TlsAuthority),
  makeAuthority: procedure('admin', {
    reauth: true,
    errors: ['UNPROCESSABLE_CONTENT', ...gives.store],
    example: { names: ['studio.example.org'] },
  })
    .route({
      method: 'POST',
      path: '/gateway/authority',
      successStatus: 201,
      tags,
      summary: 'Make an authority, in place of the one there may be; everybody has to trust the new one',
    })
    .input(
      z.object({
        /** Names and addresses that it may vouch for, beside this machine’s and those that the internet does not know. */
        names: z.array(z.string().min(1).max(253)).max(16).default([]),
      }),
    )
    .output(TlsAuthority),
  certificate: procedure('user', { errors: ['CONFLICT', ...gives.store] })
    .route({
      method: 'GET',
      path: '/gateway/authority/certificate',
      tags,
      summary: 'The authority’s certificate (PEM), for systems and browsers that are to trust it',
    })
    .output(z.file().mime('application/x-pem-file')),
}
