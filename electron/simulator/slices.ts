/** Work that pauses now and then with `yield`, so that a long computation can share the event loop. */
export type Sliced<T> = Generator<undefined, T, undefined>

const sliceMs = 6

/** Runs sliced work to its end, giving the event loop a turn every few milliseconds. */
export async function drive<T>(work: Sliced<T>): Promise<T> {
  let end = performance.now() + sliceMs
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
    if (performance.now() < end) continue
    await new Promise((resolve) => setImmediate(resolve))
    end = performance.now() + sliceMs
  }
}

/** Waits, or returns early when the signal is aborted. 0 still gives the event loop a turn. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return new Promise((resolve) => setImmediate(resolve))
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}
