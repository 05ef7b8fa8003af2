import { createWake } from '../async/wake'
import type { Engine } from './engine'

/** Waits for a change that concerns one container or the engine; what happens between two looks is not missed. */
export function createChangeWaiter(engine: Pick<Engine, 'onChange'>, find: () => { id: string } | null) {
  const { wake, reader } = createWake()
  let changed = reader()
  let known: string | null = null
  const stop = engine.onChange((change) => {
    if (change.type === 'status') wake()
    else if (change.type === 'containers' && (find()?.id ?? null) !== known) wake()
    else if (
      change.type === 'event' &&
      change.event.containerId === known &&
      /^(start|destroy)/.test(change.event.action)
    )
      wake()
  })
  return {
    /** From now on only what concerns this container counts. */
    watch(id: string | null) {
      known = id
      changed = reader()
    },
    next: (signal: AbortSignal, timeoutMs?: number): Promise<void> => changed(signal, timeoutMs),
    stop,
  }
}
