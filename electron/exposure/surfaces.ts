import type { DoorRow, DoorVerdict, ServiceKind } from '../../shared/contract'
import { readLoginPage } from '../kinds/comfyui/login-page'
import type { DoorAnswer, DoorQuestion } from './ask'
import { refusal } from './refusal'

/** What the first questions of a round told, against which the others are judged. */
export interface DoorContext {
  /** The plain API, asked with nothing: how this service treats a stranger. */
  api: DoorVerdict
  /** The same of the web interface's own routes. */
  ui: DoorVerdict
}

export interface DoorSurface extends Pick<DoorRow, 'id' | 'purpose' | 'stake' | 'with' | 'expected'> {
  question: DoorQuestion
  /** The question as it is shown. */
  shown: string
  /** Asked before the others; its verdict is their context. */
  sets?: keyof DoorContext
  judge: (answer: DoorAnswer, context: DoorContext) => DoorVerdict
}

type Judge = DoorSurface['judge']
type About = Pick<DoorRow, 'id' | 'purpose' | 'stake'> & {
  path: string
  method?: DoorQuestion['method']
  with?: DoorRow['with']
  expected?: DoorRow['expected']
  headers?: Record<string, string>
  readsBody?: boolean
  sets?: keyof DoorContext
  judge?: Judge
}

const succeeded = (status: number) => status === 101 || (status >= 200 && status < 300)

/** A route that must be refused: an answer is an exposure, a missing route is none. */
const mustRefuse: Judge = (answer) => {
  const { status } = answer
  if (status === null) return 'unreachable'
  const refused = refusal(answer)
  if (refused) return refused
  if (succeeded(status)) return 'exposed'
  return status === 404 ? 'absent' : 'unclear'
}

/** A route whose handler refuses our harmless question itself: once it was reached, the guard has let us in. */
const reached =
  (where: keyof DoorContext): Judge =>
  (answer, context) => {
    const plain = mustRefuse(answer, context)
    if (plain !== 'absent' && plain !== 'unclear') return plain
    return context[where] === 'exposed' ? 'exposed' : plain
  }

/** ComfyUI-Login answers 401 to every path that it guards, known or not: any other answer came from behind it. */
const behindLogin: Judge = (answer, context) => {
  const plain = mustRefuse(answer, context)
  return plain === 'absent' && (context.api === 'guarded' || context.api === 'exposed') ? 'exposed' : plain
}

/** A route that no flag of the program guards: whoever reaches the port may read it. */
const forAnybody: Judge = (answer) => {
  if (answer.status === null) return 'unreachable'
  if (refusal(answer)) return 'guarded'
  // 405: the route is there, and asked with another method.
  if (succeeded(answer.status) || answer.status === 405) return 'open'
  return answer.status === 404 ? 'absent' : 'unclear'
}

/** The login page itself is for strangers, unless it offers them to become somebody. */
const loginPage: Judge = (answer) => {
  if (answer.status !== 200) return answer.status === null ? 'unreachable' : (refusal(answer) ?? 'absent')
  const page = readLoginPage(answer.body)
  // The page of another program: that it is shown is all that can be told.
  if (!page.isOwn) return 'open'
  if (page.guests === 'welcome' || page.password === 'unset') return 'exposed'
  return page.guests === 'unknown' || page.password === 'unknown' ? 'unclear' : 'open'
}

/** Gradio answers 200 to everybody at `/`: its page says whether it is the login. */
const gradioPage: Judge = (answer, context) => {
  const plain = mustRefuse(answer, context)
  return plain === 'exposed' && /"auth_required":\s*true/.test(answer.body) ? 'guarded' : plain
}

function surface({ path, method = 'GET', headers, readsBody, ...about }: About): DoorSurface {
  return {
    with: 'nothing',
    expected: 'refusal',
    judge: mustRefuse,
    ...about,
    question: { method, path, ...(headers ? { headers } : {}), ...(readsBody ? { readsBody } : {}) },
    shown: `${method} ${path}`,
  }
}

