import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer, type RawData } from 'ws'
import { Problem } from '../../shared/problems'
import { isRefusal } from '../kinds/refusal'
import { answerUpgrade, isOwn, refusedBy } from './answering'
import type { Request } from './asking'
import { placesOf, type Forwarding } from './forward'
import { readFrames } from './frames'
import { requestHeaders } from './headers'
import type { Opened } from './inside'
import type { HeldBytes } from './held-bytes'
import { countComing, Direction, type SocketMessage } from './messages'
import type { Passed } from './pipeline'
import { changeOf } from './redacting'
import type { Ending, OwnAnswer, Stages, Upstream } from './stages'
import { problemOf } from './upstreams'

/** The longest message, as much as one person may have waiting: what is longer closes the socket with 1009. */
const mostBytes = 112 * 1024 * 1024

/** How long a service may take to answer an upgrade, in ms. */
const handshakeMs = 15_000

/**
 * Compression is neither asked for nor granted: what is worth it are pictures, which are compressed, and each compressed
 * socket costs megabytes. Both sides are told so in the handshake, as the protocol foresees.
 */
const sockets = { perMessageDeflate: false, maxPayload: mostBytes, skipUTF8Validation: true }

const server = new WebSocketServer({
  ...sockets,
  noServer: true,
  autoPong: false,
  // The service chooses, and was asked before the client is answered.
  handleProtocols: (_, request) => chosen.get(request) ?? false,
})
const chosen = new WeakMap<IncomingMessage, string>()

export interface Way {
  request: IncomingMessage
  socket: Duplex
  head: Buffer
  asked: Request
  passed: Passed
  entry: Opened
}

/** What a relay needs beside what forwards. */
export interface Relaying extends Forwarding {
  rejoin: Stages['rejoin']
  reportBug: (error: unknown) => void
}

/** A socket to the service, and the connection that it is in. */
interface Joined {
  socket: WebSocket
  wire: Duplex
}

/** A socket to the service, or what its answer was. */
type Dialled = Joined | { status: number; location: string | null } | { error: Error }

/** The names that a client asks for; the first that a service takes is the client's too. */
const protocolsOf = (request: IncomingMessage): string[] =>
  (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')

async function dial(by: Relaying, { request, asked, passed }: Way, upstream: Upstream) {
  const places = placesOf(upstream, asked.origin)
  const added = await by.entering.credentials(places, asked)
  const flat = requestHeaders(request.rawHeaders, request.headers.connection, { places, added, keepsLength: false })
  const headers: Record<string, string> = {}
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const name = (flat[at] ?? '').toLowerCase()
    if (!name.startsWith('sec-websocket-')) headers[name] = flat[at + 1] ?? ''
  }
  const url = `${places.service.origin.replace(/^http/, 'ws')}${places.service.prefix}${passed.admitted.route.handling?.target ?? asked.target}`
  const socket = new WebSocket(url, protocolsOf(request), {
    ...{ ...sockets, headers, autoPong: false, handshakeTimeout: handshakeMs, followRedirects: false },
  })
  const dialled = await new Promise<Dialled>((resolve) => {
    socket.on('error', (error) => resolve({ error }))
    socket.once('upgrade', ({ socket: wire }: IncomingMessage) =>
      socket.once('open', () => {
        socket.pause() // until somebody listens
        resolve({ socket, wire })
      }),
    )
    socket.once('unexpected-response', (_, answer: IncomingMessage) => {
      resolve({ status: answer.statusCode ?? 0, location: answer.headers.location ?? null })
      socket.terminate()
    })
  })
  return { dialled, places, isOpened: added.isOpened, url }
}

/** Opens a socket to the service; says why there is none where it cannot be had. */
async function join(by: Relaying, way: Way, upstream: Upstream): Promise<Joined | OwnAnswer> {
  const { asked, passed } = way
  const { serviceId: id } = asked
  const refuse = (problem: Problem) => by.pipeline.refuse(asked, passed.admitted.guest, refusedBy(problem))
  for (let tries = 1; ; tries += 1) {
    const { dialled, places, isOpened, url } = await dial(by, way, upstream)
    if ('socket' in dialled) return dialled
    if ('error' in dialled) {
      if (tries > 5 || asked.signal.aborted) return refuse(new Problem(problemOf(dialled.error), { id }))
      const found = await by.pipeline.ready(passed.admitted, tries)
      if (isOwn(found)) return found
      upstream = found
    } else if (isOpened && isRefusal(dialled, url.replace(/^ws/, 'http'))) {
      if (tries > 1 || !(await by.entering.renew(places, asked.path)))
        return refuse(new Problem('gateway.refused', { id }))
    } else return { own: { status: dialled.status, headers: {}, body: '' } }
  }
}

