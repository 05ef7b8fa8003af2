/** A wait is over when it is woken, when the signal aborts, or after so many ms, whichever comes first. Never rejects. */
export type Wait = (signal?: AbortSignal, ms?: number) => Promise<void>

/** Those who wait for something to change, and what wakes them. Nothing of a wait is left on its signal. */
export function createWake() {
  let count = 0
  const waiting = new Set<() => void>()
  const next: Wait = (signal, ms) =>
    new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        waiting.delete(done)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = ms === undefined ? undefined : setTimeout(done, ms)
      waiting.add(done)
      signal?.addEventListener('abort', done)
      if (signal?.aborted) done()
    })
  const wake = () => {
    count += 1
    if (waiting.size === 0) return
    for (const done of [...waiting]) done()
  }
  /** Waits for one who looks and then waits, again and again: what came since his last wait ended, ends the next. */
  const reader = (): Wait => {
    let seen = count
    return async (signal, ms) => {
      if (seen === count) await next(signal, ms)
      seen = count
    }
  }
  return { wake, next, reader }
}
