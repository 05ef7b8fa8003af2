import { abortReason, orAborted } from './abort'

/** What is kept of what was asked for a while ago. */
export interface Recent<T> {
  /** What is kept, else what is asked for now. Rejects when that failed, or with the signal's reason. */
  (signal: AbortSignal): Promise<T>
  /** Asks now, whatever is kept, for all who ask from now on. */
  anew(signal: AbortSignal): Promise<T>
  /** Whether one who asks now is given what was asked for before. */
  isKept(): boolean
}

/** One asking that several wait for: it is given up when the last of them has left, not when the first does. */
function shared<T>(fetch: (signal: AbortSignal) => Promise<T>) {
  const asking = new AbortController()
  const value = fetch(asking.signal)
  let waiting = 0
  return {
    value,
    async wait(signal: AbortSignal): Promise<T> {
      waiting += 1
      try {
        return await orAborted(value, signal)
      } finally {
        waiting -= 1
        if (waiting === 0 && signal.aborted) asking.abort(abortReason(signal))
      }
    },
  }
}

/**
 * What `fetch` gives, kept for so many ms since it was asked for: whoever asks meanwhile shares it. One that fails is not
 * kept.
 */
export function createRecent<T>(lastsMs: number, fetch: (signal: AbortSignal) => Promise<T>): Recent<T> {
  let kept: { at: number; one: ReturnType<typeof shared<T>> } | null = null
  const fresh = () => (kept && performance.now() - kept.at < lastsMs ? kept.one : null)
  const ask = () => {
    const entry = { at: performance.now(), one: shared(fetch) }
    kept = entry
    entry.one.value.catch(() => {
      if (kept === entry) kept = null
    })
    return entry.one
  }
  return Object.assign((signal: AbortSignal) => (fresh() ?? ask()).wait(signal), {
    anew: (signal: AbortSignal) => ask().wait(signal),
    isKept: () => fresh() !== null,
  })
}
