import { wasAnswered } from './problem'

export interface FollowOptions<T> {
  /** Opens the stream; called again after each cut. */
  open: (signal: AbortSignal) => Promise<AsyncIterable<T>>
  onEvent: (event: T) => void
  /** The stream was cut, or could not be opened, and will be opened again. */
  onCut?: () => void
  /** The panel refused it (for example: no such service): it is not opened again. */
  onRefused?: (error: unknown) => void
  /** True for a stream that ends by itself when its subject is finished; otherwise an end counts as a cut. */
  ends?: boolean
  signal: AbortSignal
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })

/** Asked anew each time: it changes while a stream is awaited. */
const isOver = (signal: AbortSignal) => signal.aborted

/** Follows a stream until the signal aborts, and opens it again after a cut: 250 ms first, 5 s at most. */
export async function follow<T>({ open, onEvent, onCut, onRefused, ends, signal }: FollowOptions<T>): Promise<void> {
  let failures = 0
  while (!isOver(signal)) {
    try {
      for await (const event of await open(signal)) {
        if (isOver(signal)) return
        failures = 0
        onEvent(event)
      }
      if (ends) return
    } catch (error) {
      if (isOver(signal)) return
      if (wasAnswered(error)) {
        onRefused?.(error)
        return
      }
    }
    if (isOver(signal)) return
    onCut?.()
    await pause(Math.min(250 * 2 ** failures++, 5000), signal)
  }
}
