import type { ServiceKind } from '../../shared/contract'
import { kinds } from '../../shared/kinds'
import { Problem, type Reason } from '../../shared/problems'
import type { Secret } from '../vault/secret'
import type { BackendTarget } from './backend'
import { valuesWithoutSecrets } from './foreign'
import { download, exchange, type HttpAnswer, type HttpRequest } from './http'
import { parseJson } from './json'
import { answerLimits, sizeText, type AnswerKind } from './limits'
import { readHere } from './reading/reader'
import { readingOf, type ReadAs, type ReadingName } from './reading/readings'
import { isRefusal, placeOf } from './refusal'

export interface Call {
  method?: 'GET' | 'POST'
  path: string
  json?: unknown
  /** A body of another type than JSON. */
  form?: { type: string; content: Buffer }
  /** False asks without the credential, as a stranger would. */
  credential?: boolean
  /** Of a session at the service's sign-in form, for what is behind that. */
  cookie?: string | null
  timeoutMs?: number
  kind: AnswerKind
  take?: HttpRequest['take']
  signal: AbortSignal
}

/** A call whose answer is read by a reading, which says what kind it is. */
export type Question = Omit<Call, 'kind' | 'take'>

/** The call by which an answer is had as a reading wants it; of a 400 too where that is read. */
export const callFor = (name: ReadingName, question: Question): Call => ({
  ...question,
  kind: readingOf(name).kind,
  take: { 200: 'raw', ...(name === 'submission' ? { 400: 'raw' } : {}) },
})

export interface BackendClient {
  readonly kind: ServiceKind
  readonly url: string
  /** Any answer, whatever its status. Throws a Problem when nothing answers. */
  call(call: Call): Promise<HttpAnswer>
  /** The same, but of a 200 the pieces of its body, as they come. */
  download(call: Call): ReturnType<typeof download>
  /** What a reading picks out of a 200, without secrets. Throws a Problem for every other answer. */
  read<R extends ReadingName>(name: R, question: Question): Promise<ReadAs<R>>
  /** The same of an answer that was had by `callFor`, whatever its status. Throws a Problem where it is another one. */
  pick<R extends ReadingName>(name: R, question: Question, body: Buffer): Promise<ReadAs<R>>
  /** Throws the Problem of an answer that is not a 200. */
  expectOk(answer: HttpAnswer, call: Question): void
  /** Whether a credential is configured. */
  hasCredential(): Promise<boolean>
}

/** What opens a kind of service. */
export type KindScheme = (typeof kinds)[ServiceKind]['scheme']

/**
 * The `Authorization` header for services of a scheme, or null without a usable secret. ComfyUI-Login takes its bcrypt
 * hash as Bearer token, Forge's `--api-auth` is HTTP Basic; the other scheme serves a reverse proxy in front.
 */
export function authorization(scheme: KindScheme, secret: Secret | null): string | null {
  if (secret === null) return null
  // ComfyUI-Login breaks on a header that is not two words, and prints a traceback each time. What is beyond Latin-1
  // stands in no header at all.
  const bearer = secret.token && /^[\x21-\x7e\xa1-\xff]+$/.test(secret.token) ? `Bearer ${secret.token}` : null
  const basic =
    secret.username !== null && secret.password !== null
      ? `Basic ${Buffer.from(`${secret.username}:${secret.password}`).toString('base64')}`
      : null
  return scheme === 'basic' ? (basic ?? bearer) : (bearer ?? basic)
}

