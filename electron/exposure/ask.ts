import { randomBytes } from 'node:crypto'
import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { connect } from 'node:net'
import { assertOwnAddress, type ExposureTarget, type OwnAddress } from './addresses'

/** What is asked: only what reads. */
export interface ExposureQuestion {
  method: 'GET' | 'HEAD' | 'WS'
  path: string
  headers?: Record<string, string>
  /** Whether the page's text decides; otherwise nothing but the status and the headers is read. */
  readsBody?: boolean
}

export interface ExposureAnswer {
  /** The absolute URL that was asked, against which a redirect is read. */
  url: string
  /** null: nothing came back. */
  status: number | null
  /** Why nothing came back, e.g. `ECONNREFUSED`. */
  error: string | null
  location: string | null
  body: string
  tookMs: number
}

const timeoutMs = 4000
const bodyLimit = 256 * 1024

const hostOf = ({ address, family }: OwnAddress, port: number) => `${family === 6 ? `[${address}]` : address}:${port}`

/** Whether anything accepts connections at one of this machine's addresses. */
export function accepts(origin: OwnAddress, port: number, signal: AbortSignal): Promise<boolean> {
  assertOwnAddress(origin.address)
  return new Promise((resolve) => {
    const socket = connect({ host: origin.address, port, family: origin.family, signal, timeout: 1500 })
    const answer = (isOpen: boolean) => {
      socket.destroy()
      resolve(isOpen)
    }
    socket.once('connect', () => answer(true))
    socket.once('timeout', () => answer(false))
    socket.on('error', () => answer(false))
  })
}

const codeOf = (error: Error) => ('code' in error && typeof error.code === 'string' ? error.code : 'error')

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  let text = ''
  incoming.setEncoding('utf8')
  for await (const chunk of incoming) {
    text += String(chunk)
    if (text.length > bodyLimit) break
  }
  return text
}

const headersFor = (host: string, { method, headers }: ExposureQuestion): Record<string, string> => ({
  host,
  accept: 'application/json',
  'user-agent': 'Regie exposure test',
  ...(method === 'WS'
    ? {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
      }
    : {}),
  ...headers,
})

/** Waits for what comes back, which ends the request. Never rejects. */
function answerTo(outgoing: ClientRequest, readsBody: boolean): Promise<Partial<ExposureAnswer>> {
  return new Promise((resolve) => {
    const finish = (found: Partial<ExposureAnswer>) => {
      resolve(found)
      outgoing.destroy()
    }
    outgoing.on('error', (error) => finish({ error: codeOf(error) }))
    outgoing.on('timeout', () => finish({ error: 'timeout' }))
    outgoing.on('upgrade', (_incoming, socket) => {
      socket.on('error', () => undefined)
      socket.destroy()
      finish({ status: 101 })
    })
    outgoing.on('response', (incoming) => {
      const found = { status: incoming.statusCode ?? 0, location: incoming.headers.location ?? null }
      incoming.on('error', () => finish(found))
      if (readsBody)
        bodyOf(incoming).then(
          (body) => finish({ ...found, body }),
          () => finish(found),
        )
      else finish(found)
    })
    outgoing.end()
  })
}

/**
 * Asks a service on this machine, without credentials and without following redirects. Throws a Problem, before
 * anything is sent, when the address is not this machine's own.
 */
export function askFrom(
  origin: OwnAddress,
  target: ExposureTarget,
  question: ExposureQuestion,
  signal: AbortSignal,
): Promise<ExposureAnswer> {
  assertOwnAddress(origin.address)
  return ask(origin, target, question, signal)
}

async function ask(
  origin: OwnAddress,
  { isTls, port, base }: ExposureTarget,
  question: ExposureQuestion,
  signal: AbortSignal,
): Promise<ExposureAnswer> {
  const startedAt = performance.now()
  const host = hostOf(origin, port)
  const path = base + question.path
  const outgoing = (isTls ? https : http).request({
    host: origin.address,
    family: origin.family,
    port,
    method: question.method === 'WS' ? 'GET' : question.method,
    path,
    headers: headersFor(host, question),
    agent: false,
    timeout: timeoutMs,
    signal,
    // Nothing secret is sent, and the certificate of a name cannot fit an address.
    ...(isTls ? { rejectUnauthorized: false } : {}),
  })
  const found = await answerTo(outgoing, question.readsBody ?? false)
  return {
    ...{ url: `${isTls ? 'https' : 'http'}://${host}${path}`, status: null, error: null, location: null, body: '' },
    ...found,
    tookMs: performance.now() - startedAt,
  }
}
