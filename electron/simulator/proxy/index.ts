import http, { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/**
 * What a reverse proxy does to those who ask a service behind it: `pass` everything on; send to a `login` of its own
 * (the portal of the ai-dock images); ask for a `basic` login of its own; ask for `proxy-auth`; pass everything but the
 * Authorization header; add an Origin of its own.
 */
export const proxyWays = ['pass', 'login', 'basic', 'proxy-auth', 'drop-authorization', 'add-origin'] as const
export type ProxyWays = (typeof proxyWays)[number]

export interface ProxyOptions {
  /** The service behind it. */
  to: string
  ways?: ProxyWays
  host?: string
  /** 0, the default, takes a free port. */
  port?: number
}

const software = 'Caddy'

/** Its own answer; null lets the request through. */
function ownAnswer(ways: ProxyWays, { authorization }: IncomingHttpHeaders) {
  switch (ways) {
    case 'login':
      return { status: 302, headers: { location: '/login' } }
    case 'basic':
      // Somebody else's token is no user name and password.
      return authorization?.startsWith('Basic ') === true
        ? null
        : { status: 401, headers: { 'www-authenticate': 'Basic realm="restricted"' } }
    case 'proxy-auth':
      return { status: 407, headers: { 'proxy-authenticate': 'Basic realm="proxy"' } }
    case 'pass':
    case 'drop-authorization':
    case 'add-origin':
      return null
    default:
      return ways satisfies never
  }
}

function forwarded(ways: ProxyWays, headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { authorization, ...rest } = headers
  if (ways === 'drop-authorization') return rest
  return {
    ...rest,
    ...(authorization === undefined ? {} : { authorization }),
    ...(ways === 'add-origin' ? { origin: 'https://proxy.example' } : {}),
  }
}

/** A reverse proxy in front of a service: `Via` and `Server` on every answer, 502 while the service is down. */
export async function startProxySimulator({ to, ways = 'pass', host = '127.0.0.1', port = 0 }: ProxyOptions) {
  const target = new URL(to)
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    response.setHeader('server', software)
    const own = ownAnswer(ways, request.headers)
    if (own) {
      request.resume()
      response.writeHead(own.status, own.headers).end()
      return
    }
    const outgoing = http.request({
      host: target.hostname,
      port: target.port,
      method: request.method,
      path: request.url,
      headers: forwarded(ways, request.headers),
      agent: false,
    })
    outgoing.on('error', () => {
      if (!response.headersSent) response.writeHead(502)
      response.end()
    })
    outgoing.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, server: software, via: `1.1 ${software}` })
      answer.pipe(response)
    })
    request.pipe(outgoing)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { port: taken } = server.address() as AddressInfo // listening on TCP, so the address is an AddressInfo
  return {
    url: `http://${host}:${taken}`,
    port: taken,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
