import type { Engine } from '../docker/engine'
import type { CatchUp } from './catching-up'
import type { EngineEvents } from './engine-events'
import type { Known } from './known'

interface FollowingOptions {
  engine: Pick<Engine, 'onChange' | 'status'>
  known: Known
  events: EngineEvents
  catchUp: CatchUp
}

/** Hears what the engine tells, and catches up when it is there again. */
export function followEngine({ engine, known, events, catchUp }: FollowingOptions) {
  let isConnected = engine.status().state === 'connected'
  /** Later the engine's own stream takes up where it broke. */
  let wasEverConnected = isConnected
  const stop = engine.onChange((change) => {
    switch (change.type) {
      case 'event':
        events.hear(change.event, false)
        return
      case 'pull':
        events.pulled(change.image, change.at)
        return
      case 'containers':
        return
      case 'status': {
        const was = isConnected
        isConnected = change.status.state === 'connected'
        if (isConnected && !was) catchUp.begin([...known.services.keys()], { readsPast: !wasEverConnected })
        wasEverConnected ||= isConnected
        return
      }
    }
  })
  return { stop, isConnected: () => isConnected }
}
