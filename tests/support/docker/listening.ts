import { createEngine, type EngineOptions } from '../../../electron/docker/create-engine'
import type { Engine, EngineChange } from '../../../electron/docker/engine'
import type { Surroundings } from '../../../electron/docker/connection/candidates'
import { until } from '../until'

export interface ListeningEngine {
  engine: Engine
  /** Everything that it told, in order. */
  changes: EngineChange[]
  /** The events of one container, as `action`. */
  eventsOf(containerId: string): string[]
  /** The address that was set in it. */
  address(): string | null
}

/** Regie's view of an engine, with nothing of this machine's own Docker setup in its way. */
export function listenTo(
  surroundings: Partial<Surroundings>,
  options: Partial<Pick<EngineOptions, 'timing' | 'composeProgram'>> = {},
): ListeningEngine {
  let address = surroundings.setting ?? null
  const changes: EngineChange[] = []
  const engine = createEngine({
    address: {
      read: () => address,
      write: (next) => (address = next),
    },
    composeProgram: () => Promise.resolve(null),
    reportBug: (error) => {
      throw error
    },
    surroundings: { home: '/nonexistent', ...surroundings },
    ...options,
  })
  engine.onChange((change) => changes.push(change))
  return {
    engine,
    changes,
    eventsOf: (containerId) =>
      changes.flatMap((change) =>
        change.type === 'event' && change.event.containerId === containerId ? [change.event.action] : [],
      ),
    address: () => address,
  }
}

export const whenConnected = ({ engine }: ListeningEngine) =>
  until('the engine to be connected', () => engine.status().state === 'connected')

export const whenUnreachable = ({ engine }: ListeningEngine) =>
  until('the engine to be found unreachable', () => engine.status().state === 'unreachable')
