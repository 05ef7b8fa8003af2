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
    const around = { platform: platformOf(where.platform), installed: true, redact: where.redact }
    return { failure: { attempts, reason: explainFailure(error, found.endpoint, around).reason } }
  }
}

/** Looks for the engine, again and again with growing pauses, and keeps the connection to the one that answers. */
export class Connecting {
  readonly #options: ConnectingOptions
  #cursor = createEventCursor()
  #connection: Connection | null = null
  #environment: Record<string, string> = {}
  /** Aborted when what is being tried no longer counts. */
  #current = new AbortController()
  #failures = 0
  /** Connections in a row that ended at once. */
  #shortLives = 0
  #trying: Promise<void> | null = null
  #timer: NodeJS.Timeout | undefined

  constructor(options: ConnectingOptions) {
    this.#options = options
  }

  /** Looks for the engine once, unless that is being done, and arranges for the next look when it is not there. */
  look(): Promise<void> {
    return this.#trying ?? this.#lookNow()
  }

  /** The client of the engine that answers, once what is tried now has ended; null where there is none. */
  async client(): Promise<Docker | null> {
    if (!this.#connection && this.#trying) await this.#trying
    return this.#connection?.found.docker ?? null
  }

  /** Makes sure of the connection; looks anew where there is none. */
  async ensure(): Promise<void> {
    if (this.#connection) await this.#connection.session.look()
    if (!this.#connection) await this.look()
  }

  environment(): Record<string, string> {
    return { ...this.#environment }
  }

  /** Drops what there is and begins anew, with another engine. */
  async startAnew(): Promise<void> {
    const { known } = this.#options
    this.#drop()
    this.#cursor = createEventCursor()
    this.#environment = {}
    this.#current = new AbortController()
    this.#failures = 0
    known.changeContainers([])
    known.change({ state: 'connecting', reason: reason('docker.connecting'), info: null, nextTryAt: null })
    await this.#lookNow()
  }

  async close(): Promise<void> {
    this.#drop()
    await this.#trying
  }

  #lookNow(): Promise<void> {
    clearTimeout(this.#timer)
    const attempt: Promise<void> = this.#lookOnce(this.#current.signal)
      .catch(this.#options.reportBug)
      .finally(() => {
        if (this.#trying === attempt) this.#trying = null
      })
    this.#trying = attempt
    return attempt
  }

  #lookIn(delayMs: number): void {
    this.#timer = setTimeout(() => void this.#lookNow(), delayMs)
    this.#timer.unref()
  }

  #fail(why: Omit<Known, 'state'>): void {
    const { known } = this.#options
    this.#failures += 1
    const delay = retryDelay(this.#failures)
    if (known.containers().length > 0) known.changeContainers([])
    known.change({ state: 'unreachable', ...why, info: null, nextTryAt: Date.now() + delay })
    this.#lookIn(delay)
  }

  #lose(found: FoundEngine): void {
    found.close()
    if (this.#connection?.found !== found) return
    const lived = Date.now() - this.#connection.since
    this.#connection = null
    this.#options.known.change({ state: 'connecting', reason: reason('docker.connecting'), info: null })
    this.#shortLives = lived >= livedMs ? 0 : this.#shortLives + 1
    if (this.#shortLives === 0) void this.#lookNow()
    else this.#lookIn(retryDelay(this.#shortLives))
  }

  async #lookOnce(signal: AbortSignal): Promise<void> {
    const { surroundings, known, timing } = this.#options
    const onLost = (found: FoundEngine) => this.#lose(found)
    const reached = await reach({ where: surroundings(), cursor: this.#cursor, timing, known, onLost }, signal)
    if (reached === null) return
    if ('failure' in reached) {
      this.#fail(reached.failure)
      return
    }
    const { attempts, ...connection } = reached
    const { found, session } = connection
    this.#connection = connection
    this.#failures = 0
    this.#environment = found.environment
    known.change({
      ...{ state: 'connected', attempts, info: found.info, nextTryAt: null },
      containers: session.containers(),
    })
    this.#findCompose(signal).catch(this.#options.reportBug)
  }

  /** Tells which Compose program there is, as long as the connection holds. */
  async #findCompose(signal: AbortSignal): Promise<void> {
    const { composeProgram, known } = this.#options
    const compose = await composeProgram()
    const status = known.status()
    if (signal.aborted || status.state !== 'connected') return
    if (JSON.stringify(compose) !== JSON.stringify(status.compose)) known.change({ state: 'connected', compose })
  }

  #drop(): void {
    this.#current.abort()
    clearTimeout(this.#timer)
    const former = this.#connection
    this.#connection = null
    former?.session.close()
    former?.found.close()
  }
}
