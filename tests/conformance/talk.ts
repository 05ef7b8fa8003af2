import http from 'node:http'
import https from 'node:https'
import { WebSocket } from 'ws'

/** One request, sent as it stands here: no redirect is followed, and no header is added but the body's own. */
export interface Question {
  method?: string
  /** With its query, as it goes over the wire. */
  path: string
  headers?: Record<string, string>
  /** Text and forms are sent as they are, everything else as JSON. */
  body?: unknown
}

export interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  bytes: Buffer
  text: string
  /** The body as JSON, or null when it is none. */
  json: unknown
}

/** More than the largest list of nodes; what is longer is an error. */
const maxBytes = 64 * 2 ** 20

async function encode(body: unknown): Promise<{ bytes: Buffer | null; headers: Record<string, string> }> {
  if (body === undefined) return { bytes: null, headers: {} }
  if (typeof body === 'string') return { bytes: Buffer.from(body), headers: {} }
  if (body instanceof Uint8Array) return { bytes: Buffer.from(body), headers: {} }
  if (body instanceof FormData || body instanceof URLSearchParams) {
    const packed = new Response(body)
    return {
      bytes: Buffer.from(await packed.arrayBuffer()),
      headers: { 'content-type': packed.headers.get('content-type') ?? '' },
    }
  }
  return { bytes: Buffer.from(JSON.stringify(body)), headers: { 'content-type': 'application/json' } }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null // not every answer is JSON
  }
}

/** Sends one request and reads its answer whole. Rejects with the network's error. */
export async function ask(url: string, question: Question, signal?: AbortSignal): Promise<Answer> {
  const { bytes, headers } = await encode(question.body)
  const target = new URL(url)
  return new Promise((resolve, reject) => {
    const request = (target.protocol === 'https:' ? https : http).request({
      hostname: target.hostname.replace(/^\[|\]$/g, ''),
      port: target.port,
      // As it stands: URL would tidy up dots and brackets.
      path: target.pathname.replace(/\/$/, '') + question.path,
      method: question.method ?? (bytes ? 'POST' : 'GET'),
      headers: {
        ...headers,
        ...(bytes ? { 'content-length': String(bytes.length) } : {}),
        ...question.headers,
      },
      agent: false,
      ...(signal ? { signal } : {}),
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('error', reject)
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > maxBytes) response.destroy(new Error(`${question.path} answers more than ${maxBytes} bytes`))
        chunks.push(chunk)
      })
      response.on('end', () => {
        const body = Buffer.concat(chunks)
        const text = body.toString('utf8')
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          bytes: body,
          text,
          json: parse(text),
        })
      })
    })
    request.end(bytes ?? undefined)
  })
}

/** Asks for what may be cut off in the middle: what came until then, and whether it was. */
export function untilItBreaks(
  url: string,
  { path, headers = {} }: Pick<Question, 'path' | 'headers'>,
  signal: AbortSignal,
): Promise<Pick<Answer, 'headers' | 'text'> & { isBroken: boolean }> {
  const asking = url.startsWith('https:') ? https.get : http.get
  return new Promise((resolve, reject) => {
    asking(url.replace(/\/$/, '') + path, { headers, agent: false, signal }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (more: string) => (text += more))
      const end = (isBroken: boolean) => () => resolve({ headers: response.headers, text, isBroken })
      response.once('end', end(false)).once('error', end(true))
    }).on('error', reject)
  })
}

/** A submitted form. */
export const form = (fields: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(fields) })

/** The cookies of an answer, as a client sends them back. */
export const cookiesOf = (answer: Answer) =>
  (answer.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0] ?? '').join('; ')

const socketUrl = (url: string, path: string) => url.replace(/^http/, 'ws').replace(/\/$/, '') + path

/** Status of a WebSocket handshake: 101 when it opens. */
export function handshake(url: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(socketUrl(url, path), { headers })
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.on('unexpected-response', (_request, response) => {
      response.resume()
      socket.terminate()
      resolve(response.statusCode ?? 0)
    })
    socket.on('error', (error) => {
      if (!/before the connection was established/.test(error.message)) reject(error)
    })
  })
}

/** Opens a WebSocket, rejects when it is refused. It ends with the signal. */
export function openSocket(
  url: string,
  path: string,
  headers: Record<string, string>,
  signal: AbortSignal,
  onMessage: (data: Buffer, isBinary: boolean) => void,
): Promise<WebSocket> {
  const socket = new WebSocket(socketUrl(url, path), { headers })
  signal.addEventListener('abort', () => socket.terminate(), { once: true })
  // ws hands one message over as one Buffer.
  socket.on('message', (data, isBinary) => onMessage(data as Buffer, isBinary))
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.on('error', reject) // stays: ending it early raises an error too
  })
}
