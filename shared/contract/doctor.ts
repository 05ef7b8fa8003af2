import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { gives, procedure, ReasonSchema, RecordId, Slug, Timestamp } from './base'
import { Credential } from './credentials'
import { ServiceKind } from './service-config'

/** Everything that is known to keep a service from letting the right credential in, in the order of the walk. */
export const CauseId = z.enum([
  'not-running',
  'wrong-port',
  'redirect',
  'proxy',
  'plugin-not-loaded',
  'no-password',
  'not-protected',
  'api-off',
  'no-credential',
  'vault-locked',
  'cors-origin',
  'wrong-layer',
  'mangled',
  'line-ends',
  'byte-order-mark',
  'user-name',
  'stale',
  'other-secret',
  'guest-mode',
  'other-card',
])
export type CauseId = z.infer<typeof CauseId>

/**
 * One thing that mends, by the procedure that does it: `sync` and `adopt` of credentials, `start`, `restart`, `recreate`
 * of services, `lint-fix` of the linter, `address` changes the service's URL, `adopt-live` is the doctor's own. `rotate`,
 * `connection`, `unlock` and `logs` lead to a place where a person goes on.
 */
export const DoctorAct = z.discriminatedUnion('kind', [
  /** All sinks where none is named. */
  z.object({ kind: z.literal('sync'), credentialId: z.string(), sinkId: z.string().nullable() }),
  z.object({ kind: z.literal('adopt'), credentialId: z.string(), sinkId: z.string() }),
  z.object({ kind: z.literal('adopt-live'), serviceId: z.string(), fingerprint: z.string() }),
  z.object({ kind: z.literal('start'), serviceId: z.string() }),
  z.object({ kind: z.literal('restart'), serviceId: z.string() }),
  z.object({ kind: z.literal('recreate'), serviceId: z.string() }),
  z.object({
    kind: z.literal('lint-fix'),
    serviceId: z.string(),
    fixes: z.array(z.string()),
    files: z.array(z.object({ path: z.string(), state: z.string() })),
  }),
  z.object({ kind: z.literal('address'), serviceId: z.string(), url: z.string() }),
  z.object({ kind: z.literal('rotate'), credentialId: z.string() }),
  z.object({ kind: z.literal('connection'), serviceId: z.string() }),
  z.object({ kind: z.literal('unlock') }),
  z.object({ kind: z.literal('logs'), serviceId: z.string() }),
])
export type DoctorAct = z.infer<typeof DoctorAct>

/** A button: its acts, one after the other; a failed one ends it. */
export const DoctorFix = z.object({ id: z.string(), acts: z.array(DoctorAct).min(1) })
export type DoctorFix = z.infer<typeof DoctorFix>

/** One line of evidence; `line` and `params` are for translation, `text` is English. Never a secret. */
export const DoctorLine = z.object({
  line: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  text: z.string(),
})
export type DoctorLine = z.infer<typeof DoctorLine>

export const DoctorFinding = z.object({
  cause: CauseId,
  /**
   * `cause`: the one. `present`: it is so, but it is not what keeps the credential out. `ruled-out`: it is not so.
   * `unknown`: it could not be told.
   */
  state: z.enum(['cause', 'present', 'ruled-out', 'unknown']),
  /** `danger`: strangers are let in. */
  severity: z.enum(['danger', 'warning']),
  /** What it is (message) and what to do (hint); absent where it is not so. */
  reason: ReasonSchema.optional(),
  evidence: z.array(DoctorLine),
  /** Ways to mend it, the best first; empty where only a person can. */
  fixes: z.array(DoctorFix),
})
export type DoctorFinding = z.infer<typeof DoctorFinding>

export const DoctorStep = z.object({
  id: z.enum(['ask', 'vault', 'sinks', 'container', 'files', 'log', 'try', 'judge']),
  state: z.enum(['waiting', 'running', 'done', 'skipped']),
  tookMs: z.number().nonnegative().nullable(),
})
export type DoctorStep = z.infer<typeof DoctorStep>

export const Diagnosis = z.object({
  serviceId: z.string(),
  kind: ServiceKind,
  url: z.string(),
  credentialId: z.string().nullable(),
  state: z.enum(['running', 'done']),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  steps: z.array(DoctorStep),
  /** `well`: strangers are refused, the credential is let in. `unknown`: something is wrong and no cause is proven. */
  verdict: z.enum(['named', 'well', 'unknown']).nullable(),
  /** The named cause. */
  cause: CauseId.nullable(),
  /** Every cause that was looked at: the named one first, then what else is so, then what is not. */
  findings: z.array(DoctorFinding),
})
export type Diagnosis = z.infer<typeof Diagnosis>

const tags = ['doctor']
const one = z.object({ id: Slug })

export const doctor = {
  diagnose: procedure('admin', { errors: gives.store })
    .route({
      method: 'POST',
      path: '/services/{id}/diagnose',
      tags,
      summary: 'Why the service refuses its credential: walks the known causes and names the one',
    })
    .input(one)
    .output(Diagnosis),
  watch: procedure('admin', { errors: gives.store, stream: 'anew' })
    .route({
      method: 'GET',
      path: '/services/{id}/diagnose/stream',
      tags,
      summary: 'The same step by step; ends with the finished diagnosis, or when the reader goes',
    })
    .input(one)
    .output(eventIterator(Diagnosis)),
  adoptLive: procedure('admin', { errors: ['CONFLICT', ...gives.service], example: { fingerprint: '3fa91c07be42' } })
    .route({
      method: 'POST',
      path: '/services/{id}/diagnose/adopt',
      tags,
      summary: 'Take a value that stands in the container and that the service accepts into the vault',
    })
    .input(one.extend({ fingerprint: RecordId }))
    .output(Credential),
}
