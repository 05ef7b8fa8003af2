import type { GatewayKind } from '../../gateway'
import { isolateForge } from './isolate'
import { refusedInStream } from './pages'
import { findForgeRoute } from './routes'

const refused: GatewayKind['refusal'] = ({ path }, { status, message, hint }) => ({
  status,
  headers: {
    'content-type': 'application/json',
    ...(status === 401 ? { 'www-authenticate': 'Basic' } : {}),
  },
  // What a page calls outside its line shows the words in `error`.
  body: JSON.stringify({ detail: message, hint, ...(path.startsWith('/run/') && { error: `${message} ${hint}` }) }),
})

/** What the gateway must know of Forge and its variants. */
export const forgeGateway: GatewayKind = {
  refusal: (question, words) => refusedInStream(question, words) ?? refused(question, words),
  route: (question) => findForgeRoute(question).route,
  // Parts of the page itself are files too; those that run are scripts, which are not opened by themselves.
  isContent: (question) => findForgeRoute(question).does === 'file',
  isolate: isolateForge,
  keepsLine: false,
}
