/** Why a signal aborted, as an error that can be thrown. */
export const abortReason = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError')

/**
 * Settles as the promise does, or rejects with the signal's reason as soon as that aborts, were it before. The promise
 * goes on; nothing is left on the signal.
 */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const stop = new AbortController()
  const givenUp = new Promise<never>((_, reject) => {
    const giveUp = () => reject(abortReason(signal))
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true, signal: stop.signal })
  })
  try {
    return await Promise.race([givenUp, promise])
  } finally {
    stop.abort()
  }
}
