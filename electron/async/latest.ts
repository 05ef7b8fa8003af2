import { createWake } from './wake'

/** Hands the newest value to one reader; what came between two looks is left out. */
export function createLatest<T extends object>() {
  let value: T | null = null
  let isOver = false
  const wake = createWake()
  return {
    put(next: T) {
      value = next
      wake.wake()
    },
    /** What was put and not yet read is still handed out. */
    end() {
      isOver = true
      wake.wake()
    },
    /** The newest value that was not read yet; null at the end, and when the signal aborts. */
    async next(signal?: AbortSignal): Promise<T | null> {
      while (value === null && !isOver && !signal?.aborted) await wake.next(signal)
      if (signal?.aborted) return null
      const read = value
      value = null
      return read
    },
  }
}
