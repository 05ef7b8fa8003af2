import { kinds } from '../../../shared/kinds'
import { sessionsOfForm } from '../proof'
import { guardOf } from '../refusal'
import { forAnybody, mustRefuse, nobody, reached, type Exposure, type Judge, type SurfaceRow } from '../surfaces'
import { readLoginPage } from './login-page'

const { protectedPath, progress } = kinds.comfyui

/** ComfyUI-Login answers 401 to every path that it guards, known or not: any other answer came from behind it. */
const behindLogin: Judge = (answer, context) => {
  const plain = mustRefuse(answer, context)
  return plain === 'absent' && (context.api === 'guarded' || context.api === 'exposed') ? 'exposed' : plain
}

/** The login page itself is for strangers, unless it offers them to become somebody. */
const loginPage: Judge = (answer) => {
  if (answer.status !== 200) return answer.status === null ? 'unreachable' : (guardOf(answer, answer.url) ?? 'absent')
  const page = readLoginPage(answer.body)
  // The page of another program: that it is shown is all that can be told.
  if (!page.isOwn) return 'open'
  if (page.guests === 'welcome' || page.password === 'unset') return 'exposed'
  return page.guests === 'unknown' || page.password === 'unknown' ? 'unclear' : 'open'
}

/** Made up, and of the right shape: it opens nothing anywhere. */
const wrongToken = { authorization: 'Bearer $2b$12$RegieDoorTestRegieDoorTestRegieDoorTestRegieDoorTe0a' }
const html = { accept: 'text/html' }

const get = (id: string, path: string, exposure: Exposure): SurfaceRow => ({ id, method: 'GET', path, exposure })

/**
 * Each route of ComfyUI by what it gives away, and the known holes of ComfyUI-Login. The empty token is asked in the
 * query: a bare `Bearer ` proves no more, and prints a traceback into the service's log. An empty job is no job: `/prompt`
 * answers 400 `no_prompt` and queues nothing.
 */
export const comfyuiSurfaces: readonly SurfaceRow[] = [
  {
    id: 'api',
    method: 'GET',
    path: protectedPath,
    proof: { purpose: 'status' },
    exposure: { purpose: 'api', stake: 'control', sets: 'api' },
    doctor: 'stranger',
  },
  { ...get('ui', '/', { purpose: 'ui', stake: 'control', sets: 'ui' }), headers: html },
  {
    ...get('api-empty', `${protectedPath}?token=`, { purpose: 'api', stake: 'control', with: 'empty-token' }),
    doctor: 'empty-token',
  },
  {
    ...get('api-wrong', protectedPath, { purpose: 'api', stake: 'control', with: 'wrong-token' }),
    headers: wrongToken,
  },
  { id: 'models', method: 'GET', path: '/object_info/KSampler', proof: { purpose: 'models' } },
  { id: 'job', method: 'POST', path: '/prompt', json: '{}', proof: { purpose: 'queue', expect: { right: 400 } } },
  get('queue', '/queue', { purpose: 'api', stake: 'control' }),
  get('history', '/history?max_items=1', { purpose: 'images', stake: 'control' }),
  get('alias', '/api/system_stats', { purpose: 'alias', stake: 'control' }),
  get('alias-empty', '/api/queue?token=', { purpose: 'alias', stake: 'control', with: 'empty-token' }),
  {
    id: 'socket',
    method: 'WS',
    path: progress.told,
    proof: { purpose: 'progress' },
    exposure: { purpose: 'socket', stake: 'control' },
  },
  {
    id: 'socket-empty',
    method: 'WS',
    path: `${progress.told}?token=`,
    exposure: { purpose: 'socket', stake: 'control', with: 'empty-token' },
  },
  {
    id: 'socket-wrong',
    method: 'WS',
    path: progress.told,
    headers: wrongToken,
    exposure: { purpose: 'socket', stake: 'control', with: 'wrong-token' },
  },
  get('view', `/view?filename=${nobody}.png`, { purpose: 'images', stake: 'control', judge: reached('api') }),
  get('upload', '/upload/image', { purpose: 'upload', stake: 'control', judge: reached('api') }),
  get('logs', '/internal/logs', { purpose: 'internal', stake: 'control' }),
  get('folders', '/internal/folder_paths', { purpose: 'internal', stake: 'facts' }),
  get('user-data', `/userdata/${nobody}.json`, { purpose: 'user-data', stake: 'data', judge: reached('api') }),
  get('exempt-js', `/userdata/${nobody}.js`, { purpose: 'exempt', stake: 'data', judge: behindLogin }),
  get('exempt-css', `/api/userdata/${nobody}.css`, { purpose: 'exempt', stake: 'data', judge: behindLogin }),
  get('exempt-ico', `/object_info/${nobody}.ico`, {
    purpose: 'exempt',
    stake: 'facts',
    expected: 'anything',
    judge: forAnybody,
  }),
  {
    ...get('login', '/login', {
      purpose: 'login',
      stake: 'control',
      expected: 'anything',
      readsBody: true,
      judge: loginPage,
    }),
    headers: html,
    doctor: 'login-page',
  },
]

/**
 * ComfyUI-Login keeps no sessions: a cookie lives as long as the key that sealed it. A service without a password would
 * take the one that is tried as its first.
 */
export const comfyuiSessions = sessionsOfForm({
  path: protectedPath,
  names: /^AIOHTTP_SESSION=/,
  madeUp: `AIOHTTP_SESSION=${'gAAAAAB'.padEnd(120, 'A')}`,
  endedBy: 'key',
  provenBy: 'status',
})
