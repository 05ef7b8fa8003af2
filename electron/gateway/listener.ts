import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, Server as TlsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { Problem } from '../../shared/problems'
import type { ServiceKind } from '../../shared/contract'
import { keptOpen } from '../system/kept-open'
import { answerOwn, answerUpgrade, isOwn } from './answering'
import { isWebSocket, readRequest } from './asking'
import { plainRefusal } from './closed'
import type { Figures } from './figures'
import { forward, type Forwarding } from './forward'
import type { Inside, Opened } from './inside'
import type { Passed } from './pipeline'
import { relay } from './relay'
import type { Ending, OwnAnswer, Stages } from './stages'

/** The head of a request must be there after so long, in ms: whoever sends it letter by letter is cut off. */
const usualHeadMs = 10_000

/** Heads longer than this are 431, in bytes. */
const headBytes = 32 * 1024

/** So many connections a listener holds at once. */
const mostConnections = 4_096

export interface ListenerOptions extends Forwarding {
  serviceId: string
  kind: ServiceKind
  /** Certificate and key in PEM; null for plain HTTP. */
  tls: { cert: string; key: string } | null
  stages: Stages
  inside: Inside
  figures: Pick<Figures, 'took'>
  reportBug: (error: unknown) => void
  /** How long the head of a request may take, in ms, in place of the usual. */
  headMs?: number
}

/** What a client calls itself, for people to recognise it. */
const clientOf = ({ headers }: IncomingMessage): string => (headers['user-agent'] ?? '').slice(0, 120)

const unlike = (why: string): OwnAnswer =>
  plainRefusal({ refused: new Problem('gateway.bad-request', { why }), status: 400 })

/** One door to one service: reads requests, leads them through the stages, and sends them on. */
export function createListener(options: ListenerOptions) {
  const { serviceId, kind, tls, stages, inside, pipeline, figures, reportBug } = options
  const at = { serviceId, kind, isTls: tls !== null }
  /** What came through this listener: another of the same service may be open already. */
  const own = new Set<Opened>()
  let isClosing = false

  /** Notes who has something open, until it has ended. */
  function enter(
    { admitted, release }: Passed,
    request: IncomingMessage,
    socket: Duplex,
    opened: 'request' | 'socket',
  ) {
    const { guest, asked } = admitted
    const { from } = asked
    const entry: Opened = {
      ...{ serviceId, guest, from, client: clientOf(request), kind: opened, since: Date.now(), isEndless: false },
      cut: () => socket.destroy(),
    }
    const leave = inside.enter(entry)
    own.add(entry)
    const counted = stages.observer.begun(admitted)
    const ended = (ending: Ending) => {
      leave()
      own.delete(entry)
      release()
      try {
        counted.ended(ending)
      } catch (error) {
        reportBug(error)
      }
    }
    return { entry, ended }
  }

  async function serve(request: IncomingMessage, response: ServerResponse, waits: boolean): Promise<void> {
    response.on('error', () => undefined) // the client's connection; its close follows
    // A connection that is kept would keep a listener that closes.
    response.once('close', () => isClosing && setImmediate(() => server.closeIdleConnections()))
    const openBody = () => {
      if (waits) response.writeContinue()
      waits = false
      return request
    }
    const asked = readRequest(request, at, { signal: signalOf(response), openBody })
    if (typeof asked === 'string') {
      refuseUnread(request, response, asked)
      return
    }
    if (isClosing) {
      const stopping = pipeline.refuse(asked, null, {
        refused: new Problem('gateway.stopping'),
        status: 503,
        retryAfterS: 5,
      })
      answerOwn(request, response, stopping)
      return
    }
    const passed = await pipeline.pass(asked)
    if (isOwn(passed)) {
      answerOwn(request, response, passed)
      return
    }
    figures.took(passed.tookMs)
    const { entry, ended } = enter(passed, request, request.socket, 'request')
    ended(await forward(options, { request, response, asked, passed, openBody, entry }))
  }

  const refuseUnread = (request: IncomingMessage, response: ServerResponse, why: string): void => {
    // What was not understood may go on in what follows.
    response.shouldKeepAlive = false
    answerOwn(request, response, unlike(why))
  }

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => undefined)
    if (!isWebSocket(request)) {
      answerUpgrade(socket, unlike('it asks for a protocol other than WebSocket'))
      return
    }
    const asked = readRequest(request, at, { signal: signalOf(socket), openBody: () => request })
    if (typeof asked === 'string') {
      answerUpgrade(socket, unlike(asked))
      return
    }
    const passed = isClosing ? unlike('Regie is stopping') : await pipeline.pass(asked)
    if (isOwn(passed)) {
      answerUpgrade(socket, passed)
      return
    }
    figures.took(passed.tookMs)
    const { entry, ended } = enter(passed, request, socket, 'socket')
    ended(await relay({ ...options, rejoin: stages.rejoin }, { request, socket, head, asked, passed, entry }))
  }

  const server = makeServer(options)
  const serveSafely = (request: IncomingMessage, response: ServerResponse, waits: boolean) =>
    void serve(request, response, waits).catch((error: unknown) => {
      reportBug(error)
      response.destroy()
    })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => serveSafely(request, response, false))
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) =>
    serveSafely(request, response, true),
  )
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    void upgrade(request, socket, head).catch((error: unknown) => {
      reportBug(error)
      socket.destroy()
    })
  })

  return {
    server,
    /** Greets those who come from now on with another certificate. */
    renew({ cert, key }: { cert: string; key: string }): void {
      if (server instanceof TlsServer) server.setSecureContext({ cert, key })
    },
    /** Takes nothing new. Answers that are being made go on; what has no end of its own is told to come again. */
    stop(): void {
      isClosing = true
      server.close()
      server.closeIdleConnections()
      inside.cut((opened) => own.has(opened) && (opened.kind === 'socket' || opened.isEndless), true)
    },
    /** Ends whatever still goes on. */
    cut(): void {
      inside.cut((opened) => own.has(opened), true)
      server.closeAllConnections()
    },
  }
}

function makeServer({ tls, headMs = usualHeadMs }: Pick<ListenerOptions, 'tls' | 'headMs'>): Server {
  const limits = {
    ...{ maxHeaderSize: headBytes, headersTimeout: headMs, connectionsCheckingInterval: headMs / 5, noDelay: true },
    // Of a body that is too slow its own timer tells: a large one may take hours.
    ...{ requestTimeout: 0, keepAliveTimeout: keptOpen.keptMs, keepAlive: true, insecureHTTPParser: false },
  }
  const server = tls === null ? createServer(limits) : createTlsServer({ ...limits, ...tls, handshakeTimeout: headMs })
  // All of them are counted, and none silently left out.
  server.maxHeadersCount = 0
  server.maxConnections = mostConnections
  server.on('connect', (_: IncomingMessage, socket: Duplex) => socket.destroy())
  return server
}

/** Aborts when the client goes away; made only where somebody asks for it. */
function signalOf(connection: ServerResponse | Duplex): () => AbortSignal {
  let control: AbortController | null = null
  return () => {
    if (control) return control.signal
    const made = new AbortController()
    control = made
    const gone = () => {
      if (!('writableFinished' in connection) || !connection.writableFinished)
        made.abort(new Error('the client went away'))
    }
    if (connection.destroyed) gone()
    else connection.once('close', gone)
    return made.signal
  }
}

export type Listener = ReturnType<typeof createListener>
