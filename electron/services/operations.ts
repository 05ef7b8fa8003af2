import type { Operation } from '../../shared/contract'
import { Problem } from '../../shared/problems'

/** The lock of one service: one operation at a time, and a second refused by the first one's name. */
export function createOperations({ id, onChange }: { id: string; onChange: () => void }) {
  let current: Operation | null = null
  let endedAt: number | null = null
  let settled: Promise<unknown> = Promise.resolve()
  let cancelling = new AbortController()

  const assertNone = () => {
    if (current !== null) throw new Problem('service.busy', { id, operation: current })
  }

  return {
    /** What is being done now. */
    current: () => current,
    /** When the last operation ended (Unix ms); `null` if there was none. */
    endedAt: () => endedAt,
    /** Throws a Problem while something is being done. */
    assertNone,

    /** Does one operation; `work` gets a signal by which it may be cancelled. Throws what `work` throws. */
    async run(name: Operation, work: (cancelled: AbortSignal) => Promise<void>): Promise<void> {
      assertNone()
      current = name
      cancelling = new AbortController()
      const done = work(cancelling.signal).finally(() => {
        current = null
        endedAt = Date.now()
        onChange()
      })
      settled = done.catch(() => undefined)
      onChange()
      await done
    },

    /** Cancels what is being done, if it can be, and resolves when it has ended, one way or the other. */
    async cancel(): Promise<void> {
      cancelling.abort()
      await settled
    },
  }
}

export type Operations = ReturnType<typeof createOperations>
