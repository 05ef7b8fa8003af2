import type { Engine } from './engine'

/** Waits for a change that concerns one container or the engine; what happens between two looks is not missed. */
export function createChangeWaiter(engine: Pick<Engine, 'onChange'>, find: () => { id: string } | null) {
  let has = false
  let wake = () => {}
  let known: string | null = null
  const tell = () => {
    has = true
    wake()
  }
  const stop = engine.onChange((change) => {
    if (change.type === 'status') tell()
    else if (change.type === 'containers' && (find()?.id ?? null) !== known) tell()
    else if (
      change.type === 'event' &&
      change.event.containerId === known &&
      /^(start|destroy)/.test(change.event.action)
    )
      tell()
  })
  return {
    /** From now on only what concerns this container counts. */
    watch(id: string | null) {
      known = id
      has = false
    },
    async next(signal: AbortSignal, timeoutMs?: number) {
      if (has || signal.aborted) return
      let timer: NodeJS.Timeout | undefined
      const settled = new AbortController()
      await new Promise<void>((resolve) => {
        wake = resolve
        signal.addEventListener('abort', () => resolve(), { once: true, signal: settled.signal })
        if (timeoutMs !== undefined) timer = setTimeout(resolve, timeoutMs)
      })
      // The signal outlives the wait, and is waited for again and again.
      settled.abort()
      clearTimeout(timer)
    },
    stop,
  }
}
