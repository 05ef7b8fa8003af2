import * as z from 'zod'
import { gives, procedure, Timestamp } from './base'

/** The token with which a monitor such as Prometheus reads `GET /metrics`, and nothing else. */
export const MetricsToken = z.object({
  /** Null: there is none, and only an administrator reads the metrics. */
  madeAt: Timestamp.nullable(),
  /** Since the panel started; null: not yet. */
  usedAt: Timestamp.nullable(),
})
export type MetricsToken = z.infer<typeof MetricsToken>

const tags = ['system']

export const metrics = {
  token: procedure('admin')
    .route({ method: 'GET', path: '/metrics-token', tags, summary: 'Whether there is a token for the metrics' })
    .output(MetricsToken),
  makeToken: procedure('admin', { reauth: true, errors: gives.store })
    .route({
      method: 'POST',
      path: '/metrics-token',
      successStatus: 201,
      tags,
      summary: 'Make a token for the metrics, in place of the one there may be; it is shown this once',
      description:
        '`GET /metrics` (beside `/api/v1`) answers who shows it as Bearer, in OpenMetrics or Prometheus’ text.',
    })
    .output(MetricsToken.extend({ token: z.string() })),
  endToken: procedure('admin', { errors: gives.store })
    .route({ method: 'DELETE', path: '/metrics-token', tags, summary: 'End the token for the metrics' })
    .output(MetricsToken),
}
