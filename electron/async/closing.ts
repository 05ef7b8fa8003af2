/**
 * Closes what was started, in the reverse order, one after the other. What fails to close is told to `failed`, and keeps
 * nothing else from being closed. Node's own `AsyncDisposableStack` comes with version 24.
 */
export function createClosing(failed: (error: unknown) => void) {
  const started: (() => unknown)[] = []
  let closed: Promise<void> | null = null

  const closeAll = async () => {
    for (let close = started.pop(); close; close = started.pop()) {
      try {
        await close()
      } catch (error) {
        failed(error)
      }
    }
  }

  return {
    /** Closes by `close` what was just started; several that must end together are one. */
    add(close: () => unknown): void {
      started.push(close)
    },
    /** Takes what was just started, and returns it. */
    keep<T extends { close(): unknown }>(part: T): T {
      started.push(() => part.close())
      return part
    },
    /** Closes everything, once; resolves when all has ended. */
    close: (): Promise<void> => (closed ??= closeAll()),
  }
}

export type Closing = ReturnType<typeof createClosing>
