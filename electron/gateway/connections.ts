import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { Socket } from 'node:net'
import { sourceOf } from '../people'

/** So many connections a listener holds; of one source; and of one source without a request that was let in. */
export interface MostConnections {
  all: number
  each: number
  strangers: number
  /** From this machine everything comes that a reverse proxy hands on. */
  loopback: { each: number; strangers: number }
}

const usual: MostConnections = { all: 4_096, each: 1_024, strangers: 256, loopback: { each: 3_584, strangers: 2_048 } }

/** A connection in which nobody was let in is kept so long after an answer, in ms; browsers and programs just open another. */
const strangerIdleMs = 10_000

interface Connection {
  socket: Socket
  source: string
  isKnown: boolean
  /** Requests that are being answered. */
  open: number
  idle: NodeJS.Timeout | null
}

interface Count {
  all: number
  strangers: number
}

/** By what a connection is found again: over TLS requests come in a socket of their own. */
const keyOf = (socket: Socket): string =>
  `${socket.remoteAddress ?? ''} ${socket.remotePort ?? ''} ${socket.localAddress ?? ''}`

const isLoopback = (source: string): boolean => source.startsWith('127.') || source === '0:0:0:0::/64'

/** Who has which of a server's connections. */
class Shares {
  readonly #most: MostConnections
  readonly #connections = new Map<string, Connection>()
  /** The same, for the next request of a connection. */
  readonly #known = new WeakMap<Socket, Connection>()
  readonly #counts = new Map<string, Count>()

  constructor(most: MostConnections) {
    this.#most = most
  }

  find(socket: Socket): Connection | undefined {
    const known = this.#known.get(socket)
    if (known) return known
    const found = this.#connections.get(keyOf(socket))
    if (found) this.#known.set(socket, found)
    return found
  }

  /** Takes a connection in, or ends it. */
  enter(socket: Socket): void {
    const source = sourceOf(socket.remoteAddress ?? '')
    const share = isLoopback(source) ? this.#most.loopback : this.#most
    const before = this.#counts.get(source)
    if ((before && (before.all >= share.each || before.strangers >= share.strangers)) || !this.#makeRoom()) {
      socket.destroy()
      return
    }
    const key = keyOf(socket)
    const count = this.#counts.get(source) ?? { all: 0, strangers: 0 }
    this.#counts.set(source, { all: count.all + 1, strangers: count.strangers + 1 })
    this.#connections.set(key, { socket, source, isKnown: false, open: 0, idle: null })
    socket.once('close', () => this.#connections.get(key)?.socket === socket && this.#leave(key))
  }

  /** Somebody was let in with a request. */
  letIn(connection: Connection): void {
    if (connection.isKnown || connection.socket.destroyed) return
    connection.isKnown = true
    const count = this.#counts.get(connection.source)
    if (count) count.strangers -= 1
  }

  /** The oldest one that nobody was let in with makes room for who comes now. */
  #makeRoom(): boolean {
    if (this.#connections.size < this.#most.all) return true
    for (const [key, { socket, isKnown }] of this.#connections)
      if (!isKnown) {
        this.#leave(key)
        socket.destroy()
        return true
      }
    return false
  }

  #leave(key: string): void {
    const connection = this.#connections.get(key)
    if (!connection) return
    this.#connections.delete(key)
    clearTimeout(connection.idle ?? undefined)
    const count = this.#counts.get(connection.source)
    if (!count) return
    count.all -= 1
    if (!connection.isKnown) count.strangers -= 1
    if (count.all === 0) this.#counts.delete(connection.source)
  }
}

/** Keeps a server's connections within the shares of their sources; the newest of a source that is past its own is refused. */
export function limitConnections(server: Server, most: MostConnections = usual, idleMs = strangerIdleMs) {
  const shares = new Shares(most)
  server.on('connection', (socket: Socket) => shares.enter(socket))
  return {
    /** A request has come; `letIn` is called when somebody is let in with it, `ended` when it was answered. */
    began(socket: Duplex): { letIn: () => void; ended: () => void } {
      const connection = socket instanceof Socket ? shares.find(socket) : undefined
      if (!connection) return { letIn: () => undefined, ended: () => undefined }
      connection.open += 1
      clearTimeout(connection.idle ?? undefined)
      return {
        letIn: () => shares.letIn(connection),
        ended() {
          connection.open -= 1
          if (connection.isKnown || connection.open > 0 || connection.socket.destroyed) return
          connection.idle = setTimeout(() => connection.socket.destroy(), idleMs).unref()
        },
      }
    },
  }
}
