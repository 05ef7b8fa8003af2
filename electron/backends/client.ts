import type { z } from 'zod'
import type { ServiceKind } from '../../shared/contract'
import { Problem, type Reason } from '../../shared/problems'
import type { Secret } from '../vault/secret'
import type { BackendTarget } from './backend'
import { exchange, type HttpAnswer } from './http'
import { parseJson } from './json'
import { isRefusal, placeOf } from './refusal'

const MiB = 2 ** 20

export interface Call {
  method?: 'GET' | 'POST'
  path: string
  json?: unknown
  /** False asks without the credential, as a stranger would. */
  credential?: boolean
  timeoutMs?: number
  maxBytes?: number
  /** What a 200 holds is pictures: see `HttpRequest`. */
  isPictures?: boolean
  signal: AbortSignal
}

export interface BackendClient {
  readonly kind: ServiceKind
  readonly url: string
  /** Any answer, whatever its status. Throws a Problem when nothing answers. */
  call(call: Call): Promise<HttpAnswer>
  /** The JSON of a 200, read by a schema. Throws a Problem for every other answer. */
  read<T>(schema: z.ZodType<T>, call: Call): Promise<T>
  /** The JSON of an answer, as `read` reads it. */
  parse<T>(schema: z.ZodType<T>, call: Call, answer: HttpAnswer): T
  /** Throws the Problem of an answer that is not a 200. */
  expectOk(answer: HttpAnswer, call: Call): void
  /** Whether a credential is configured. */
  hasCredential(): Promise<boolean>
}

/**
 * The `Authorization` header for a kind of service, or null without a usable secret. ComfyUI-Login takes its bcrypt
 * hash as Bearer token, Forge's `--api-auth` is HTTP Basic; the other scheme serves a reverse proxy in front.
 */
export function authorization(kind: ServiceKind, secret: Secret | null): string | null {
  if (secret === null) return null
  // ComfyUI-Login breaks on a header that is not two words, and prints a traceback each time.
  const bearer = secret.token && !/\s/.test(secret.token) ? `Bearer ${secret.token}` : null
  const basic =
    secret.username !== null && secret.password !== null
      ? `Basic ${Buffer.from(`${secret.username}:${secret.password}`).toString('base64')}`
      : null
  return kind === 'comfyui' ? (bearer ?? basic) : (basic ?? bearer)
}

export function createClient(target: BackendTarget): BackendClient {
  const { kind, url } = target
  const name = kind === 'comfyui' ? 'ComfyUI' : 'Forge'

  async function call(request: Call) {
    const send = (header: string | null) =>
      exchange({
        method: request.method ?? 'GET',
        url: url + request.path,
        headers: {
          accept: 'application/json',
          'user-agent': 'Regie',
          ...(request.json === undefined ? {} : { 'content-type': 'application/json' }),
          ...(header === null ? {} : { authorization: header }),
        },
        body: request.json === undefined ? undefined : JSON.stringify(request.json),
        timeoutMs: request.timeoutMs ?? 10_000,
        maxBytes: request.maxBytes ?? 16 * MiB,
        redact: target.redact,
        isPictures: request.isPictures,
        signal: request.signal,
      })
    if (request.credential === false) return await send(null)
    // The secret is lent only while the header is built; the exchange itself may take an hour.
    return await send(await target.lendSecret((secret) => authorization(kind, secret)))
  }

  function expectOk(answer: HttpAnswer, request: Call) {
    if (answer.status !== 200) throw answerProblem(answer, { kind, url, call: request })
  }

  function parse<T>(schema: z.ZodType<T>, request: Call, answer: HttpAnswer): T {
    expectOk(answer, request)
    const asked = `${request.method ?? 'GET'} ${pathOf(request.path)}`
    const json = parseJson(answer.body.toString('utf8'))
    if (json === undefined)
      throw new Problem('backend.unexpected-answer', { asked, kind: name, detail: typeOf(answer) })
    const parsed = schema.safeParse(json)
    if (parsed.success) return parsed.data
    const issue = parsed.error.issues[0]
    const detail = issue ? `${issue.path.join('.')}: ${issue.message}` : 'unreadable'
    throw new Problem('backend.unexpected-answer', { asked, kind: name, detail })
  }

  return {
    kind,
    url,
    call,
    expectOk,
    hasCredential: () => target.lendSecret((secret) => authorization(kind, secret) !== null),
    parse,
    read: async (schema, request) => parse(schema, request, await call(request)),
  }
}

/** The path without its query, which may hold names of files. */
const pathOf = (path: string) => path.split('?')[0] ?? path

const typeOf = (answer: HttpAnswer) => answer.headers['content-type'] ?? 'no content type'

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
    kind: kind === 'comfyui' ? 'ComfyUI' : 'Forge',
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
