import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { Problem } from '../../shared/problems'
import type { BodyWatch } from '../kinds/gateway'
import { sizeText } from '../kinds/limits'

/** A client that has begun a body and sends nothing more for so long is gone, in ms. */
const bodyIdleMs = 60_000

/**
 * A body that is held until all of it is there must come on: less than so many bytes in so long, in ms, and its client is
 * refused. It comes directly, so that this is little for any line.
 */
const least = { bytes: 64 * 1024, ms: 15_000 }

/** How a body is read whole. */
export interface ReadingWhole {
  maxBytes: number
  /** Counts what is held, and throws where that is too much. */
  take?: (bytes: number) => void
  /** How long it may stop, in ms, in place of the usual. */
  stallMs?: number | undefined
}

/**
 * The whole body. Throws `gateway.body-too-large`, `gateway.body-stopped` and what `take` throws; rejects with the
 * connection's error where it is cut.
 */
export function readAll(request: IncomingMessage, { maxBytes, take: hold, stallMs }: ReadingWhole): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    let bytes = 0
    let counted = 0
    const stalled = () => end(() => reject(new Problem('gateway.body-stopped')))
    const timer = setTimeout(stalled, stallMs ?? least.ms).unref()
    const take = (piece: Buffer) => {
      bytes += piece.length
      if (bytes - counted >= least.bytes) {
        counted = bytes
        timer.refresh()
      }
      try {
        if (bytes > maxBytes) throw new Problem('gateway.body-too-large', { limit: sizeText(maxBytes) })
        hold?.(piece.length)
        pieces.push(piece)
      } catch (error) {
        end(() => reject(error instanceof Error ? error : new Error('it could not be held', { cause: error })))
      }
    }
    const done = () => end(() => resolve(Buffer.concat(pieces)))
    const cut = () => end(() => reject(new Error('the client went away')))
    const end = (settle: () => void) => {
      clearTimeout(timer)
      request.off('data', take).off('end', done).off('close', cut).off('error', cut)
      settle()
      pieces.length = 0
    }
    request.on('data', take).on('end', done).on('close', cut).on('error', cut)
  })
}

/**
 * A request's body on its way, no faster than it is read. It is a stream of its own: whoever sends it on may destroy it,
 * and the client still gets its answer.
 */
export class SentBody extends Readable {
  /** Bytes that came. */
  bytes = 0
  readonly #request: IncomingMessage
  readonly #watch: BodyWatch | null
  #timer: NodeJS.Timeout | null = null

  /** `watch` looks at it on its way; what it throws ends the stream. */
  constructor(request: IncomingMessage, watch: BodyWatch | null = null) {
    super({ highWaterMark: 256 * 1024, autoDestroy: true })
    this.#request = request
    this.#watch = watch
    request.on('data', this.#take).on('end', this.#ended).on('close', this.#cut).on('error', this.#cut).pause()
  }

  readonly #take = (piece: Buffer) => {
    this.bytes += piece.length
    this.#timer?.refresh()
    try {
      const sent = this.#watch ? this.#watch.next(piece) : piece
      if (sent.length > 0 && !this.push(sent)) this.#rest()
    } catch (error) {
      this.#fail(error)
    }
  }

  readonly #ended = () => {
    this.#leave()
    if (this.#watch) void this.#finish(this.#watch)
    else this.push(null)
  }

  async #finish(watch: BodyWatch): Promise<void> {
    try {
      const last = await watch.end()
      if (last.length > 0) this.push(last)
      this.push(null)
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    this.destroy(error instanceof Error ? error : new Error('a rule failed', { cause: error }))
  }

  readonly #cut = () => {
    if (!this.#request.complete) this.destroy(new Error('the client went away'))
  }

  /** The service reads slowly: the client is not to blame for a pause. */
  #rest() {
    clearTimeout(this.#timer ?? undefined)
    this.#timer = null
    this.#request.pause()
  }

  #leave() {
    clearTimeout(this.#timer ?? undefined)
    this.#request.off('data', this.#take).off('end', this.#ended).off('close', this.#cut).off('error', this.#cut)
  }

  override _read(): void {
    this.#timer ??= setTimeout(() => this.destroy(new Error('the body stopped')), bodyIdleMs).unref()
    this.#request.resume()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#leave()
    // Whatever becomes of it, an error of the connection is nobody's surprise any more.
    this.#request.on('error', () => undefined)
    done(error)
  }
}

/** So much of a body that nobody wants is read, so that the client reads its answer before the connection ends. */
const leftOver = { bytes: 1024 * 1024, ms: 3_000 }

/**
 * After an answer that did not wait for the end of the body: reads on for a moment, and ends the connection where more
 * comes than that. Closing at once would reset the connection, and with it the answer.
 */
export function leaveBody(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete) return
  let bytes = 0
  const cut = () => request.socket.destroy()
  const timer = setTimeout(cut, leftOver.ms).unref()
  request.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes > leftOver.bytes && response.writableFinished) cut()
  })
  request.once('close', () => clearTimeout(timer))
  request.once('end', () => clearTimeout(timer))
  request.resume()
}
