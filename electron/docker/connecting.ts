import type Docker from 'dockerode'
import type { EngineStatus } from '../../shared/contract'
import { reason } from '../../shared/problems'
import type { Surroundings } from './connection/candidates'
import { explainFailure, platformOf } from './connection/failures'
import { findEngine, type FoundEngine } from './connection/find-engine'
import { createEventCursor } from './events'
import type { Known, KnownEngine } from './known-engine'
import { openSession, usualTiming, type Session, type SessionTiming } from './session'

const firstDelayMs = 1000
const longestDelayMs = 30_000

/** A connection that ends sooner did not work. */
const livedMs = 5000

/** How long to wait after so many failures in a row, in ms. */
const retryDelay = (failures: number) => Math.min(longestDelayMs, firstDelayMs * 2 ** Math.max(0, failures - 1))

interface Connection {
  found: FoundEngine
  session: Session
  since: number
}

export interface ConnectingOptions {
  /** Which Compose program there is; asked once a connection. */
  composeProgram: () => Promise<EngineStatus['compose']>
  /** Takes what is no expected failure. */
  reportBug: (error: unknown) => void
  timing?: Partial<SessionTiming> | undefined
  /** Where the engine is looked for now. */
  surroundings: () => Surroundings
  known: KnownEngine
}

type Reached = (Connection & { attempts: EngineStatus['attempts'] }) | { failure: Omit<Known, 'state'> }

/** Finds the engine and opens a session with it; null where nobody wants that any more. */
async function reach(
  {
    where,
    cursor,
    timing,
    known,
    onLost,
  }: Pick<ConnectingOptions, 'timing' | 'known'> & {
    where: Surroundings
    cursor: ReturnType<typeof createEventCursor>
    onLost: (found: FoundEngine) => void
  },
  signal: AbortSignal,
): Promise<Reached | null> {
  const isDropped = () => signal.aborted
  const { found, ...tried } = await findEngine(where, signal)
  if (isDropped()) {
    found?.close()
    return null
  }
  if (found === null) return { failure: tried }
  const { attempts } = tried
  try {
    const since = Date.now()
    cursor.startAt(found.clock)
    const session: Session = await openSession({
      docker: found.docker,
      cursor,
      timing: { ...usualTiming, ...timing },
      onContainers: () => known.changeContainers(session.containers()),
      onEvent: known.hear,
      onLost: () => onLost(found),
    })
    if (!isDropped()) return { found, session, since, attempts }
    session.close()
    found.close()
    return null
  } catch (error) {
    found.close()
    if (isDropped()) return null
    const around = { platform: platformOf(where.platform), installed: true }
    return { failure: { attempts, reason: explainFailure(error, found.endpoint, around).reason } }
  }
}

/** Looks for the engine, again and again with growing pauses, and keeps the connection to the one that answers. */
export function createConnecting({ surroundings, known, composeProgram, reportBug, timing }: ConnectingOptions) {
  let cursor = createEventCursor()
  let connection: Connection | null = null
  let environment: Record<string, string> = {}
  /** Aborted when what is being tried no longer counts. */
  let current = new AbortController()
  let failures = 0
  /** Connections in a row that ended at once. */
  let shortLives = 0
  let trying: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined

  /** Looks for the engine once, and arranges for the next look when it is not there. */
  const look = (): Promise<void> => {
    clearTimeout(timer)
    const attempt: Promise<void> = lookOnce(current.signal)
      .catch(reportBug)
      .finally(() => {
        if (trying === attempt) trying = null
      })
    trying = attempt
    return attempt
  }
  const lookIn = (delayMs: number) => {
    timer = setTimeout(() => void look(), delayMs)
    timer.unref()
  }
  const fail = (why: Omit<Known, 'state'>) => {
    failures += 1
    const delay = retryDelay(failures)
    if (known.containers().length > 0) known.changeContainers([])
    known.change({ state: 'unreachable', ...why, info: null, nextTryAt: Date.now() + delay })
    lookIn(delay)
  }
  const lose = (found: FoundEngine) => {
    found.close()
    if (connection?.found !== found) return
    const lived = Date.now() - connection.since
    connection = null
    known.change({ state: 'connecting', reason: reason('docker.connecting'), info: null })
    shortLives = lived >= livedMs ? 0 : shortLives + 1
    if (shortLives === 0) void look()
    else lookIn(retryDelay(shortLives))
  }
  async function lookOnce(signal: AbortSignal): Promise<void> {
    const reached = await reach({ where: surroundings(), cursor, timing, known, onLost: lose }, signal)
    if (reached === null) return
    if ('failure' in reached) {
      fail(reached.failure)
      return
    }
    const { attempts, ...reachedNow } = reached
    connection = reachedNow
    const { found, session } = reachedNow
    failures = 0
    environment = found.environment
    known.change({
      ...{ state: 'connected', attempts, info: found.info, nextTryAt: null },
      containers: session.containers(),
    })
    void composeProgram().then((compose) => {
      const status = known.status()
      if (signal.aborted || status.state !== 'connected') return
      if (JSON.stringify(compose) !== JSON.stringify(status.compose)) known.change({ state: 'connected', compose })
    }, reportBug)
  }
  const drop = () => {
    current.abort()
    clearTimeout(timer)
    const former = connection
    connection = null
    former?.session.close()
    former?.found.close()
  }

  return {
    look: () => trying ?? look(),
    /** The client of the engine that answers, once what is tried now has ended; null where there is none. */
    async client(): Promise<Docker | null> {
      if (!connection && trying) await trying
      return connection?.found.docker ?? null
    },
    /** Makes sure of the connection; looks anew where there is none. */
    async ensure() {
      if (connection) await connection.session.look()
      if (!connection) await (trying ?? look())
    },
    environment: () => ({ ...environment }),
    /** Drops what there is and begins anew, with another engine. */
    async startAnew() {
      drop()
      cursor = createEventCursor()
      environment = {}
      current = new AbortController()
      failures = 0
      known.changeContainers([])
      known.change({ state: 'connecting', reason: reason('docker.connecting'), info: null, nextTryAt: null })
      await look()
    },
    async close() {
      drop()
      await trying
    },
  }
}
