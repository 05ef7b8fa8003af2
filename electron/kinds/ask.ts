import { WebSocket } from 'ws'
import { abortReason, onAbort } from '../async/abort'
import { asItIs } from '../logs/cutting'
import type { Secret } from '../vault/secret'
import type { SurfaceAnswer } from './backend'
import { exchange, networkProblem, type HttpAnswer } from './http'
import { isFormRefusal, isRefusal } from './refusal'
import { defaultTiming } from './timing'

/** One question of a proof. */
export interface Question {
  method?: 'GET' | 'POST'
  path: string
  body?: { type: string; content: string }
  /** The header with the secret. */
  authorization?: string | null
  cookie?: string | null
}

/** Sends it. Throws a Problem when nothing answers. */
export const answerTo = (url: string, question: Question, signal: AbortSignal): Promise<HttpAnswer> =>
  exchange({
    method: question.method ?? 'GET',
    url: url + question.path,
    headers: {
      accept: 'application/json',
      'user-agent': 'Regie',
      ...(question.body ? { 'content-type': question.body.type } : {}),
      ...(question.authorization ? { authorization: question.authorization } : {}),
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

/** What an answer to the absolute URL `asked` says to a proof. */
const readAnswer = ({ status, headers }: Pick<HttpAnswer, 'status' | 'headers'>, asked: string): SurfaceAnswer => ({
  status,
  refused: isRefusal({ status, location: headers.location ?? null }, asked),
})

/** The same for the form of a sign-in page. */
export const readForm = ({ status, headers }: HttpAnswer, asked: string): SurfaceAnswer => ({
  status,
  refused: isFormRefusal({ status, location: headers.location ?? null }, asked),
})

export const askFor = async (url: string, question: Question, signal: AbortSignal): Promise<SurfaceAnswer> =>
  readAnswer(await answerTo(url, question, signal), url + question.path)

/** Opens the WebSocket and closes it again. */
export function askSocket(
  url: string,
  { path, authorization = null }: Pick<Question, 'path' | 'authorization'>,
  signal: AbortSignal,
): Promise<SurfaceAnswer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortReason(signal))
      return
    }
    const socket = new WebSocket(url.replace(/^http/, 'ws') + path, {
      headers: { 'user-agent': 'Regie', ...(authorization === null ? {} : { authorization }) },
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
      end(() => resolve(readAnswer({ status: statusCode, headers }, url + path))),
    )
  })
}

/** The form of a sign-in page, filled in. It is asked for without any other credential. */
export function signIn({ username, password }: Secret): Question & { path: '/login' } {
  const content = new URLSearchParams({ username: username ?? '', password: password ?? '' }).toString()
  return { method: 'POST', path: '/login', body: { type: 'application/x-www-form-urlencoded', content } }
}