/** How long a client that is sent away may take to say goodbye, in ms. */
const partingMs = 500

/** Codes that may be sent; the others only say what became of a connection. */
const canBeSent = (code: number) =>
  (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999)

/** Ends the other side as this one ended. */
function closeAs(socket: WebSocket, code: number, reason: Buffer): void {
  if (code === 1005) socket.close()
  else if (canBeSent(code)) socket.close(code, reason)
  else socket.terminate()
}

/** After these the service is going, not the conversation: it may be joined again. */
const isGoing = (code: number) => code === 1001 || code === 1006 || code === 1012

const bufferOf = (data: RawData): Buffer =>
  Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)

/**
 * Relays a WebSocket that has passed, message by message, until either side ends it. Pings and pongs go through to the
 * other side, and so do close codes. Never rejects.
 */
export async function relay(by: Relaying, way: Way): Promise<Ending> {
  const { socket, request, head, passed, asked } = way
  try {
    const joined = await join(by, way, passed.upstream)
    if (isOwn(joined)) {
      answerUpgrade(socket, joined)
      return { status: joined.own.status, bytesIn: 0, bytesOut: 0, isCut: false }
    }
    const service = joined.socket
    if (asked.signal.aborted || socket.destroyed) {
      service.terminate()
      return { status: null, bytesIn: 0, bytesOut: 0, isCut: true }
    }
    if (service.protocol !== '') chosen.set(request, service.protocol)
    const client = await new Promise<WebSocket | null>((resolve) => {
      // A client whose head is no WebSocket's is answered by ws itself, and never comes back.
      socket.once('close', () => resolve(null))
      server.handleUpgrade(request, socket, head, resolve)
    })
    if (client === null) {
      service.terminate()
      return { status: 400, bytesIn: 0, bytesOut: 0, isCut: true }
    }
    return await new Relay(by, way, { client, joined }).ended
  } catch (error) {
    answerUpgrade(socket, by.pipeline.failed(asked, passed.admitted.guest, error))
    return { status: null, bytesIn: 0, bytesOut: 0, isCut: true }
  }
}

class Relay {
  readonly ended: Promise<Ending>
  #end: (ending: Ending) => void = () => undefined
  readonly #by: Relaying
  readonly #way: Way
  readonly #client: WebSocket
  #service: WebSocket | null
  readonly #fromClient: Direction
  readonly #fromService: Direction
  readonly #held: HeldBytes
  readonly #coming: ReturnType<typeof countComing>

