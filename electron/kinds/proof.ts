import type { IncomingHttpHeaders } from 'node:http'
import { WebSocket } from 'ws'
import type { ServiceKind } from '../../shared/contract'
import { abortReason, onAbort } from '../async/abort'
import { asItIs } from '../logs/cutting'
import type { Secret } from '../vault/secret'
import type { Sessions, Surface, SurfaceAnswer } from './backend'
import { authorization } from './client'
import { exchange, networkProblem, type HttpAnswer } from './http'
import { isRefusal } from './refusal'
import { defaultTiming } from './timing'

interface Question {
  method?: 'GET' | 'POST'
  path: string
  body?: { type: string; content: string }
  secret: Secret | null
  cookie?: string | null
}

function answerTo(kind: ServiceKind, url: string, question: Question, signal: AbortSignal) {
  const header = authorization(kind, question.secret)
  return exchange({
    method: question.method ?? 'GET',
    url: url + question.path,
    headers: {
      accept: 'application/json',
      'user-agent': 'Regie',
      ...(question.body ? { 'content-type': question.body.type } : {}),
      ...(header === null ? {} : { authorization: header }),
      ...(question.cookie ? { cookie: question.cookie } : {}),
    },
    body: question.body?.content,
    timeoutMs: defaultTiming.callMs,
    kind: 'probe',
    // Of an answer only its status, where it leads and its cookie are read: no word of it is shown.
    take: { 200: 'nothing' },
    redact: asItIs,
    signal,
  })
}

const readAnswer = ({ status, headers }: Pick<HttpAnswer, 'status' | 'headers'>, asked: string): SurfaceAnswer => ({
  status,
  refused: isRefusal({ status, location: headers.location ?? null }, asked),
})

const askFor = async (
  kind: ServiceKind,
  url: string,
  question: Question,
  signal: AbortSignal,
): Promise<SurfaceAnswer> => readAnswer(await answerTo(kind, url, question, signal), url + question.path)

/** A surface asked with one request; by default it is refused with 401 and answers 200 to the right credential. */
function surface(
  kind: ServiceKind,
  about: Pick<Surface, 'purpose'> & { method?: 'GET' | 'POST'; path: string; json?: string; right?: number },
): Surface {
  const { method = 'GET', path, json } = about
  const body = json === undefined ? {} : { body: { type: 'application/json', content: json } }
  return {
    surface: `${method} ${path}`,
    purpose: about.purpose,
    expect: { none: 401, wrong: 401, right: about.right ?? 200 },
    ask: (url, secret, signal) => askFor(kind, url, { method, path, ...body, secret }, signal),
  }
}

/** Opens the WebSocket and closes it again. */
function askSocket(url: string, secret: Secret | null, signal: AbortSignal): Promise<SurfaceAnswer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortReason(signal))
      return
    }
    const header = authorization('comfyui', secret)
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, {
      headers: { 'user-agent': 'Regie', ...(header === null ? {} : { authorization: header }) },
      handshakeTimeout: defaultTiming.callMs,
    })
    const end = (finish: () => void) => {
      leave()
      finish()
      socket.terminate()
    }
    const leave = onAbort(signal, () => end(() => reject(abortReason(signal))))
    // Stays until the socket is gone: ending it early raises an error too.
    socket.on('error', (error) => end(() => reject(networkProblem(error, url) ?? error)))
    socket.once('open', () => end(() => resolve({ status: 101, refused: false })))
    socket.once('unexpected-response', (_request, { statusCode = 0, headers }) =>
      end(() => resolve(readAnswer({ status: statusCode, headers }, `${url}/ws`))),
    )
  })
}

/** The form of a sign-in page, filled in. It is asked for without any other credential. */
function signIn({ username, password }: Secret): Question {
  const content = new URLSearchParams({ username: username ?? '', password: password ?? '' }).toString()
  const body = { type: 'application/x-www-form-urlencoded', content }
  return { method: 'POST', path: '/login', body, secret: null }
}

