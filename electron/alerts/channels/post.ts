import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { version } from '../../../package.json'
import { Problem } from '../../../shared/problems'
import { onAbort } from '../../async/abort'
import { RetryLater } from './channel'
import { deliveryMsOf, networkProblem, onlyPrivate, type Wire } from './wire'

interface Posted {
  url: URL
  method?: 'GET' | 'POST'
  headers?: Readonly<Record<string, string>>
  body?: string
  signal: AbortSignal
  wire: Wire
}

/** A `Retry-After` in ms; null where there is none that can be read. Dates are left out: clocks differ. */
function retryAfterMs({ headers }: IncomingMessage): number | null {
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null
}

/** What the status says; nothing where the message was taken. */
function refusalOf(answer: IncomingMessage, host: string): Problem | RetryLater | null {
  const status = answer.statusCode ?? 0
  if (status >= 200 && status < 300) return null
  if (status >= 300 && status < 400) return new Problem('alerts.redirected', { host, status })
  const problem = new Problem('alerts.refused', { host, status })
  const afterMs = retryAfterMs(answer)
  return afterMs === null ? problem : new RetryLater(problem, afterMs)
}

const givenUp = (): Error => Object.assign(new Error('given up'), { code: 'ABORTED' })

/**
 * Sends one request and looks at nothing but the status of the answer, whose body is never read. No redirect is followed,
 * no proxy used, no connection kept; certificates are verified. Throws a Problem or `RetryLater`, in which no more of the
 * address stands than its host.
 */
export function post({ url, method = 'POST', headers = {}, body = '', signal, wire }: Posted): Promise<void> {
  const { hostname: host } = url
  const isPlain = url.protocol === 'http:'
  return new Promise((resolve, reject) => {
    let leave: () => void = () => undefined
    const ended = (how: () => void) => {
      clearTimeout(timer)
      leave()
      outgoing.destroy()
      how()
    }
    const fail = (error: unknown) =>
      ended(() => reject(error instanceof RetryLater ? error : networkProblem(error, host)))
    const lookup = isPlain ? onlyPrivate(host, wire) : wire.lookup
    const outgoing = (isPlain ? http : https).request(url, {
      ...{ method, agent: false, ...(lookup && { lookup }), ...(wire.ca !== undefined && { ca: wire.ca }) },
      ...(!isPlain && wire.httpsPort !== undefined && { port: wire.httpsPort }),
      headers: { 'user-agent': `Regie/${version}`, ...headers, 'content-length': String(Buffer.byteLength(body)) },
    })
    // Before anything can end it: a request that is destroyed while it connects may still fail.
    outgoing.on('error', fail)
    const mostMs = deliveryMsOf(wire)
    const silent = () => fail(new Problem('alerts.silent', { host, seconds: mostMs / 1000 }))
    const timer = setTimeout(silent, mostMs)
    leave = onAbort(signal, () => fail(givenUp()))
    outgoing.on('response', (answer) => {
      answer.on('error', () => undefined)
      const refused = refusalOf(answer, host)
      if (refused) fail(refused)
      else ended(resolve)
    })
    outgoing.end(body)
  })
}

/** The same with a body of JSON. */
export const postJson = (url: URL, content: unknown, { signal, wire }: Pick<Posted, 'signal' | 'wire'>) =>
  post({ url, signal, wire, headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) })
