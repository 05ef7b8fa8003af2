/** Over so much time a rate is told, in ms: long enough for a slow piece, short enough to follow a change. */
const windowMs = 20_000

/** Bytes a second over the last moments, from parts as they are done. */
export function createRate(now: () => number = () => performance.now()) {
  const parts: { at: number; bytes: number }[] = [{ at: now(), bytes: 0 }]
  return {
    /** Adds a part that is done just now; null before any time has passed. */
    add(bytes: number): number | null {
      const at = now()
      parts.push({ at, bytes })
      while (parts.length > 2 && at - (parts[1]?.at ?? at) > windowMs) parts.shift()
      const begun = parts[0]?.at ?? at
      const total = parts.slice(1).reduce((sum, part) => sum + part.bytes, 0)
      return at > begun ? Math.round((total * 1000) / (at - begun)) : null
    },
  }
}