/** An empty job is no job: `/prompt` answers 400 `no_prompt` and queues nothing. */
const comfyuiSurfaces: readonly Surface[] = [
  surface('comfyui', { purpose: 'status', path: '/system_stats' }),
  surface('comfyui', { purpose: 'models', path: '/object_info/KSampler' }),
  surface('comfyui', { purpose: 'queue', method: 'POST', path: '/prompt', json: '{}', right: 400 }),
  {
    surface: 'WS /ws',
    purpose: 'progress',
    expect: { none: 401, wrong: 401, right: 101 },
    ask: askSocket,
  },
]

/** Gradio's login form has neither header nor 401: it is asked with the pair, and `/config` without one. */
const gradioLogin: Surface = {
  surface: 'POST /login',
  purpose: 'login',
  expect: { none: 401, wrong: 400, right: 200 },
  applies: async (url, signal) =>
    (await askFor('forge', url, { path: '/config', secret: null }, signal)).status === 401,
  ask: async (url, secret, signal) => {
    if (secret === null) return askFor('forge', url, { path: '/config', secret: null }, signal)
    const answer = await askFor('forge', url, signIn(secret), signal)
    return { ...answer, refused: answer.refused || answer.status === 400 }
  },
}

/**
 * Forge checks the credential before the body, so that `txt2img` without a body answers 401 or 422 and makes nothing.
 * Routes that no flag protects (`/internal/*`, `/docs`, LoRA and ControlNet lists) are left out: they prove nothing.
 */
const forgeSurfaces: readonly Surface[] = [
  surface('forge', { purpose: 'status', path: '/sdapi/v1/options' }),
  surface('forge', { purpose: 'models', path: '/sdapi/v1/samplers' }),
  surface('forge', { purpose: 'progress', path: '/sdapi/v1/progress' }),
  surface('forge', { purpose: 'api', method: 'POST', path: '/sdapi/v1/txt2img', right: 422 }),
  gradioLogin,
]

/** The surfaces that a credential protects, for proving it: none → refused, wrong → refused, right → let in. */
export function surfacesOf(kind: ServiceKind): readonly Surface[] {
  return kind === 'comfyui' ? comfyuiSurfaces : forgeSurfaces
}

/** The cookies of an answer whose names match, as they are sent back. */
function cookiesIn(headers: IncomingHttpHeaders, names: RegExp): string {
  const pairs = (headers['set-cookie'] ?? []).map((line) => line.split(';')[0] ?? '')
  return pairs.filter((pair) => names.test(pair)).join('; ')
}

function sessions(kind: ServiceKind, about: { path: string; names: RegExp; madeUp: string }): Sessions {
  const { path, names, madeUp } = about
  return {
    surface: `GET ${path} (cookie)`,
    expect: { none: 401, wrong: 401, right: 200 },
    madeUp,
    async open(url, secret, signal) {
      const question = signIn(secret)
      const answer = await answerTo(kind, url, question, signal)
      // ComfyUI-Login leads back to its own page, which may carry an empty session.
      const refused = answer.status === 400 || (answer.headers.location ?? '').includes(question.path)
      const read = readAnswer(answer, url + question.path)
      const isTurnedAway = read.refused || refused || answer.status >= 400
      const cookie = isTurnedAway ? '' : cookiesIn(answer.headers, names)
      return cookie === '' ? { ...read, refused: read.refused || refused } : { cookie }
    },
    ask: (url, cookie, signal) => askFor(kind, url, { path, secret: null, cookie }, signal),
  }
}

/** ComfyUI-Login keeps no sessions: a cookie lives as long as the key that sealed it. */
const comfyuiSessions = sessions('comfyui', {
  path: '/system_stats',
  names: /^AIOHTTP_SESSION=/,
  madeUp: `AIOHTTP_SESSION=${'gAAAAAB'.padEnd(120, 'A')}`,
})

/** Gradio keeps them in memory: each start begins without any. Over plain HTTP only the second cookie is sent back. */
const gradioSessions = sessions('forge', {
  path: '/config',
  names: /^access-token-/,
  madeUp: 'access-token-unsecure-none=none',
})

/** The browser sessions of a kind of service, whose death a rotation may promise. */
export const sessionsOf = (kind: ServiceKind): Sessions => (kind === 'comfyui' ? comfyuiSessions : gradioSessions)
