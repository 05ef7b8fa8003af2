import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

/** So much may wait for a slow reader before the other side has to wait too, in bytes. */
const highWater = 1024 * 1024

/** A message of a WebSocket. */
interface SocketMessage {
  data: Buffer
  isBinary: boolean
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
  readonly #waiting: SocketMessage[] = []
  #isHeld = false
  #isFull = false

  /** `wire` is the connection of a reader that stays the same: what comes at once is written at once. */
  constructor(
    { from, to, wire = null }: { from: () => WebSocket; to: () => WebSocket | null; wire?: Duplex | null },
    change?: Change,
  ) {
    this.#wire = wire
    this.#from = from
    this.#to = to
    this.#change = change
  }

  /** Takes a message that came. */
  take(message: SocketMessage): void {
    if (!this.#isOpen || this.#waiting.length > 0) {
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
    while (this.#isOpen) {
      const next = this.#waiting.shift()
      if (next === undefined) break
      this.#pass(next)
    }
    if (this.#isOpen) this.#from().resume()
  }

  #send(message: SocketMessage): void {
    const to = this.#to()
    if (to === null) return
    this.bytes += message.data.length
    this.#gather()
    if (to.bufferedAmount < highWater) {
      to.send(message.data, { binary: message.isBinary })
      return
    }
    // The reader is slow: whoever sends waits until this message is on its way.
    this.#isFull = true
    this.#from().pause()
    to.send(message.data, { binary: message.isBinary }, () => {
      this.#isFull = false
      this.#drain()
    })
  }
}
