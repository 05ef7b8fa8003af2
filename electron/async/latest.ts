import { createWake } from './wake'

/** Hands the newest value to one reader; what came between two looks is left out. */
export function createLatest<T extends object>() {
  let value: T | null = null
  let isOver = false
  const { wake, next } = createWake()
  return {
    put: (newest: T): void => {
      value = newest
      wake()
    },
    /** What was put and not yet read is still handed out. */
    end: (): void => {
      isOver = true
      wake()
    },
    /** The newest value that was not read yet; null at the end, and when the signal aborts. */
    next: async (signal?: AbortSignal): Promise<T | null> => {
      while (value === null && !isOver && !signal?.aborted) await next(signal)
      const read = signal?.aborted ? null : value
      value = null
      return read
    },
  }
}
