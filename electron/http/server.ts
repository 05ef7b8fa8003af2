import { createRequestListener } from '@remix-run/node-fetch-server'
import { RPCHandler } from '@orpc/server/ws'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { Problem } from '../../shared/problems'
import type { Caller, PanelParts } from '../api/context'
import { interceptProcedureErrors, interceptRequestErrors } from '../api/errors'
import { router } from '../api/router'
import { checkHostAndOrigin, type Door } from './guard'
import { problemResponse, type Handler } from './handler'
import { cookieName, readCookie, sessionCookie, type Sessions } from './sessions'
import { securityHeaders } from './static-files'
import { createStrangers, type StrangersOptions } from './strangers'
import { unhurried } from './unhurried-socket'

const rpcSocketPath = '/rpc/ws'
const largestFrameBytes = 1024 * 1024

/** Methods for which there is no Request: https://fetch.spec.whatwg.org/#forbidden-method */
const forbiddenMethods = new Set(['TRACE', 'TRACK', 'CONNECT'])

export interface HttpDoorOptions {
  parts: PanelParts
  handler: Handler
  sessions: Sessions
  /** How many WebSockets those who have not signed in may hold, and for how long. */
  strangers?: StrangersOptions
}

/**
 * Finds out who sends a request. What the caller may do is looked up each time it is read, so that a WebSocket that
 * outlives its session can do nothing more. Throws `session.too-many` after many wrong Bearer tokens.
 */
function callerOf(
  { headers, from }: { headers: Headers; from: string },
  door: Door,
  sessions: Sessions,
): { caller: Caller; sessionKey: string | null } {
  const sessionId = readCookie(headers.get('cookie'), cookieName(door.port))
  const bearer = /^Bearer (\S+)$/.exec(headers.get('authorization') ?? '')?.[1] ?? null
  const script = bearer === null ? null : sessions.identifyBearer(bearer)
  const identity = () => (bearer === null ? sessions.identify(sessionId) : script)
  const caller: Caller = {
    door: 'http',
    from,
    get role() {
      return identity()?.role ?? null
    },
    get presence() {
      return identity()?.presence ?? null
    },
    session: {
      async signIn(proof) {
        const session = 'token' in proof ? sessions.signIn(proof.token) : await sessions.signInWithPassword(proof)
        const presence = sessions.identify(session.id)?.presence
        if (!presence) throw new Problem('session.required')
        return { role: session.role, presence, cookie: sessionCookie(door.port, session.id, session.maxAgeS) }
      },
      signOut() {
        if (sessionId !== null) sessions.end(sessionId)
        return { cookie: sessionCookie(door.port, '', 0) }
      },
      printCode: () => sessions.printCode(),
    },
  }
  return { caller, sessionKey: identity()?.key ?? null }
}

/** `/signin?token=…`: the printed link. Answers a redirect to the panel with the session's cookie. */
async function answerSignInLink(url: URL, caller: Caller): Promise<Response> {
  const session = await caller.session?.signIn({ token: url.searchParams.get('token') ?? '' })
  if (!session) throw new Problem('session.bad-token')
  return new Response(null, {
    status: 303,
    headers: { location: '/', 'set-cookie': session.cookie, 'cache-control': 'no-store', ...securityHeaders },
  })
}

/**
 * The HTTP door: node's server in front of the handler, with the Host and Origin guard, sessions, and the WebSocket
 * at /rpc/ws. `door` says at the time of each request what the panel answers for.
 */
export function createHttpDoor({ parts, handler, sessions, strangers: few }: HttpDoorOptions, door: () => Door) {
  const strangers = createStrangers(few)
  const answer = async (request: Request, { address }: { address: string }): Promise<Response> => {
    try {
      checkHostAndOrigin(request.headers, door())
      const { caller } = callerOf({ headers: request.headers, from: address }, door(), sessions)
      const url = new URL(request.url)
      if (url.pathname === '/signin' && request.method === 'GET') return await answerSignInLink(url, caller)
      const response = await handler(request, caller)
      // The rest of a refused body still lies in the connection, so that it cannot serve another request.
      if (response.status === 413) response.headers.set('connection', 'close')
      return response
    } catch (error) {
      if (error instanceof Problem) return problemResponse(error)
      throw error
    }
  }

  const listen = createRequestListener(answer, {
    onError: (error) => parts.log.error({ err: error }, 'a request failed unexpectedly'),
  })
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    if (forbiddenMethods.has(request.method ?? ''))
      response.writeHead(405, { allow: 'GET, HEAD, POST, PUT, PATCH, DELETE', connection: 'close' }).end()
    else listen(request, response)
  }

  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestFrameBytes, perMessageDeflate: false })
  const rpc = new RPCHandler(router, {
    interceptors: [interceptRequestErrors(parts)],
    clientInterceptors: [interceptProcedureErrors(parts)],
  })
  const socketsOfSession = new Map<string, Set<WebSocket>>()
  const forgetEnded = sessions.onEnd((key) => {
    for (const socket of socketsOfSession.get(key) ?? []) socket.close(4401, 'signed out')
  })

  const track = (socket: WebSocket, key: string) => {
    const open = socketsOfSession.get(key) ?? new Set()
    socketsOfSession.set(key, open.add(socket))
    socket.once('close', () => {
      open.delete(socket)
      if (open.size === 0) socketsOfSession.delete(key)
    })
  }

  /** Answers an upgrade request; anything but /rpc/ws from the panel's own page is refused. */
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', (error) => parts.log.debug({ err: error }, 'a socket broke off'))
    const headers = headersOf(request)
    try {
      checkHostAndOrigin(headers, door())
    } catch {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
      return
    }
    if (request.url?.split('?')[0] !== rpcSocketPath) {
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
      return
    }
    let known: ReturnType<typeof callerOf>
    try {
      known = callerOf({ headers, from: request.socket.remoteAddress ?? '' }, door(), sessions)
    } catch {
      socket.end('HTTP/1.1 429 Too Many Requests\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
      return
    }
    const { caller, sessionKey } = known
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (sessionKey !== null) track(webSocket, sessionKey)
      else if (caller.role === null) strangers.admit(webSocket)
      webSocket.on('error', (error) => parts.log.debug({ err: error }, 'a WebSocket broke off'))
      void rpc.upgrade(unhurried(webSocket), { context: { parts, caller } })
    })
  }

  return {
    listener,
    upgrade,
    /** Cuts every WebSocket; their streams end with them. */
    close() {
      forgetEnded()
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
  }
}

/**
 * Listens on `host`:`port` (0 takes a free port). Resolves with the address when it answers; rejects with the
 * listener's error, e.g. EADDRINUSE.
 */
export async function listen(options: HttpDoorOptions & { host: string; port: number }) {
  const door: Door & { port: number } = {
    port: 0,
    extraHosts: isLoopback(options.host) ? [] : [options.host.toLowerCase()],
  }
  const http = createHttpDoor(options, () => door)
  const server = createServer(http.listener)
  server.on('upgrade', http.upgrade)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no TCP address')
  door.port = address.port
  const shownHost = options.host.includes(':') ? `[${options.host}]` : options.host
  return {
    url: `http://${shownHost}:${door.port}/`,
    async close() {
      http.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

/** Repeated headers are left out: none of those that are looked at may be repeated. */
function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers.set(name, value)
  return headers
}

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || /^127\./.test(host)
