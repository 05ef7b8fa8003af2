import type { EngineStatus } from '../../shared/contract'
import { reason, type Reason } from '../../shared/problems'
import { createListeners } from '../async/listeners'
import { platformOf } from './connection/failures'
import type { Container, EngineChange } from './engine'
import type { EngineEvent } from './events'

/** What is said anew of the engine. */
export type Known = Pick<EngineStatus, 'state'> &
  Partial<Pick<EngineStatus, 'attempts' | 'nextTryAt' | 'info' | 'compose'>> & {
    reason?: Reason
    command?: string | null
    /** The list, with a new connection. */
    containers?: readonly Container[]
  }

interface KnownOptions {
  platform: NodeJS.Platform
  /** The address that was set in Regie. */
  address: () => string | null
  reportBug: (error: unknown) => void
}

const untried = (why: Reason): Omit<EngineStatus, 'platform' | 'address'> => ({
  state: 'connecting',
  since: Date.now(),
  reason: why,
  attempts: [],
  triedAt: Date.now(),
  nextTryAt: null,
  info: null,
  compose: null,
})

/** What is known of the engine, and who is told when that changes. */
export function createKnownEngine({ platform, address, reportBug }: KnownOptions) {
  const listeners = createListeners<[EngineChange]>(reportBug)
  /** Why there is no connection. */
  let cause: Reason = reason('docker.connecting')
  /** The last list, kept over a short break. */
  let containers: readonly Container[] = []
  let isClosed = false
  let status: EngineStatus = { ...untried(cause), platform: platformOf(platform), address: address() }
  const tell = (change: EngineChange) => {
    if (!isClosed) listeners.tell(change)
  }
  return {
    status: () => status,
    cause: () => (isClosed ? reason('docker.closed') : cause),
    containers: () => containers,
    onChange: listeners.on,
    isClosed: () => isClosed,
    /** What is not said anew stays as it is, but for the reason, which belongs to the state. */
    change: (known: Known) => {
      cause = known.reason ?? cause
      containers = known.containers ?? containers
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
        address: address(),
      }
      tell({ type: 'status', status })
      if (known.containers) tell({ type: 'containers' })
    },
    changeContainers: (seen: readonly Container[]) => {
      containers = seen
      tell({ type: 'containers' })
    },
    hear: (event: EngineEvent) =>
      tell(
        event.kind === 'container'
          ? { type: 'event', event: event.event }
          : { type: 'pull', image: event.image, at: event.at },
      ),
    /** Nobody is told anything any more. */
    close: () => void (isClosed = true),
  }
}

export type KnownEngine = ReturnType<typeof createKnownEngine>
