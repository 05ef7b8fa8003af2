import { kinds } from '../../../shared/kinds'
import { answerTo, askFor, readForm, signIn } from '../ask'
import type { Surface } from '../backend'
import { sessionsOfForm } from '../proof'
import { forAnybody, mustRefuse, nobody, reached, type Exposure, type Judge, type SurfaceRow } from '../surfaces'

const { protectedPath } = kinds.forge
const uiPath = '/config'

/** Gradio answers 200 to everybody at `/`: its page says whether it is the login. */
const gradioPage: Judge = (answer, context) => {
  const plain = mustRefuse(answer, context)
  return plain === 'exposed' && /"auth_required":\s*true/.test(answer.body) ? 'guarded' : plain
}

/** Gradio's login form has neither header nor 401: it is asked with the pair, and `/config` without one. */
const gradioLogin: Pick<Surface, 'applies' | 'ask'> = {
  applies: async (url, signal) => (await askFor(url, { path: uiPath }, signal)).status === 401,
  ask: async (url, secret, signal) => {
    if (secret === null) return askFor(url, { path: uiPath }, signal)
    const question = signIn(secret)
    return readForm(await answerTo(url, question, signal), url + question.path)
  },
}

const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` })

const get = (id: string, path: string, exposure: Exposure): SurfaceRow => ({ id, method: 'GET', path, exposure })
/** What no flag of the program guards. */
const open = (purpose: Exposure['purpose']): Exposure => ({
  purpose,
  stake: 'facts',
  expected: 'anything',
  judge: forAnybody,
})

/**
 * `--api-auth` guards the API alone, `--gradio-auth` the web interface alone, and nothing guards the rest. Forge checks the
 * credential before the body, so that `txt2img` without a body answers 401 or 422 and makes nothing. `/sdapi/v1/cmd-flags`
 * is left out, since it prints passwords.
 */
export const forgeSurfaces: readonly SurfaceRow[] = [
  {
    id: 'api',
    method: 'GET',
    path: protectedPath,
    proof: { purpose: 'status' },
    exposure: { purpose: 'api', stake: 'control', sets: 'api' },
    doctor: 'stranger',
  },
  { ...get('config', uiPath, { purpose: 'ui', stake: 'control', sets: 'ui' }), doctor: 'config' },
  {
    ...get('ui', '/', { purpose: 'ui', stake: 'control', readsBody: true, judge: gradioPage }),
    headers: { accept: 'text/html' },
  },
  {
    ...get('api-empty', protectedPath, { purpose: 'api', stake: 'control', with: 'empty-token' }),
    headers: basic(':'),
  },
  {
    ...get('api-wrong', protectedPath, { purpose: 'api', stake: 'control', with: 'wrong-token' }),
    headers: basic(`${nobody}:${nobody}`),
  },
  { id: 'models', method: 'GET', path: '/sdapi/v1/samplers', proof: { purpose: 'models' } },
  {
    id: 'progress',
    method: 'GET',
    path: '/sdapi/v1/progress',
    proof: { purpose: 'progress' },
    exposure: { purpose: 'api', stake: 'control', query: '?skip_current_image=true' },
  },
  { id: 'job', method: 'POST', path: '/sdapi/v1/txt2img', proof: { purpose: 'api', expect: { right: 422 } } },
  {
    id: 'login',
    method: 'POST',
    path: '/login',
    proof: { purpose: 'login', expect: { wrong: 400 }, ...gradioLogin },
  },
  get('info', '/info', { purpose: 'ui', stake: 'control' }),
  get('queue', '/queue/status', { purpose: 'ui', stake: 'control' }),
  get('files', `/file=${nobody}.png`, { purpose: 'images', stake: 'control', judge: reached('ui') }),
  { ...get('loras', '/sdapi/v1/loras', open('api')), doctor: 'extension' },
  get('controlnet', '/controlnet/module_list', open('api')),
  get('controlnet-models', '/controlnet/model_list', open('api')),
  get('controlnet-types', '/controlnet/control_types', open('api')),
  { ...get('ping', '/internal/ping', open('internal')), doctor: 'ping' },
  get('tasks', '/internal/pending-tasks', open('internal')),
  // HEAD: the report itself is long, and says how the program was started.
  { ...get('sysinfo', '/internal/sysinfo', open('internal')), method: 'HEAD' },
  get('docs', '/openapi.json', open('docs')),
]

/** Gradio keeps them in memory: each start begins without any. Over plain HTTP only the second cookie is sent back. */
export const gradioSessions = sessionsOfForm({
  path: uiPath,
  names: /^access-token-/,
  madeUp: 'access-token-unsecure-none=none',
  endedBy: 'process',
  provenBy: 'login',
})
