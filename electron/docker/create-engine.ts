import os from 'node:os'
import type { EngineStatus } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import { createListeners } from '../async/listeners'
import { searchFor, type Surroundings } from './connection/candidates'
import { explainFailure, platformOf } from './connection/failures'
import { findEngine, type FoundEngine } from './connection/find-engine'
import type { Container, Engine, EngineChange } from './engine'
import { createEventCursor, type EngineEvent } from './events'
import { openSession, usualTiming, type Session, type SessionTiming } from './session'

export interface EngineOptions {
  /** Where the address that was set in Regie is kept. */
  address: { read(): string | null; write(address: string | null): void }
  /** Which Compose program there is; asked once a connection. */
  composeProgram: () => Promise<EngineStatus['compose']>
  /** Takes what is no expected failure. */
  reportBug: (error: unknown) => void
  /** In place of this process's own environment. */
  surroundings?: Partial<Omit<Surroundings, 'setting'>>
  timing?: Partial<SessionTiming>
}

const firstDelayMs = 1000
const longestDelayMs = 30_000

/** A connection that ends sooner did not work. */
const livedMs = 5000

/** How long to wait after so many failures in a row, in ms. */
const retryDelay = (failures: number) => Math.min(longestDelayMs, firstDelayMs * 2 ** Math.max(0, failures - 1))

/**
 * Looks for the engine at once, without anybody waiting for it, and again and again with growing pauses until it
 * answers. While there is none, that costs one failed connection now and then.
 */
