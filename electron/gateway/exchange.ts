import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { Problem } from '../../shared/problems'
import type { Handling, WholeAnswer } from '../kinds/gateway'
import { sizeText } from '../kinds/limits'
import { keptOpen } from '../system/kept-open'
import { answerHeaders, cacheControlFor, type Places } from './headers'
import type { Connections } from './upstreams'

/** What came of asking the service once. */
export type Outcome =
  /** The client has its answer, or went away. */
  | { type: 'answered'; status: number; isCut: boolean; bytesOut: number }
  /** The service does not accept the credential; the client has no answer yet. */
  | { type: 'refused' }
  /** Nothing came back; the client has no answer yet. */
  | { type: 'away'; error: Error }
  /** An answer of the gateway's own in place of the service's. */
  | { type: 'own'; answer: Problem }

export interface ExchangeOptions {
  connections: Connections
  send: { method: Dispatcher.HttpMethod; path: string; headers: string[]; body: Readable | Buffer | null }
  response: ServerResponse
  places: Places
  redact: (text: string) => string
  /** Is told where the answer has no end of its own. */
  entry: { isEndless: boolean }
  /** Who reads an answer whole before any of it is handed on; undefined: it streams through. */
  whole: (status: number, headers: IncomingHttpHeaders) => WholeAnswer | undefined
  /** Counts what is held of an answer that is read whole, and throws a Problem where that is too much. */
  hold: (bytes: number) => void
  /** Whether it is what people have put there: asked of what a browser might run. */
  isContent: () => boolean
  /** Sees a good answer (200 to 299) pass, and may add to it. */
  seen: Handling['seen']
  /** Whether such an answer says that the credential is not accepted. */
  isRefusal: (status: number, location: string | null) => boolean
}

/** A client that reads nothing for so long is gone, in ms. */
export const unreadMs = 120_000

/** An answer up to this long is small. */
const smallBytes = 16 * 1024

/** Documents in which scripts run; a browser finds out itself what has no type. */
const mayRun = /html|xml|svg/i

const goneAway = new Error('the client went away')

/** Asks the service and hands its answer on, piece by piece, no faster than the client reads. Never rejects. */
export const exchange = (options: ExchangeOptions): Promise<Outcome> =>
  new Promise((resolve) => {
    const { send, connections, response } = options
    if (response.destroyed) {
      resolve({ type: 'answered', status: 0, isCut: true, bytesOut: 0 })
      return
    }
    connections.dispatcher.dispatch(send, new Exchange(options, resolve))
  })

const flush = (exchange: Exchange): void => exchange.flush()

/**
 * Ends a small answer. Its head and body go to the connection as one text, and at once: node itself would hold them back
 * for what may follow, and hand several pieces on, which costs the system twice as much.
 */
function endInOnePiece(response: ServerResponse, body: Buffer): void {
  const { socket } = response
  const text = body.toString('latin1')
  if (!socket) {
    response.end(text, 'latin1')
    return
  }
  socket.cork()
  response.write(text, 'latin1')
  socket.uncork()
  response.end()
}

/** An answer that is read whole before any of it is handed on. */
interface Read {
  how: WholeAnswer
  pieces: Buffer[]
  bytes: number
  headers: string[]
  message: string
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions
  readonly #response: ServerResponse
  readonly #settle: (outcome: Outcome) => void
  #controller: Dispatcher.DispatchController | null = null
  #status = 0
  #bytesOut = 0
  #isRefused = false
  #isBegun = false
  #whole: Read | null = null
  /** The first piece of a small answer, which may be all of it. */
  #held: Buffer | null = null
  #unread: NodeJS.Timeout | null = null
  #isSettled = false
  #seen: ((piece: Buffer) => void) | undefined

  constructor(options: ExchangeOptions, settle: (outcome: Outcome) => void) {
    this.#options = options
    this.#response = options.response
    this.#settle = settle
    this.#response.once('close', this.#closed)
  }

  /** The client has gone, or has its whole answer. */
  readonly #closed = () => {
    if (!this.#response.writableFinished) this.#controller?.abort(goneAway)
    this.#end({ type: 'answered', status: this.#status, isCut: true, bytesOut: this.#bytesOut })
  }

