import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorStatus, Problem } from '../../shared/problems'
import { leaveBody } from './body'
import type { OwnAnswer, Refused } from './stages'

export const isOwn = (value: object): value is OwnAnswer => 'own' in value
export const isRefused = (value: object): value is Refused => 'refused' in value

const statuses = [400, 401, 403, 404, 409, 413, 415, 429, 502, 503] as const

/** What is over soon by itself, and when it is worth another try, in s. */
const passing: ReadonlyMap<string, number> = new Map([
  ['gateway.held-by-you', 5],
  ['gateway.held-by-all', 10],
])

/** A Problem that was thrown, as a refusal; any other error is a failure of the gateway. */
export function refusedBy(error: unknown): Refused {
  if (!(error instanceof Problem)) return { refused: new Problem('gateway.failed'), status: 503 }
  const status = errorStatus[error.code]
  const retryAfterS = passing.get(error.id)
  return {
    ...{ refused: error, status: statuses.find((known) => known === status) ?? 503 },
    ...(retryAfterS !== undefined && { retryAfterS }),
  }
}

/** Gives an answer of the gateway's own, and leaves what still comes of the request. */
export function answerOwn(request: IncomingMessage, response: ServerResponse, { own }: OwnAnswer): void {
  if (response.headersSent || response.destroyed) return
  const body = typeof own.body === 'string' ? Buffer.from(own.body) : own.body
  if (!request.complete) response.setHeader('connection', 'close')
  response.writeHead(own.status, { ...own.headers, 'content-length': body.length })
  response.end(request.method === 'HEAD' ? undefined : body)
  leaveBody(request, response)
}

const reasons: Readonly<Record<number, string>> = {
  ...{ 302: 'Found', 303: 'See Other', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' },
  ...{
    409: 'Conflict',
    413: 'Content Too Large',
    429: 'Too Many Requests',
    502: 'Bad Gateway',
    503: 'Service Unavailable',
  },
}

/** The same to somebody who asked for a WebSocket and gets none. */
export function answerUpgrade(socket: Duplex, { own }: OwnAnswer): void {
  const body = typeof own.body === 'string' ? Buffer.from(own.body) : own.body
  const lines = Object.entries(own.headers)
    .flatMap(([name, value]) => (Array.isArray(value) ? value.map((one) => [name, one]) : [[name, value]]))
    .map(([name = '', value = '']) => `${name}: ${value.replaceAll(/[\r\n]/g, ' ')}\r\n`)
  const head = `HTTP/1.1 ${own.status} ${reasons[own.status] ?? 'Refused'}\r\n${lines.join('')}`
  socket.end(Buffer.concat([Buffer.from(`${head}content-length: ${body.length}\r\nconnection: close\r\n\r\n`), body]))
}