  constructor(by: Relaying, way: Way, { client, joined }: { client: WebSocket; joined: Joined }) {
    const service = joined.socket
    this.#by = by
    this.#way = way
    this.#client = client
    this.#service = service
    this.ended = new Promise((resolve) => (this.#end = resolve))
    const { admitted } = way.passed
    const failed = (error: unknown) => {
      if (isTooMuch(error)) {
        this.#part(1013, 'too much waits here')
        this.#discard()
        return
      }
      if (isTooLong(error)) {
        this.#part(1009, 'too long to be searched for secrets')
        return
      }
      by.reportBug(error)
      this.#cut()
    }
    const holding = by.heldBytes.of(admitted.guest.account)
    this.#held = holding
    this.#coming = countComing(way.socket, holding, failed)
    this.#fromClient = new Direction({ from: () => client, to: () => this.#service, holding, failed })
    this.#fromService = new Direction(
      { from: () => this.#service ?? service, to: () => client, wire: way.socket, holding, failed },
      changeOf(admitted, admitted.route.handling?.socket?.(), by.redact),
    )
    way.entry.cut = (isGoing) => this.#dismiss(isGoing)
    this.#listenToClient(failed)
    this.#listenToService(joined, failed)
  }

  /** Ends both sides at once; the client is told why where it still listens. */
  #dismiss(isGoing: boolean): void {
    this.#part(isGoing ? 1001 : 1008, isGoing ? 'the gateway is closing' : 'no longer admitted')
  }

  #part(code: number, reason: string): void {
    if (this.#client.readyState !== WebSocket.OPEN) return
    this.#client.close(code, reason)
    const service = this.#service
    this.#service = null
    service?.terminate()
    setTimeout(() => this.#client.terminate(), partingMs).unref()
  }

  /**
   * What else the client sends is thrown away, not held. Were it left unread, the connection would be reset at its end, and
   * under a client that is still sending that goes before the word why.
   */
  #discard(): void {
    const { socket } = this.#way
    socket.removeAllListeners('data')
    socket.on('data', () => undefined)
    socket.resume()
    socket.end()
  }

  #listenToClient(failed: (error: unknown) => void): void {
    const client = this.#client
    client.on('error', () => undefined) // its end follows
    client.on(
      'message',
      guarded(failed, (data: RawData, isBinary: boolean) => {
        this.#coming.whole()
        this.#fromClient.take({ data: bufferOf(data), isBinary })
      }),
    )
    client.on('ping', (data) => this.#service?.ping(data))
    client.on('pong', (data) => this.#service?.pong(data))
    client.once('close', (code, reason) => {
      const service = this.#service
      this.#service = null
      if (service) closeAs(service, code, reason)
      this.#finish(code)
    })
  }

  #listenToService({ socket: service, wire }: Joined, failed: (error: unknown) => void): void {
    const take = guarded(failed, (message: SocketMessage) => {
      coming.whole()
      this.#fromService.take(message)
    })
    readFrames(wire, mostBytes, take)
    const coming = countComing(wire, this.#held, failed) // after what reads: a piece is counted once it has been read
    service.on('error', () => undefined)
    service.on('message', (data, isBinary) => take({ data: bufferOf(data), isBinary }))
    service.on('ping', (data) => this.#client.ping(data))
    service.on('pong', (data) => this.#client.pong(data))
    service.resume()
    service.once('close', (code, reason) => {
      coming.end()
      if (this.#service !== service) return
      this.#service = null
      if (isGoing(code)) void this.#rejoin(code, reason, failed)
      else closeAs(this.#client, code, reason)
    })
  }

  /** The service has gone and may come back: the client waits, and notices nothing where it does. */
  async #rejoin(code: number, reason: Buffer, failed: (error: unknown) => void): Promise<void> {
    this.#fromClient.hold()
    let upstream: Awaited<ReturnType<Stages['rejoin']>> = null
    try {
      upstream = await this.#by.rejoin(this.#way.passed.admitted)
      const isThere = this.#client.readyState === WebSocket.OPEN
      const joined = upstream && isThere ? await join(this.#by, this.#way, upstream) : null
      if (joined === null || isOwn(joined)) {
        closeAs(this.#client, code === 1006 ? 1012 : code, reason)
      } else if (this.#client.readyState === WebSocket.OPEN) {
        this.#service = joined.socket
        this.#listenToService(joined, failed)
        this.#fromClient.go()
      } else joined.socket.terminate()
    } catch (error) {
      failed(error)
    } finally {
      upstream?.joined?.()
    }
  }

  #cut(): void {
    this.#client.terminate()
    this.#service?.terminate()
  }

  #finish(code: number): void {
    this.#coming.end()
    this.#held.free()
    this.#end({
      status: 101,
      bytesIn: this.#fromClient.bytes,
      bytesOut: this.#fromService.bytes,
      isCut: code === 1006,
    })
  }
}

const isTooLong = (error: unknown): boolean => error instanceof Problem && error.id === 'gateway.answer-too-large'

const isTooMuch = (error: unknown): boolean =>
  error instanceof Problem && (error.id === 'gateway.held-by-you' || error.id === 'gateway.held-by-all')

/** A rule that cannot read a message lets none through any more. */
const guarded =
  <Given extends unknown[]>(failed: (error: unknown) => void, take: (...given: Given) => void) =>
  (...given: Given): void => {
    try {
      take(...given)
    } catch (error) {
      failed(error)
    }
  }
