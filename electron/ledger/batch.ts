import type { Clock } from '../async/clock'

/** What is written later, together with what comes until then. */
export interface Batch {
  /** Something waits to be written. */
  touch(): void
  /** Writes what waits, now. Throws what the write throws; what waited still waits then. */
  flush(): void
}

/**
 * Calls `write` at most `everyMs` after the first `touch` since it was called last. A write that fails is told to
 * `failed`, and tried again as long after.
 */
export function createBatch(
  { clock, everyMs, failed }: { clock: Clock; everyMs: number; failed: (error: unknown) => void },
  write: () => void,
): Batch {
  let undo: (() => void) | null = null
  const flush = () => {
    undo?.()
    undo = null
    write()
  }
  const touch = () => {
    undo ??= clock.after(everyMs, () => {
      try {
        flush()
      } catch (error) {
        failed(error)
        touch()
      }
    })
  }
  return { touch, flush }
}
