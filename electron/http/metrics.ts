import { Problem } from '../../shared/problems'
import type { ApiContext } from '../api/context'
import { checkAccess } from '../api/allowing'
import { bearerOf } from './bearer'

const guarding = { access: 'admin', reauth: false } as const

/**
 * `GET /metrics`, for whoever shows the token that was made for it, and for administrators. Throws a Problem for others.
 */
export async function answerMetrics(request: Request, context: ApiContext): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    throw new Problem('http.wrong-method', { method: request.method, allowed: 'GET, HEAD' })
  const { metrics } = context.parts
  const shown = bearerOf(request.headers)
  if (shown === null || !metrics.tokens.opens(shown)) checkAccess({ guarding, path: ['metrics'], input: {} }, context)
  const { type, text } = await metrics.tell(request.headers.get('accept'))
  return new Response(request.method === 'HEAD' ? null : text, { headers: { 'content-type': type } })
}
