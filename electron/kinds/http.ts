import { Buffer } from 'node:buffer'
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { Problem, type Reason } from '../../shared/problems'
import { abortReason, onAbort } from '../async/abort'
import type { Redact } from '../logs/cutting'
import { headersWithoutSecrets, withoutSecrets } from './foreign'
import { answerLimits, sizeText, wordsLimit, type AnswerKind } from './limits'

export interface HttpRequest {
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body?: string | Buffer | undefined
  /** Limit for the whole answer, in ms. */
  timeoutMs: number
  /** What is asked for: says how long an answer may be. */
  kind: AnswerKind
  /** Takes secrets out of whatever comes back, before anybody reads it. */
  redact: Redact
  /**
   * What is done with the body, by status; words are read and redacted where nothing is said. `raw`: as it came, for
   * those who read it themselves and redact what they show. `nothing`: only the status counts.
   */
  take?: Readonly<Record<number, 'raw' | 'nothing'>> | undefined
  signal: AbortSignal
}

export interface HttpAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  tookMs: number
}

/** Codes of node's TLS layer for a certificate that is not trusted. */
const certificateCodes = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/

/** Whether a failure says that nobody listens at the address. */
export const isConnectionRefused = ({ problem, params }: Pick<Reason, 'problem' | 'params'>): boolean =>
  problem === 'backend.unreachable' && params['detail'] === 'ECONNREFUSED'

/** A network failure as a Problem; returns null for what is not a network failure. */
export function networkProblem(error: unknown, url: string): Problem | null {
  if (!(error instanceof Error)) return null
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  if (code === null) return null
  const where = new URL(url)
  const base = where.origin
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new Problem('backend.host-unknown', { url: base, host: where.hostname, detail: code })
  if (certificateCodes.test(code)) return new Problem('backend.tls', { url: base, detail: code })
  return new Problem('backend.unreachable', { url: base, detail: code })
}

/** An answer whose body has not been read. */
interface Opened {
  incoming: IncomingMessage
  /** Its pieces as they come. Throws a Problem when it breaks off, and the signal's reason when that is aborted. */
  pieces: () => AsyncGenerator<Buffer, void, undefined>
}

/**
 * Sends a request: no redirect is followed, no cookie kept, no proxy used, no connection reused.
 * It uses node's http and not fetch, because fetch gives up after five minutes without response headers, and
 * Forge answers `txt2img` only when the pictures are done.
 * Throws a Problem when nothing answers, and the signal's reason when it is aborted.
 */
function send(request: HttpRequest): Promise<Opened> {
  const { url, signal } = request
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortReason(signal))
      return
    }
    let incoming: IncomingMessage | null = null
    let why: Error | null = null
    const outgoing = (url.startsWith('https:') ? https : http).request(url, {
      method: request.method,
      headers: { ...request.headers, 'content-length': String(Buffer.byteLength(request.body ?? '')) },
      agent: false,
    })
    const release = () => {
      clearTimeout(timer)
      leave()
    }
    const end = (error: Error) => {
      why ??= error
      release()
      incoming?.destroy(error)
      outgoing.destroy()
      reject(why)
    }
    const timer = setTimeout(() => end(tooSlow(request)), request.timeoutMs)
    const fail = (error: unknown) => end(asError(networkProblem(error, url) ?? error))
    const leave = onAbort(signal, () => end(abortReason(signal)))
    outgoing.on('error', fail)
    outgoing.on('response', (answer) => {
      incoming = answer
      answer.on('error', fail)
      answer.once('close', release)
      resolve({
        incoming: answer,
        async *pieces() {
          try {
            for await (const piece of answer) yield piece as Buffer // no encoding is set
          } catch (error) {
            throw why ?? asError(networkProblem(error, url) ?? error)
          } finally {
            release()
          }
        },
      })
    })
    outgoing.end(request.body ?? '')
  })
}

/** One HTTP exchange: see `send`. Throws `backend.answer-too-large` for a body that is longer than its kind may be. */
export async function exchange(request: HttpRequest): Promise<HttpAnswer> {
  const startedAt = performance.now()
  return collect(request, await send(request), startedAt)
}

/**
 * The same where a 200 is not held in memory: its body as it comes, to be read to its end or left. Any other status is
 * an answer like those of `exchange`. The limit is the reader's own.
 */
export async function download(
  request: HttpRequest,
): Promise<HttpAnswer | { status: 200; pieces: AsyncGenerator<Buffer, void, undefined> }> {
  const startedAt = performance.now()
  const opened = await send(request)
  if (opened.incoming.statusCode !== 200) return collect(request, opened, startedAt)
  return { status: 200, pieces: opened.pieces() }
}

async function collect(request: HttpRequest, { incoming, pieces }: Opened, startedAt: number): Promise<HttpAnswer> {
  const status = incoming.statusCode ?? 0
  const take = request.take?.[status] ?? 'words'
  const isQuoted = take === 'words' && status !== 200
  const limit = isQuoted ? wordsLimit : answerLimits[request.kind]
  const answer = (body: Buffer): HttpAnswer => ({
    status,
    headers: headersWithoutSecrets(incoming.headers, request.redact),
    body,
    tookMs: performance.now() - startedAt,
  })
  const declared = Number(incoming.headers['content-length'] ?? 0)
  const chunks: Buffer[] = []
  let length = 0
  const isTooLong = () => Math.max(length, declared) > limit
  if (take === 'nothing' || !isTooLong())
    for await (const piece of pieces()) {
      length += piece.length
      if (length > limit) break
      if (take !== 'nothing') chunks.push(piece)
    }
  incoming.destroy()
  if (take === 'nothing' || !isTooLong()) {
    const body = Buffer.concat(chunks)
    return answer(take === 'words' ? redactedWords(body, request.redact) : body)
  }
  const size = declared > limit ? sizeText(declared) : `> ${sizeText(limit)}`
  // What refuses or fails is told by its status; of so many words none is quoted, for none may be cut before it is redacted.
  if (isQuoted) return answer(Buffer.from(`(${size})`))
  throw new Problem('backend.answer-too-large', { asked: askedOf(request), size, limit: sizeText(limit) })
}

/** Words without secrets: the one place that what services say in text passes on its way to anybody. */
function redactedWords(body: Buffer, redact: Redact): Buffer {
  const text = body.toString('utf8')
  const shown = withoutSecrets(text, redact)
  return shown === text ? body : Buffer.from(shown, 'utf8')
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error('request failed', { cause: error }))

const tooSlow = ({ url, timeoutMs }: HttpRequest) =>
  new Problem('backend.timeout', { url: new URL(url).origin, seconds: Math.max(1, Math.round(timeoutMs / 1000)) })

const askedOf = ({ method, url }: HttpRequest) => `${method} ${new URL(url).pathname}`
