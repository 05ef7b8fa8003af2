/**
 * Spreads work that comes in a burst over turns of the event loop, so that nobody else waits for all of it. What it
 * returns is asked before each piece: null while this turn has time left, else what resolves when a later one has, in
 * the order in which it was asked for. `sliceMs`: how long a turn may work before the next piece waits.
 */
export function createPace(sliceMs: number): () => Promise<void> | null {
  const waiting: (() => void)[] = []
  /** When the first piece of this turn began; null: none has. */
  let begun: number | null = null
  let isAwaited = false

  const awaitNext = () => {
    if (isAwaited) return
    isAwaited = true
    setImmediate(next)
  }
  const next = () => {
    isAwaited = false
    begun = null
    goOn()
  }
  /** One at a time: only after what its waiter did is it known how much time is left. */
  const goOn = () => {
    const first = waiting.shift()
    if (!first) return
    begun ??= performance.now()
    awaitNext()
    if (performance.now() - begun >= sliceMs) {
      waiting.unshift(first)
      return
    }
    first()
    // Ticks come when all microtasks are done, and so when whoever goes on now has done what it can.
    queueMicrotask(() => process.nextTick(goOn))
  }

  return () => {
    awaitNext()
    begun ??= performance.now()
    if (waiting.length === 0 && performance.now() - begun < sliceMs) return null
    return new Promise<void>((resolve) => void waiting.push(resolve))
  }
}
