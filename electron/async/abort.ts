/** Why a signal aborted, as an error that can be thrown. */
export const abortReason = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError')

/**
 * Calls `act` once when the signal aborts, at once where it has. Returns what takes that back: whoever listens to a signal
 * that outlives him must, or he stays on it.
 */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  const once = () => act()
  if (signal.aborted) act()
  else signal.addEventListener('abort', once, { once: true })
  return () => signal.removeEventListener('abort', once)
}

/**
 * Settles as the promise does, or rejects with the signal's reason as soon as that aborts, were it before. The promise
 * goes on; nothing is left on the signal.
 */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let leave = () => {}
  const givenUp = new Promise<never>((_, reject) => {
    leave = onAbort(signal, () => reject(abortReason(signal)))
  })
  try {
    return await Promise.race([givenUp, promise])
  } finally {
    leave()
  }
}
