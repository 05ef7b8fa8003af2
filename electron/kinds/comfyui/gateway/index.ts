import type { GatewayKind } from '../../gateway'
import { isolateComfyui } from './isolate'
import { findComfyRoute } from './routes'

const content: ReadonlySet<string> = new Set(['view', 'userdata'])

/** What the gateway must know of ComfyUI, with ComfyUI-Login before it or not. */
export const comfyuiGateway: GatewayKind = {
  refusal: (question, { status, message, hint }) => ({
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    // A refused job is read as one that did not validate; all else as ComfyUI-Login and the job routes word it.
    body: JSON.stringify(
      findComfyRoute(question).does === 'submit'
        ? { error: { type: 'refused', message, details: hint, extra_info: {} }, node_errors: {} }
        : { error: message, hint },
    ),
  }),
  route: (question) => findComfyRoute(question).route,
  isContent(question) {
    const [first = '', second = ''] = findComfyRoute(question).path?.names ?? []
    return content.has(first === 'v2' ? second : first)
  },
  isolate: isolateComfyui,
  keepsLine: true,
}
