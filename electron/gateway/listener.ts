import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, Server as TlsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { Problem } from '../../shared/problems'
import type { ServiceKind } from '../../shared/contract'
import { createPace } from '../async/pace'
import { keptOpen } from '../system/kept-open'
import { answerOwn, answerUpgrade, isOwn } from './answering'
import { isWebSocket, readRequest, type Behind, type Request } from './asking'
import { plainRefusal } from './closed'
import { limitConnections, type MostConnections } from './connections'
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

export interface ListenerOptions extends Forwarding {
  serviceId: string
  kind: ServiceKind
  /** Certificate and key in PEM; null for plain HTTP. */
  tls: { cert: string; key: string } | null
  stages: Stages
  inside: Inside
  figures: Pick<Figures, 'took'>
  /** Whether an address is of a reverse proxy that is believed where a request comes from. */
  isTrustedProxy: (address: string) => boolean
  reportBug: (error: unknown) => void
  /** How long the head of a request may take, in ms, in place of the usual. */
  headMs?: number
  /** How many connections are held, in place of the usual. */
  mostConnections?: MostConnections | undefined
}

/** What a client calls itself, for people to recognise it. */
const clientOf = ({ headers }: IncomingMessage): string => (headers['user-agent'] ?? '').slice(0, 120)

const nothing = (): void => undefined

/**
 * A page with many sockets, or a script, comes all at once, and the panel's own pages run on the same loop. One pace for
 * all listeners: they share it.
 */
const pace = createPace(10)

const unlike = (why: string): OwnAnswer =>
  plainRefusal({ refused: new Problem('gateway.bad-request', { why }), status: 400 })

/** One door to one service: reads requests, leads them through the stages, and sends them on. */
export class Listener {
  readonly server: Server
  readonly #options: ListenerOptions
  /** What came through this listener: another of the same service may be open already. */
  readonly #own = new Set<Opened>()
  readonly #connections: ReturnType<typeof limitConnections>
  /** Connections on which something came that two programs could read in two ways: nothing further on them is heard. */
  readonly #misread = new WeakSet<Duplex>()
  #isClosing = false

