import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

/** So much may wait for a slow reader before the other side has to wait too, in bytes. */
const highWater = 1024 * 1024

/** So little of a message need not be counted: it is gone as soon as it has come. In bytes. */
const uncounted = 64 * 1024

/** What counts bytes that are held. */
export interface Holding {
  /** Throws a Problem where that is too much. */
  take(bytes: number): void
  give(bytes: number): void
}

/**
 * Counts the bytes of a message that is still coming, by what comes on its connection: of a long one all is held until its
 * end. `tooMuch` is told what was thrown.
 */
export function countComing(connection: Duplex, holding: Holding, tooMuch: (error: unknown) => void) {
  let counted = 0
  let coming = 0
  let isWhole = false
  const came = (piece: Buffer) => {
    coming = isWhole ? 0 : coming + piece.length
    isWhole = false
    if (coming - counted < uncounted) return
    try {
      holding.take(coming - counted)
      counted = coming
    } catch (error) {
      tooMuch(error)
    }
  }
  const give = () => {
    holding.give(counted)
    counted = 0
    coming = 0
  }
  connection.on('data', came)
  return {
    /** A message has come whole, with the piece that is being read. */
    whole(): void {
      isWhole = true
      give()
    },
    end(): void {
      connection.off('data', came)
      give()
    },
  }
}

/** A message of a WebSocket. */
export interface SocketMessage {
  data: Buffer
  isBinary: boolean
  /** The frame that it came in, where that can be handed on as it is. */
  raw?: Buffer
}

/** Between whom a direction goes, and what counts that which waits in it. */
interface Ends {
  from: () => WebSocket
  to: () => WebSocket | null
  wire?: Duplex | null
  holding: Holding
  /** Is told what was thrown while nobody calls. */
  failed: (error: unknown) => void
}

/** true: as it is; false: not at all; else this in its place. */
export type Change = (data: Buffer, isBinary: boolean) => boolean | Buffer

/**
 * One direction of a relay: messages in their order, each changed or dropped, no faster than they are taken. `to` is asked
 * for with each message: it may be another socket by then.
 */
export class Direction {
  /** Bytes of messages that were handed on. */
  bytes = 0
  readonly #from: () => WebSocket
  readonly #to: () => WebSocket | null
  readonly #change: Change | undefined
  readonly #wire: Duplex | null
  readonly #holding: Holding
  readonly #failed: (error: unknown) => void
  readonly #waiting: SocketMessage[] = []
  #isHeld = false
  #isFull = false

  /** `wire` is the connection of a reader that stays the same: what comes at once is written at once. */
  constructor({ from, to, wire = null, holding, failed }: Ends, change?: Change) {
    this.#wire = wire
    this.#holding = holding
    this.#failed = failed
    this.#from = from
    this.#to = to
    this.#change = change
  }

  /** Takes a message that came. Throws a Problem where too much waits already. */
  take(message: SocketMessage): void {
    if (!this.#isOpen || this.#waiting.length > 0) {
      this.#holding.take(message.data.length)
      this.#waiting.push(message)
      this.#from().pause()
      return
    }
    this.#pass(message)
  }

  /** Keeps messages until `go`. */
  hold(): void {
    this.#isHeld = true
    this.#from().pause()
  }

  go(): void {
    this.#isHeld = false
    this.#drain()
  }

  get #isOpen(): boolean {
    return !this.#isHeld && !this.#isFull
  }

  #pass(message: SocketMessage): void {
    const kept = this.#change ? this.#change(message.data, message.isBinary) : true
    if (kept !== false) this.#send(kept === true ? message : { data: kept, isBinary: message.isBinary })
  }

  #gather(): void {
    const wire = this.#wire
    if (!wire || wire.writableCorked > 0) return
    wire.cork()
    process.nextTick(() => wire.uncork())
  }

  #drain(): void {
    try {
      while (this.#isOpen) {
        const next = this.#waiting.shift()
        if (next === undefined) break
        this.#holding.give(next.data.length)
        this.#pass(next)
      }
    } catch (error) {
      this.#failed(error)
      return
    }
    if (this.#isOpen) this.#from().resume()
  }

  #send(message: SocketMessage): void {
    const to = this.#to()
    if (to === null) return
    this.bytes += message.data.length
    this.#gather()
    const { bufferedAmount } = to
    if (bufferedAmount + message.data.length < uncounted) {
      const wire = this.#wire
      if (wire && message.raw) {
        // Beside `ws`, which writes whole frames at once and in order as well; and nothing after its goodbye.
        if (to.readyState === to.OPEN) wire.write(message.raw)
        return
      }
      to.send(message.data, { binary: message.isBinary })
      return
    }
    // What a slow reader leaves is counted, and where it is much, whoever sends waits until this message is on its way.
    const { length } = message.data
    this.#holding.take(length)
    const isFull = bufferedAmount >= highWater
    if (isFull) {
      this.#isFull = true
      this.#from().pause()
    }
    to.send(message.data, { binary: message.isBinary }, () => {
      this.#holding.give(length)
      if (!isFull) return
      this.#isFull = false
      this.#drain()
    })
  }
}
