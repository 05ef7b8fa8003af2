import { Buffer } from 'node:buffer'
import http, { type IncomingHttpHeaders } from 'node:http'
import https from 'node:https'
import { Problem, type Reason } from '../../shared/problems'
import type { Redact } from '../logs/cutting'
import { headersWithoutSecrets, withoutSecrets } from './foreign'

export interface HttpRequest {
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body?: string | undefined
  /** Limit for the whole answer, in ms. */
  timeoutMs: number
  /** Longest answer that is read, in bytes. */
  maxBytes: number
  /** Takes secrets out of whatever comes back, before anybody reads it. */
  redact: Redact
  /** What a 200 holds is pictures: megabytes of which no word is shown. Only the others are redacted. */
  isPictures?: boolean | undefined
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

/**
 * One HTTP exchange: no redirect is followed, no cookie kept, no proxy used, no connection reused.
 * It uses node's http and not fetch, because fetch gives up after five minutes without response headers, and
 * Forge answers `txt2img` only when the pictures are done.
 * Throws a Problem when nothing answers, and the signal's reason when it is aborted.
 */
export function exchange(request: HttpRequest): Promise<HttpAnswer> {
  const { url, signal } = request
  const startedAt = performance.now()
  return new Promise<HttpAnswer>((resolve, reject) => {
    if (signal.aborted) {
      reject(abortReason(signal))
      return
    }
    const outgoing = (url.startsWith('https:') ? https : http).request(url, {
      method: request.method,
      headers: { ...request.headers, 'content-length': String(Buffer.byteLength(request.body ?? '')) },
      agent: false,
    })
    const end = (finish: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      finish()
    }
    const fail = (error: unknown) => end(() => reject(asError(networkProblem(error, url) ?? error)))
    const timer = setTimeout(() => {
      end(() =>
        reject(
          new Problem('backend.timeout', {
            url: new URL(url).origin,
            seconds: Math.max(1, Math.round(request.timeoutMs / 1000)),
          }),
        ),
      )
      outgoing.destroy()
    }, request.timeoutMs)
    const abort = () => {
      end(() => reject(abortReason(signal)))
      outgoing.destroy()
    }
    signal.addEventListener('abort', abort, { once: true })
    outgoing.on('error', fail)
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = []
      let length = 0
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        length += chunk.length
        if (length <= request.maxBytes) return
        end(() => reject(tooLong(request)))
        outgoing.destroy()
      })
      incoming.on('error', fail)
      incoming.on('end', () =>
        end(() =>
          resolve(
            asShown(request, {
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              body: Buffer.concat(chunks),
              tookMs: performance.now() - startedAt,
            }),
          ),
        ),
      )
    })
    outgoing.end(request.body ?? '')
  })
}

/** An answer without secrets: the one place that what services say passes on its way to anybody. */
function asShown({ redact, isPictures = false }: HttpRequest, answer: HttpAnswer): HttpAnswer {
  const headers = headersWithoutSecrets(answer.headers, redact)
  if (isPictures && answer.status === 200) return { ...answer, headers }
  const text = answer.body.toString('utf8')
  const shown = withoutSecrets(text, redact)
  return { ...answer, headers, body: shown === text ? answer.body : Buffer.from(shown, 'utf8') }
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error('request failed', { cause: error }))

/** An abort as an Error whose name tells it from a failure. */
export function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError')
}

function tooLong(request: HttpRequest) {
  const { origin, pathname } = new URL(request.url)
  return new Problem('backend.unexpected-answer', {
    asked: `${request.method} ${pathname}`,
    kind: origin,
    detail: `more than ${Math.round(request.maxBytes / 2 ** 20)} MiB`,
  })
}