/** Sends a call with the service's credential, or as a stranger. */
async function sent<T>(target: BackendTarget, request: Call, by: (http: HttpRequest) => Promise<T>): Promise<T> {
  const send = (header: string | null) =>
    by({
      method: request.method ?? 'GET',
      url: target.url + request.path,
      headers: {
        accept: 'application/json',
        'user-agent': 'Regie',
        ...(request.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(request.form ? { 'content-type': request.form.type } : {}),
        ...(header === null ? {} : { authorization: header }),
        ...(request.cookie ? { cookie: request.cookie } : {}),
      },
      body: request.form?.content ?? (request.json === undefined ? undefined : JSON.stringify(request.json)),
      timeoutMs: request.timeoutMs ?? 10_000,
      kind: request.kind,
      take: request.take,
      redact: target.redact,
      signal: request.signal,
    })
  if (request.credential === false) return await send(null)
  // The secret is lent only while the header is built; the exchange itself may take an hour.
  return await send(await target.lendSecret((secret) => authorization(kinds[target.kind].scheme, secret)))
}

export function createClient(target: BackendTarget): BackendClient {
  const { kind, url } = target
  const { name: program, scheme } = kinds[kind]
  const { reader = readHere } = target

  const call = (request: Call) => sent(target, request, exchange)

  function expectOk(answer: HttpAnswer, request: Question) {
    if (answer.status !== 200) throw answerProblem(answer, { kind, url, call: request })
  }

  async function pick<R extends ReadingName>(name: R, question: Question, body: Buffer): Promise<ReadAs<R>> {
    const { method = 'GET', path } = question
    const asked = `${method} ${pathOf(path)}`
    const size = sizeText(body.length)
    const picked = await reader.read(name, body)
    if (picked.ok) {
      const values = await valuesWithoutSecrets(picked.value, target.redact, readingOf(name).picture)
      return values as ReadAs<R> // what the reading's own schema gave out
    }
    if (picked.why === 'too-much')
      throw new Problem('backend.answer-too-large', {
        asked,
        size,
        limit: sizeText(answerLimits[readingOf(name).kind]),
      })
    const detail = picked.why === 'no-json' ? `${size}, not JSON` : target.redact(picked.detail)
    throw new Problem('backend.unexpected-answer', { asked, kind: program, detail })
  }

  async function read<R extends ReadingName>(name: R, question: Question): Promise<ReadAs<R>> {
    const answer = await call(callFor(name, question))
    expectOk(answer, question)
    return pick(name, question, answer.body)
  }

  return {
    kind,
    url,
    call,
    expectOk,
    hasCredential: () => target.lendSecret((secret) => authorization(scheme, secret) !== null),
    download: (request) => sent(target, request, download),
    pick,
    read,
  }
}

/** The path without its query, which may hold names of files. */
const pathOf = (path: string) => path.split('?')[0] ?? path

/** What the service says in a failing answer: its JSON message, or the start of its text. At most 500 characters. */
export function wordsOf(answer: HttpAnswer): string {
  const text = answer.body.toString('utf8').trim()
  const json = parseJson(text)
  if (json !== undefined && json !== null && typeof json === 'object') {
    // A1111 has its words in `errors`, and only the exception's name in `error`.
    const found = ['message', 'detail', 'errors', 'error']
      .map((key) => (key in json ? (json as Record<string, unknown>)[key] : null)) // an object, by the check above
      .find((value) => typeof value === 'string' && value !== '')
    if (typeof found === 'string') return found.slice(0, 500)
  }
  if (text.startsWith('<')) return 'an HTML page'
  return text.replaceAll(/\s+/g, ' ').slice(0, 500) || 'no details'
}

/** Whether an answer to a call turned it away: see `isRefusal`. */
export const isTurnedAway = ({ status, headers }: HttpAnswer, url: string, { path }: Pick<Call, 'path'>): boolean =>
  isRefusal({ status, location: headers.location ?? null }, url + path)

/** Translates an answer that is not a 200 into a Problem in the service's own words. */
export function answerProblem(
  answer: HttpAnswer,
  context: { kind: ServiceKind; url: string; call: Pick<Call, 'method' | 'path' | 'credential'> },
): Problem {
  const { kind, url, call } = context
  const { status } = answer
  const { location } = answer.headers
  if (isTurnedAway(answer, url, call))
    return new Problem(call.credential === false ? 'backend.credential-needed' : 'backend.refused', {
      url,
      status,
      detail: location === undefined ? wordsOf(answer) : placeOf(location),
    })
  if (status >= 300 && status < 400)
    return new Problem('backend.redirected', { url, location: pathOf(location ?? 'another page') })
  if (status >= 500) return new Problem('backend.server-error', { status, detail: wordsOf(answer) })
  return new Problem('backend.unexpected-answer', {
    asked: `${call.method ?? 'GET'} ${pathOf(call.path)}`,
    kind: kinds[kind].name,
    detail: `${status} ${wordsOf(answer)}`,
  })
}

/** The Problem of a failed call as evidence: a network code or timeout in protocol terms. Rethrows what is a bug. */
export function failureOf(error: unknown): { answered: string; reason: Reason } {
  if (!(error instanceof Problem)) throw error
  const detail = error.params['detail']
  const answered = error.id === 'backend.timeout' ? 'no answer' : typeof detail === 'string' ? detail : error.id
  return { answered, reason: error.reason }
}
