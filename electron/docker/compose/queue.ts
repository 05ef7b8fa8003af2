/**
 * Work that belongs together, by key, one piece after the other. Returns what the work returns; a signal that aborts
 * while it waits gives its place up and rejects with the signal's reason.
 */
export function createQueue() {
  const last = new Map<string, Promise<unknown>>()

  return async function enqueue<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = last.get(key) ?? Promise.resolve()
    const done = before.then(async () => {
      signal?.throwIfAborted()
      return work()
    })
    const settled = done.catch(() => undefined)
    last.set(key, settled)
    void settled.then(() => last.get(key) === settled && last.delete(key))
    if (!signal) return done
    const stop = new AbortController()
    const begun = before.then(() => stop.abort())
    const givenUp = new Promise<never>((_, reject) => {
      const giveUp = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
      signal.addEventListener('abort', giveUp, { once: true, signal: stop.signal })
    })
    await Promise.race([begun, givenUp])
    return done
  }
}
