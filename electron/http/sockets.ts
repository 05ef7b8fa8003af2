import { RPCHandler } from '@orpc/server/ws'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import type { PanelParts } from '../api/context'
import { interceptProcedureErrors, interceptRequestErrors } from '../api/errors'
import { router } from '../api/router'
import { callerOf } from './caller'
import { clientAddress } from '../access/client-address'
import { checkHostAndOrigin, type Door } from '../access/guard'
import { bodyLimits, limitMiB } from './limits'
import type { PageProof, Sessions } from './sessions'
import { createStrangers, type StrangersOptions } from './strangers'
import { limitStranger, measured } from './socket-limits'
import { understood } from './socket-messages'
import { unhurried } from './unhurried-socket'

const rpcSocketPath = '/rpc/ws'

/** The first message of a page: its half of the session, since a browser sends no headers of a page with a WebSocket. */
const greeting = /^regie-page ([\w-]{16,128})$/

/** The page's key in a first message; null for anything else, which is then a call like any other. */
const keyIn = (data: RawData, isBinary: boolean): string | null =>
  isBinary || !Buffer.isBuffer(data) ? null : (greeting.exec(data.subarray(0, 256).toString('latin1'))?.[1] ?? null)

export interface SocketsOptions {
  parts: PanelParts
  sessions: Sessions
  strangers?: StrangersOptions
}

/** A page that asks for a socket, or why it gets none. */
type Asked = { refusal: keyof typeof refusals } | (ReturnType<typeof callerOf> & { show: (proof: PageProof) => void })

const refusals = { 403: 'Forbidden', 404: 'Not Found', 429: 'Too Many Requests' } as const

/** Who asks for a socket: anything but /rpc/ws from the panel's own page is refused. */
function askedBy(
  request: IncomingMessage,
  door: Door,
  { sessions, parts }: Pick<SocketsOptions, 'sessions' | 'parts'>,
): Asked {
  const headers = headersOf(request)
  try {
    checkHostAndOrigin(headers, door)
  } catch {
    return { refusal: 403 }
  }
  if (request.url?.split('?')[0] !== rpcSocketPath) return { refusal: 404 }
  const key = headers.get('x-regie-page')
  let proof: PageProof = key === null ? null : { key }
  try {
    const from = clientAddress(request.socket.remoteAddress ?? '', headers, parts.trustedProxies.isOne)
    return { ...callerOf({ headers, from, proof: () => proof }, door, sessions), show: (shown) => (proof = shown) }
  } catch {
    return { refusal: 429 }
  }
}

/** The open sockets of each session, which end with it. */
function createSocketsOfSessions(sessions: Sessions) {
  const known = new Map<string, Set<WebSocket>>()
  const forgetEnded = sessions.onEnd((key) => {
    for (const socket of known.get(key) ?? []) socket.close(4401, 'signed out')
  })
  return {
    track(socket: WebSocket, key: string) {
      const open = known.get(key) ?? new Set()
      known.set(key, open.add(socket))
      socket.once('close', () => {
        open.delete(socket)
        if (open.size === 0) known.delete(key)
      })
    },
    close: forgetEnded,
  }
}

/** The WebSockets at /rpc/ws, with the same guard as every request. */
export function createSockets(options: SocketsOptions, door: () => Door) {
  const { parts, sessions } = options
  const strangers = createStrangers(options.strangers)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: bodyLimits.file, perMessageDeflate: false })
  const rpc = new RPCHandler(router, {
    interceptors: [interceptRequestErrors(parts, limitMiB('file'))],
    clientInterceptors: [interceptProcedureErrors(parts)],
  })
  const ofSessions = createSocketsOfSessions(sessions)

  /** Answers an upgrade request. */
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', (error) => parts.log.debug({ err: error }, 'a socket broke off'))
    const asked = askedBy(request, door(), options)
    if ('refusal' in asked) {
      const status = `${asked.refusal} ${refusals[asked.refusal]}`
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
      return
    }
    const { caller, sessionKey, show } = asked
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', (error) => parts.log.debug({ err: error }, 'a WebSocket broke off'))
      const isStranger = () => caller.role === null
      const stranger = isStranger() ? strangers.admit(webSocket) : null
      limitStranger(webSocket, socket, isStranger)
      webSocket.once('message', (data: RawData, isBinary: boolean) => {
        const key = keyIn(data, isBinary)
        if (key !== null) show({ key })
        if (caller.role !== null) stranger?.release()
        const session = sessionKey()
        if (session !== null) ofSessions.track(webSocket, session)
        const addEventListener = understood(webSocket, measured(webSocket), isStranger)
        const taken = { send: unhurried(webSocket), addEventListener }
        void rpc.upgrade(taken, { context: { parts, caller } })
        if (key === null) webSocket.emit('message', data, isBinary)
      })
    })
  }

  return {
    upgrade,
    close() {
      ofSessions.close()
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
  }
}

/** Repeated headers are left out: none of those that are looked at may be repeated. */
function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers.set(name, value)
  return headers
}