/** Made up, and of the right shape: it opens nothing anywhere. */
const wrongHash = '$2b$12$RegieDoorTestRegieDoorTestRegieDoorTestRegieDoorTe0a'
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`
const html = { accept: 'text/html' }
const nobody = 'regie-door-test'

/**
 * Each route of ComfyUI by what it gives away, and the known holes of ComfyUI-Login. The empty token is asked in the
 * query: a bare `Bearer ` proves no more, and prints a traceback into the service's log.
 */
const comfyui: readonly DoorSurface[] = [
  surface({ id: 'api', purpose: 'api', stake: 'control', path: '/system_stats', sets: 'api' }),
  surface({ id: 'ui', purpose: 'ui', stake: 'control', path: '/', headers: html, sets: 'ui' }),
  surface({ id: 'api-empty', purpose: 'api', stake: 'control', path: '/system_stats?token=', with: 'empty-token' }),
  surface({
    id: 'api-wrong',
    purpose: 'api',
    stake: 'control',
    path: '/system_stats',
    with: 'wrong-token',
    headers: { authorization: `Bearer ${wrongHash}` },
  }),
  surface({ id: 'queue', purpose: 'api', stake: 'control', path: '/queue' }),
  surface({ id: 'history', purpose: 'images', stake: 'control', path: '/history?max_items=1' }),
  surface({ id: 'alias', purpose: 'alias', stake: 'control', path: '/api/system_stats' }),
  surface({ id: 'alias-empty', purpose: 'alias', stake: 'control', path: '/api/queue?token=', with: 'empty-token' }),
  surface({ id: 'socket', purpose: 'socket', stake: 'control', path: '/ws', method: 'WS' }),
  surface({
    id: 'socket-empty',
    purpose: 'socket',
    stake: 'control',
    path: '/ws?token=',
    method: 'WS',
    with: 'empty-token',
  }),
  surface({
    id: 'socket-wrong',
    purpose: 'socket',
    stake: 'control',
    path: '/ws',
    method: 'WS',
    with: 'wrong-token',
    headers: { authorization: `Bearer ${wrongHash}` },
  }),
  surface({
    id: 'view',
    purpose: 'images',
    stake: 'control',
    path: `/view?filename=${nobody}.png`,
    judge: reached('api'),
  }),
  surface({ id: 'upload', purpose: 'upload', stake: 'control', path: '/upload/image', judge: reached('api') }),
  surface({ id: 'logs', purpose: 'internal', stake: 'control', path: '/internal/logs' }),
  surface({ id: 'folders', purpose: 'internal', stake: 'facts', path: '/internal/folder_paths' }),
  surface({
    id: 'user-data',
    purpose: 'user-data',
    stake: 'data',
    path: `/userdata/${nobody}.json`,
    judge: reached('api'),
  }),
  surface({ id: 'exempt-js', purpose: 'exempt', stake: 'data', path: `/userdata/${nobody}.js`, judge: behindLogin }),
  surface({
    id: 'exempt-css',
    purpose: 'exempt',
    stake: 'data',
    path: `/api/userdata/${nobody}.css`,
    judge: behindLogin,
  }),
  surface({
    id: 'exempt-ico',
    purpose: 'exempt',
    stake: 'facts',
    path: `/object_info/${nobody}.ico`,
    expected: 'anything',
    judge: forAnybody,
  }),
  surface({
    id: 'login',
    purpose: 'login',
    stake: 'control',
    path: '/login',
    expected: 'anything',
    headers: html,
    readsBody: true,
    judge: loginPage,
  }),
]

/** `--api-auth` guards the API alone, `--gradio-auth` the web interface alone, and nothing guards the rest. */
const forge: readonly DoorSurface[] = [
  surface({ id: 'api', purpose: 'api', stake: 'control', path: '/sdapi/v1/options', sets: 'api' }),
  surface({ id: 'config', purpose: 'ui', stake: 'control', path: '/config', sets: 'ui' }),
  surface({ id: 'ui', purpose: 'ui', stake: 'control', path: '/', headers: html, readsBody: true, judge: gradioPage }),
  surface({
    id: 'api-empty',
    purpose: 'api',
    stake: 'control',
    path: '/sdapi/v1/options',
    with: 'empty-token',
    headers: { authorization: basic(':') },
  }),
  surface({
    id: 'api-wrong',
    purpose: 'api',
    stake: 'control',
    path: '/sdapi/v1/options',
    with: 'wrong-token',
    headers: { authorization: basic(`${nobody}:${nobody}`) },
  }),
  surface({ id: 'progress', purpose: 'api', stake: 'control', path: '/sdapi/v1/progress?skip_current_image=true' }),
  surface({ id: 'info', purpose: 'ui', stake: 'control', path: '/info' }),
  surface({ id: 'queue', purpose: 'ui', stake: 'control', path: '/queue/status' }),
  surface({ id: 'files', purpose: 'images', stake: 'control', path: `/file=${nobody}.png`, judge: reached('ui') }),
  ...(
    [
      ['loras', 'api', 'GET', '/sdapi/v1/loras'],
      ['controlnet', 'api', 'GET', '/controlnet/module_list'],
      ['controlnet-models', 'api', 'GET', '/controlnet/model_list'],
      ['controlnet-types', 'api', 'GET', '/controlnet/control_types'],
      ['ping', 'internal', 'GET', '/internal/ping'],
      ['tasks', 'internal', 'GET', '/internal/pending-tasks'],
      // HEAD: the report itself is long, and says how the program was started.
      ['sysinfo', 'internal', 'HEAD', '/internal/sysinfo'],
      ['docs', 'docs', 'GET', '/openapi.json'],
    ] as const
  ).map(([id, purpose, method, path]) =>
    surface({ id, purpose, stake: 'facts', method, path, expected: 'anything', judge: forAnybody }),
  ),
]

/**
 * What a stranger could ask of a service. Everything reads: no POST, since those make pictures, and `/sdapi/v1/cmd-flags`
 * is left out, since it prints passwords.
 */
export const doorSurfaces: Record<ServiceKind, readonly DoorSurface[]> = { comfyui, forge }
