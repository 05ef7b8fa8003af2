import type { GatewayKind } from '../../gateway'
import { isolateForge } from './isolate'
import { findForgeRoute } from './routes'

/** What the gateway must know of Forge and its variants. */
export const forgeGateway: GatewayKind = {
  refusal: (_question, { status, message, hint }) => ({
    status,
    headers: {
      'content-type': 'application/json',
      ...(status === 401 ? { 'www-authenticate': 'Basic' } : {}),
    },
    body: JSON.stringify({ detail: message, hint }),
  }),
  route: (question) => findForgeRoute(question).route,
  isolate: isolateForge,
  keepsLine: false,
}
