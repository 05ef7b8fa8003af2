import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Reply } from './reply'

/** A body larger than the server takes. */
export class BodyTooLarge extends Error {}

/** One request, with its query parsed and its body read at most once. */
export interface Call {
  method: string
  path: string
  query: URLSearchParams
  request: IncomingMessage
  /** Reads the whole body. Throws BodyTooLarge. */
  body: () => Promise<Buffer>
}

export function header(call: Call, name: string): string | null {
  const value = call.request.headers[name]
  return typeof value === 'string' ? value : (value?.[0] ?? null)
}

async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) {
    request.resume()
    throw new BodyTooLarge()
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limitBytes) throw new BodyTooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Parses a request's target. A path that is not valid percent-encoding is kept as it came. */
export function callOf(request: IncomingMessage, limitBytes: number): Call {
  const [rawPath = '/', ...rest] = (request.url ?? '/').split('?')
  let path = rawPath
  try {
    path = decodeURIComponent(rawPath)
  } catch {
    // kept as it came
  }
  let body: Promise<Buffer> | null = null
  return {
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(rest.join('?')),
    request,
    body: () => (body ??= readBody(request, limitBytes)),
  }
}

async function streamTo(response: ServerResponse, { status, headers }: Reply, stream: NonNullable<Reply['stream']>) {
  const closed = new AbortController()
  response.once('close', () => closed.abort())
  response.writeHead(status, headers)
  response.flushHeaders()
  let sent: Promise<unknown> = Promise.resolve()
  const write = (text: string) => void (sent = new Promise((resolve) => response.write(text, resolve)))
  const isWhole = await stream(write, closed.signal)
  if (isWhole) {
    response.end()
    return
  }
  // What was written last is heard before it breaks off.
  await sent
  response.destroy()
}

function send(call: Call, response: ServerResponse, reply: Reply) {
  if (response.destroyed) return
  if (reply.stream) {
    streamTo(response, reply, reply.stream).catch(() => response.destroy())
    return
  }
  if (reply.breaksOff === true) {
    response.writeHead(reply.status, reply.headers)
    response.write(reply.body, () => response.destroy())
    return
  }
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body
  response.writeHead(reply.status, { ...reply.headers, 'content-length': body.length })
  response.end(call.method === 'HEAD' ? undefined : body)
}

export interface HttpOptions {
  host: string
  /** 0 takes a free port. */
  port: number
  limitBytes: number
  serverName: string
  handle: (call: Call) => Promise<Reply>
  /** Answers for what `handle` throws. */
  failed: (error: unknown, call: Call) => Reply
}

export interface RunningHttp {
  server: Server
  port: number
  /** Stops listening and cuts every connection at once. */
  close: () => Promise<void>
}

/** Opens a port and answers through `handle`. Rejects with node's own error (EADDRINUSE, …) when it cannot listen. */
export async function listen(options: HttpOptions): Promise<RunningHttp> {
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    const call = callOf(request, options.limitBytes)
    response.setHeader('server', options.serverName)
    options
      .handle(call)
      .catch((error: unknown) => options.failed(error, call))
      .then(
        (reply) => send(call, response, reply),
        () => response.destroy(),
      )
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  return {
    server,
    port: (server.address() as AddressInfo).port, // listening on TCP, so the address is an AddressInfo
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