export function createEngine(options: EngineOptions): Engine {
  const { address, reportBug } = options
  const timing = { ...usualTiming, ...options.timing }
  const listeners = createListeners<[EngineChange]>(reportBug)
  let cursor = createEventCursor()
  let connection: { found: FoundEngine; session: Session; since: number } | null = null
  /** The last list, kept over a short break. */
  let containers: readonly Container[] = []
  let environment: Record<string, string> = {}
  /** Aborted when what is being tried no longer counts. */
  let current = new AbortController()
  let failures = 0
  /** Connections in a row that ended at once. */
  let shortLives = 0
  let trying: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  /** Why there is no connection. */
  let cause: Reason = reason('docker.connecting')

  const surroundings = (setting: string | null): Surroundings => ({
    platform: process.platform,
    env: process.env,
    home: os.homedir(),
    uid: process.getuid?.() ?? null,
    ...options.surroundings,
    setting,
  })

  let status: EngineStatus = {
    state: 'connecting',
    since: Date.now(),
    reason: cause,
    attempts: [],
    triedAt: Date.now(),
    nextTryAt: null,
    info: null,
    compose: null,
    platform: platformOf(surroundings(null).platform),
    address: address.read(),
  }

  const tell = (change: EngineChange) => {
    if (!isClosed) listeners.tell(change)
  }

  type Known = Pick<EngineStatus, 'state'> &
    Partial<Pick<EngineStatus, 'attempts' | 'nextTryAt' | 'info' | 'compose'>> & {
      reason?: Reason
      command?: string | null
    }
  /** What is not said anew stays as it is, but for the reason, which belongs to the state. */
  const change = (known: Known) => {
    cause = known.reason ?? cause
    status = {
      state: known.state,
      since: known.state === status.state ? status.since : Date.now(),
      ...(known.reason ? { reason: known.reason } : {}),
      ...(known.command ? { command: known.command } : {}),
      attempts: known.attempts ?? status.attempts,
      triedAt: known.attempts ? Date.now() : status.triedAt,
      nextTryAt: known.nextTryAt === undefined ? status.nextTryAt : known.nextTryAt,
      info: known.info === undefined ? status.info : known.info,
      compose: known.compose === undefined ? status.compose : known.compose,
      platform: status.platform,
      address: address.read(),
    }
    tell({ type: 'status', status })
  }

  const changeContainers = (seen: readonly Container[]) => {
    containers = seen
    tell({ type: 'containers' })
  }

  const tellEvent = (event: EngineEvent) => {
    switch (event.kind) {
      case 'container':
        tell({ type: 'event', event: event.event })
        return
      case 'pull':
        tell({ type: 'pull', image: event.image, at: event.at })
        return
    }
  }

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

  async function lookOnce(signal: AbortSignal): Promise<void> {
    const where = surroundings(address.read())
    const isDropped = () => signal.aborted
    const result = await findEngine(where, signal)
    if (isDropped()) {
      result.found?.close()
      return
    }
    if (result.found === null) {
      fail({ attempts: result.attempts, reason: result.reason, command: result.command })
      return
    }
    const { found, attempts } = result
    try {
      await join(found, attempts, isDropped)
    } catch (error) {
      found.close()
      if (isDropped()) return
      const around = { platform: platformOf(where.platform), installed: true }
      fail({ attempts, reason: explainFailure(error, found.endpoint, around).reason })
    }
  }

  async function join(found: FoundEngine, attempts: EngineStatus['attempts'], isDropped: () => boolean): Promise<void> {
    const since = Date.now()
    cursor.startAt(found.clock)
    const opened: Session = await openSession({
      docker: found.docker,
      cursor,
      timing,
      onContainers: () => changeContainers(opened.containers()),
      onEvent: tellEvent,
      onLost: () => lose(found),
    })
    if (isDropped()) {
      opened.close()
      found.close()
      return
    }
    connection = { found, session: opened, since }
    failures = 0
    environment = found.environment
    containers = opened.containers()
    change({ state: 'connected', attempts, info: found.info, nextTryAt: null })
    tell({ type: 'containers' })
    void options.composeProgram().then((compose) => {
      if (isDropped() || status.state !== 'connected') return
      if (JSON.stringify(compose) !== JSON.stringify(status.compose)) change({ state: 'connected', compose })
    }, reportBug)
  }

  function lose(found: FoundEngine) {
    found.close()
    if (connection?.found !== found) return
    const lived = Date.now() - connection.since
    connection = null
    change({ state: 'connecting', reason: reason('docker.connecting'), info: null })
    shortLives = lived >= livedMs ? 0 : shortLives + 1
    if (shortLives === 0) void look()
    else lookIn(retryDelay(shortLives))
  }

  function fail(known: Omit<Known, 'state'>) {
    failures += 1
    const delay = retryDelay(failures)
    if (containers.length > 0) changeContainers([])
    change({ state: 'unreachable', ...known, info: null, nextTryAt: Date.now() + delay })
    lookIn(delay)
  }

  function lookIn(delayMs: number) {
    timer = setTimeout(() => void look(), delayMs)
    timer.unref()
  }

  /** Drops what there is and begins anew. */
  const restart = async () => {
    current.abort()
    current = new AbortController()
    failures = 0
    const former = connection
    connection = null
    former?.session.close()
    former?.found.close()
    change({ state: 'connecting', reason: reason('docker.connecting'), info: null, nextTryAt: null })
    await look()
  }

  void look()

  return {
    status: () => status,
    async client() {
      if (!connection && trying) await trying
      if (connection) return connection.found.docker
      const why = isClosed ? reason('docker.closed') : cause
      throw new Problem(why.problem, why.params)
    },
    containers: () => containers,
    onChange: listeners.on,
    async reconnect() {
      if (isClosed) return status
      if (connection) await connection.session.look()
      if (!connection) await (trying ?? look())
      return status
    },
    async setAddress(next) {
      const wanted = next?.trim() || null
      if (wanted !== null) {
        const problem = searchFor(surroundings(wanted), null).candidates[0]?.problem
        if (problem) throw new Problem(problem.problem, problem.params)
      }
      address.write(wanted)
      cursor = createEventCursor()
      environment = {}
      changeContainers([])
      await restart()
      return status
    },
    environment: () => ({ ...environment }),
    async close() {
      isClosed = true
      current.abort()
      clearTimeout(timer)
      connection?.session.close()
      connection?.found.close()
      connection = null
      await trying
    },
  }
}
