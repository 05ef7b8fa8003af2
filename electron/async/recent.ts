/**
 * What `fetch` gives, kept for so many ms since it was asked for: whoever asks meanwhile shares it, under the signal of
 * the first. One that fails is not kept.
 */
export function createRecent<T>(
  lastsMs: number,
  fetch: (signal: AbortSignal) => Promise<T>,
): (signal: AbortSignal) => Promise<T> {
  let kept: { at: number; value: Promise<T> } | null = null
  return (signal) => {
    if (kept && performance.now() - kept.at < lastsMs) return kept.value
    const entry = { at: performance.now(), value: fetch(signal) }
    kept = entry
    entry.value.catch(() => {
      if (kept === entry) kept = null
    })
    return entry.value
  }
}