  #end(outcome: Outcome): void {
    if (this.#isSettled) return
    this.#isSettled = true
    clearTimeout(this.#unread ?? undefined)
    this.#options.connections.standing.delete(this.#goOn)
    this.#response.off('close', this.#closed).off('drain', this.#drained)
    this.#settle(outcome)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isSettled) controller.abort(goneAway)
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    message = '',
  ): void {
    if (status < 200 || this.#isSettled) return
    const { places, redact, whole, isRefusal, isContent, send } = this.#options
    if (isRefusal(status, typeof headers.location === 'string' ? headers.location : null)) {
      this.#isRefused = true
      return
    }
    this.#status = status
    if (headers['content-type']?.startsWith('text/event-stream')) this.#options.entry.isEndless = true
    const how = whole(status, headers)
    const raw = Array.isArray(controller.rawHeaders) ? controller.rawHeaders : flat(headers)
    const sent = answerHeaders(raw, { places, redact, keepsLength: how === undefined && !this.#options.seen })
    sent.push('cache-control', cacheControlFor(headers))
    if (mayRun.test(headers['content-type'] ?? 'html') && isContent()) sent.push('content-security-policy', 'sandbox')
    const isBodiless = send.method === 'HEAD' || status === 204
    if (how && !isBodiless) {
      // It was asked for as it is; what comes otherwise nobody can read.
      if (headers['content-encoding'] !== undefined) this.#give(new Problem('gateway.failed'))
      else this.#whole = { how, pieces: [], bytes: 0, headers: sent, message }
      return
    }
    this.#begin(message, sent)
    if (status < 300) this.#seen = this.#options.seen?.((text) => this.#add(text))
    // What streams slowly begins at once; what is all there goes in one piece.
    if (!isBodiless) setImmediate(flush, this)
  }

  #begin(message: string, headers: string[]): void {
    if (this.#response.shouldKeepAlive)
      headers.push('connection', 'keep-alive', 'keep-alive', `timeout=${keptOpen.toldS}`)
    this.#response.writeHead(this.#status, message, headers)
  }

  /** In the turn after the head came: what there is of the answer goes, be it the head alone. */
  flush(): void {
    this.#isBegun = true
    if (this.#isSettled || this.#response.destroyed) return
    if (this.#held) this.#giveHeld()
    else if (this.#bytesOut === 0) this.#response.flushHeaders()
  }

  /** A text of the gateway's own, behind what has passed. */
  #add(text: string): void {
    if (this.#isSettled || this.#response.destroyed) return
    this.flush()
    const piece = Buffer.from(text)
    this.#bytesOut += piece.length
    this.#response.write(piece)
  }

  #giveHeld(): void {
    const held = this.#held
    this.#held = null
    if (held) this.#response.write(held)
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Buffer): void {
    // undici flushes its parser with nothing: what stood still must not stand still again for that.
    if (this.#isRefused || this.#isSettled || piece.length === 0) return
    if (this.#whole) {
      this.#hold(this.#whole, piece)
      return
    }
    this.#bytesOut += piece.length
    this.#seen?.(piece)
    if (this.#bytesOut === piece.length && piece.length <= smallBytes && !this.#isBegun) {
      this.#held = piece
      return
    }
    this.#giveHeld()
    if (this.#response.write(piece) || controller.paused) return
    controller.pause()
    this.#options.connections.standing.add(this.#goOn)
    this.#unread ??= setTimeout(() => this.#response.destroy(), unreadMs).unref()
    this.#unread.refresh()
    this.#response.off('drain', this.#drained).once('drain', this.#drained)
  }

  #hold(whole: Read, piece: Buffer): void {
    whole.bytes += piece.length
    const { maxBytes } = whole.how
    try {
      if (whole.bytes > maxBytes) throw new Problem('gateway.answer-too-large', { limit: sizeText(maxBytes) })
      this.#options.hold(piece.length)
      whole.pieces.push(piece)
    } catch (error) {
      whole.pieces.length = 0
      this.#give(error instanceof Problem ? error : new Problem('gateway.failed'))
    }
  }

  readonly #drained = () => {
    clearTimeout(this.#unread ?? undefined)
    this.#unread = null
    this.#goOn()
  }

  readonly #goOn = () => {
    this.#options.connections.standing.delete(this.#goOn)
    this.#controller?.resume()
  }

  onResponseEnd(_: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    if (this.#isRefused) this.#end({ type: 'refused' })
    else if (this.#whole) void this.#narrowed(this.#whole)
    else if (!this.#isSettled) {
      const kept = flat(trailers)
      if (kept.length > 0) this.#response.addTrailers(pairs(answerHeaders(kept, this.#options)))
      if (this.#held) endInOnePiece(this.#response, this.#held)
      else this.#response.end()
      this.#end({ type: 'answered', status: this.#status, isCut: false, bytesOut: this.#bytesOut })
    }
  }

  onResponseError(_: unknown, error: Error): void {
    const { headersSent } = this.#response
    if (headersSent) this.#response.destroy()
    if (this.#isRefused) this.#end({ type: 'refused' })
    else if (headersSent) this.#end({ type: 'answered', status: this.#status, isCut: true, bytesOut: this.#bytesOut })
    else if (error instanceof Problem) this.#end({ type: 'own', answer: error })
    else this.#end({ type: 'away', error })
  }

  /** An answer of the gateway's own, and no more of the service's. */
  #give(answer: Problem): void {
    this.#end({ type: 'own', answer })
    this.#controller?.abort(new Error('the answer is not handed on'))
  }

  async #narrowed({ how, pieces, headers, message }: Read): Promise<void> {
    try {
      const changed = await how.read(Buffer.concat(pieces))
      if (this.#isSettled) return
      this.#begin(message, [...headers, 'content-length', String(changed.length)])
      this.#response.end(changed)
      this.#end({ type: 'answered', status: this.#status, isCut: false, bytesOut: changed.length })
    } catch (error) {
      // A rule that cannot read an answer shows nothing of it.
      this.#give(error instanceof Problem ? error : new Problem('gateway.failed'))
    }
  }
}

const flat = (headers: IncomingHttpHeaders): string[] =>
  Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? '']).flatMap((one) => [name, one]),
  )

const pairs = (all: readonly string[]): [string, string][] =>
  all.flatMap((name, at) => (at % 2 === 0 ? [[name, all[at + 1] ?? '']] : []))
