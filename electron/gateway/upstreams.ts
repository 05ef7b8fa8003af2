import type { Dispatcher, Pool } from 'undici'

/** How long a connection to a service may take, in ms. */
const connectMs = 10_000

/**
 * How long a connection in which nothing is asked is kept, in ms: shorter than the 5 s after which the web server of Forge
 * closes its own, so that no request crosses the close.
 */
const keptMs = 4_000

/** Connections to one service. */
export interface Connections {
  dispatcher: Dispatcher
  /** How each answer goes on that stands still because its client does not take it. */
  standing: Set<() => void>
}

/** Connections to services, kept for the next request, a pool for each origin. */
export interface Upstreams {
  of(origin: string): Connections
  /** Ends all of them, with what goes on in them. */
  close(): Promise<void>
}

/**
 * Made of undici, which is loaded with the first listener: a panel without a gateway does without. Each request that waits
 * holds a connection, and Forge answers when a picture is done: there is no limit but that of clients.
 */
export async function createUpstreams(): Promise<Upstreams> {
  const undici = await import('undici')
  const connect = undici.buildConnector({ timeout: connectMs })
  const pools = new Map<string, Connections & { dispatcher: Pool }>()
  return {
    of(origin) {
      const known = pools.get(origin)
      if (known) return known
      const standing = new Set<() => void>()
      // A picture may take an hour, and an idle stream longer: the client decides when it has waited enough.
      const dispatcher = new undici.Pool(origin, {
        ...{ connections: null, pipelining: 1, headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: 64 * 1024 },
        ...{ keepAliveTimeout: keptMs, keepAliveMaxTimeout: keptMs },
        connect: (options, done) =>
          connect(options, (...made) => {
            // undici 7 asserts that no answer stands still when its connection ends, which would end the panel. This is
            // heard first; what is not of that connection stands still again with its next piece.
            // https://github.com/nodejs/undici/issues/5360, mended in undici 8, which no Node before 22.19 runs
            made[1]?.once('end', () => {
              for (const goOn of [...standing]) goOn()
            })
            done(...made)
          }),
      })
      const connections = { dispatcher, standing }
      pools.set(origin, connections)
      return connections
    },
    async close() {
      await Promise.all([...pools.values()].map(({ dispatcher }) => dispatcher.destroy()))
      pools.clear()
    },
  }
}

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '')

/** Whether an error says that a connection was made and has ended, without a word that was understood or not. */
export const isBrokenOff = (error: Error): boolean => /^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(codeOf(error))

/** Whether an error says that no connection came about, so that nothing can have been sent. */
export const isUnreached = (error: Error): boolean =>
  /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/.test(
    codeOf(error),
  )

/** How it is told to whoever asked that a service gave no answer: whether it may have begun what was asked. */
export const problemOf = (error: Error): 'gateway.away' | 'gateway.broken-off' =>
  isBrokenOff(error) ? 'gateway.broken-off' : 'gateway.away'