  constructor(options: ListenerOptions) {
    this.#options = options
    this.server = makeServer(options)
    this.#connections = limitConnections(this.server, options.mostConnections, options.headMs)
    this.server.on('request', (request, response) => this.#serveSafely(request, response, false))
    this.server.on('checkContinue', (request, response) => this.#serveSafely(request, response, true))
    this.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#upgrade(request, socket, head).catch((error: unknown) => {
        options.reportBug(error)
        socket.destroy()
      })
    })
  }

  /** Greets those who come from now on with another certificate. */
  renew({ cert, key }: { cert: string; key: string }): void {
    if (this.server instanceof TlsServer) this.server.setSecureContext({ cert, key })
  }

  /** Takes nothing new. Answers that are being made go on; what has no end of its own is told to come again. */
  stop(): void {
    this.#isClosing = true
    this.server.close()
    this.server.closeIdleConnections()
    const isToCome = (opened: Opened) => opened.kind === 'socket' || opened.isEndless
    this.#options.inside.cut((opened) => this.#own.has(opened) && isToCome(opened), true)
  }

  /** Ends whatever still goes on. */
  cut(): void {
    this.#options.inside.cut((opened) => this.#own.has(opened), true)
    this.server.closeAllConnections()
  }

  #serveSafely(request: IncomingMessage, response: ServerResponse, waits: boolean): void {
    this.#serve(request, response, waits).catch((error: unknown) => {
      this.#options.reportBug(error)
      response.destroy()
    })
  }

  get #at() {
    const { serviceId, kind, tls, isTrustedProxy } = this.#options
    return { serviceId, kind, isTls: tls !== null, isTrustedProxy }
  }

  /** How bodies are held that are read before the service is asked. */
  get #holding() {
    const { heldBytes, stallMs } = this.#options
    return { hold: (account: string) => heldBytes.of(account), stallMs }
  }

  /** Notes who has something open, until it has ended. */
  #enter({ admitted, release }: Passed, request: IncomingMessage, socket: Duplex, kind: Opened['kind']) {
    const { serviceId, inside, stages, reportBug } = this.#options
    const { guest, asked } = admitted
    const { from } = asked
    const entry: Opened = {
      serviceId,
      guest,
      from,
      client: clientOf(request),
      kind,
      since: Date.now(),
      isEndless: false,
      cut: () => socket.destroy(),
    }
    const leave = inside.enter(entry)
    this.#own.add(entry)
    const counted = stages.observer.begun(admitted)
    const ended = (ending: Ending) => {
      leave()
      this.#own.delete(entry)
      const work = admitted.route.handling?.outlives?.() ?? null
      if (work) void work.finally(release)
      else release()
      try {
        counted.ended(ending)
      } catch (error) {
        reportBug(error)
      }
    }
    return { entry, ended }
  }

  async #serve(request: IncomingMessage, response: ServerResponse, waits: boolean): Promise<void> {
    const { figures } = this.#options
    if (this.#misread.has(request.socket)) return // its answer was the last on this connection
    response.on('error', nothing) // the client's connection; its close follows
    const coming = this.#connections.began(request.socket)
    response.once('close', () => {
      coming.ended()
      // A connection that is kept would keep a listener that closes.
      if (this.#isClosing) setImmediate(() => this.server.closeIdleConnections())
    })
    const openBody = () => {
      if (waits) response.writeContinue()
      waits = false
      return request
    }
    const behind = { ...goingOf(response), ...this.#holding, openBody }
    const asked = readRequest(request, this.#at, behind)
    if (typeof asked === 'string') {
      // What was not understood may go on in what follows, of which node may have read a part already.
      this.#misread.add(request.socket)
      response.shouldKeepAlive = false
      answerOwn(request, response, unlike(asked))
      return
    }
    const passed = await this.#pass(asked, coming.letIn)
    if (isOwn(passed)) {
      asked.held?.free()
      answerOwn(request, response, passed)
      return
    }
    figures.took(passed.tookMs)
    const { entry, ended } = this.#enter(passed, request, request.socket, 'request')
    ended(await forward(this.#options, { request, response, asked, passed, openBody, entry }))
  }

  #pass(asked: Request, letIn: () => void): Promise<Passed | OwnAnswer> | OwnAnswer {
    const wait = pace()
    return wait ? wait.then(() => this.#passNow(asked, letIn)) : this.#passNow(asked, letIn)
  }

  #passNow(asked: Request, letIn: () => void): Promise<Passed | OwnAnswer> | OwnAnswer {
    const { pipeline } = this.#options
    if (!this.#isClosing) return pipeline.pass(asked, letIn)
    return pipeline.refuse(asked, null, { refused: new Problem('gateway.stopping'), status: 503, retryAfterS: 5 })
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { figures, stages } = this.#options
    socket.on('error', nothing)
    if (this.#misread.has(socket)) {
      socket.destroy()
      return
    }
    if (!isWebSocket(request)) {
      answerUpgrade(socket, unlike('it asks for a protocol other than WebSocket'))
      return
    }
    const behind = { ...goingOf(socket), ...this.#holding, openBody: () => request }
    const asked = readRequest(request, this.#at, behind)
    if (typeof asked === 'string') {
      answerUpgrade(socket, unlike(asked))
      return
    }
    const passed = await this.#pass(asked, this.#connections.began(request.socket).letIn)
    if (isOwn(passed)) {
      answerUpgrade(socket, passed)
      return
    }
    figures.took(passed.tookMs)
    const { entry, ended } = this.#enter(passed, request, socket, 'socket')
    const { rejoin } = stages
    ended(await relay({ ...this.#options, rejoin }, { request, socket, head, asked, passed, entry }))
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
  server.on('connect', (_: IncomingMessage, socket: Duplex) => socket.destroy())
  return server
}

/** A signal that aborts when the client goes away, or is given up; made only where somebody asks for it. */
function goingOf(connection: ServerResponse | Duplex): Pick<Behind, 'signal' | 'giveUp'> {
  let control: AbortController | null = null
  const made = (): AbortController => {
    if (control) return control
    const begun = new AbortController()
    control = begun
    const gone = () => {
      if (!('writableFinished' in connection) || !connection.writableFinished)
        begun.abort(new Error('the client went away'))
    }
    if (connection.destroyed) gone()
    else connection.once('close', gone)
    return begun
  }
  return { signal: () => made().signal, giveUp: (why) => made().abort(why) }
}
