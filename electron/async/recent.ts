/** What is kept of what was asked for a while ago. */
export interface Recent<T> {
  /** What is kept, else what is asked for now. Rejects when that failed. */
  (signal: AbortSignal): Promise<T>
  /** Asks now, whatever is kept, for all who ask from now on. */
  anew(signal: AbortSignal): Promise<T>
  /** Whether one who asks now is given what was asked for before. */
  isKept(): boolean
}

/**
 * What `fetch` gives, kept for so many ms since it was asked for: whoever asks meanwhile shares it, under the signal of
 * the first. One that fails is not kept.
 */
export function createRecent<T>(lastsMs: number, fetch: (signal: AbortSignal) => Promise<T>): Recent<T> {
  let kept: { at: number; value: Promise<T> } | null = null
  const fresh = () => (kept && performance.now() - kept.at < lastsMs ? kept.value : null)
  const anew = (signal: AbortSignal) => {
    const entry = { at: performance.now(), value: fetch(signal) }
    kept = entry
    entry.value.catch(() => {
      if (kept === entry) kept = null
    })
    return entry.value
  }
  return Object.assign((signal: AbortSignal) => fresh() ?? anew(signal), { anew, isKept: () => fresh() !== null })
}
