import { createRequestListener } from '@remix-run/node-fetch-server'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { Problem } from '../../shared/problems'
import type { Caller, PanelParts } from '../api/context'
import { keptOpen } from '../system/kept-open'
import { callerOf, readPageProof } from './caller'
import { clientAddress } from '../access/client-address'
import { checkHostAndOrigin, namesOf, type Door } from '../access/guard'
import type { Handler } from './handler'
import { problemResponse } from './refusals'
import type { Sessions } from './sessions'
import { createSockets } from './sockets'
import { securityHeaders } from '../access/security-headers'
import type { StrangersOptions } from './strangers'

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
 * `/signin?token=…`: the printed link. Answers a redirect to the panel with the session's cookie, and with the page's
 * half of it behind the #, which no request carries.
 */
async function answerSignInLink(url: URL, caller: Caller): Promise<Response> {
  const session = await caller.session?.signIn({ token: url.searchParams.get('token') ?? '' })
  if (!session) throw new Problem('session.bad-token')
  return new Response(null, {
    status: 303,
    headers: {
      location: `/#session=${session.pageKey}`,
      'set-cookie': session.cookie,
      'cache-control': 'no-store',
      ...securityHeaders,
    },
  })
}

/**
 * The HTTP door: node's server in front of the handler, with the Host and Origin guard, sessions, and the WebSocket
 * at /rpc/ws. `door` says at the time of each request what the panel answers for.
 */
export function createHttpDoor(options: HttpDoorOptions, door: () => Door) {
  const { parts, handler, sessions } = options
  const answer = async (request: Request, { address }: { address: string }): Promise<Response> => {
    try {
      checkHostAndOrigin(request.headers, door())
      const { asked, proof } = readPageProof(request)
      const from = clientAddress(address, request.headers, parts.trustedProxies.isOne)
      const { caller } = callerOf({ headers: request.headers, from, proof: () => proof }, door(), sessions)
      const url = new URL(request.url)
      if (url.pathname === '/signin' && request.method === 'GET') return await answerSignInLink(url, caller)
      const response = await handler(asked, caller)
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

  const sockets = createSockets(options, door)
  const forgetSessions = sessions.onChange(() => parts.events.publish({ type: 'sessions' }))
  return {
    listener,
    upgrade: sockets.upgrade,
    /** Cuts every WebSocket; their streams end with them. */
    close() {
      forgetSessions()
      sockets.close()
    },
  }
}

export interface ListenOptions {
  host: string
  port: number
  /** Certificate and key in PEM, for TLS of its own. */
  tls?: { cert: Buffer; key: Buffer } | undefined
}

/** Keeps connections longer than clients are told. */
export function keepConnections(server: Server): void {
  server.keepAliveTimeout = keptOpen.keptMs
  // Before the listener that answers.
  server.prependListener('request', (_, response: ServerResponse) => {
    response.setHeader('keep-alive', `timeout=${keptOpen.toldS}`)
  })
}

/**
 * Listens on `host`:`port` (0 takes a free port). Resolves with the address when it answers; rejects with the
 * listener's error, e.g. EADDRINUSE.
 */
export async function listen(options: HttpDoorOptions & ListenOptions) {
  const door = { port: 0, extraHosts: namesOf(options.host), tls: options.tls !== undefined }
  const { publicAddresses } = options.parts
  const http = createHttpDoor(options, () => ({ ...door, publicOrigins: publicAddresses.all() }))
  const server = options.tls ? createTlsServer(options.tls, http.listener) : createServer(http.listener)
  keepConnections(server)
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
    url: `${options.tls ? 'https' : 'http'}://${shownHost}:${door.port}/`,
    async close() {
      http.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}
