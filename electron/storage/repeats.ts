/** A message is let through so many times in a period. */
const perPeriod = 10
const periodMs = 60_000

/** Never more keys than this are remembered; beyond it the oldest is forgotten, with its count. */
const rememberedKeys = 500

export interface Repeat {
  /** Whether this one is to be told. */
  told: boolean
  /** How many like it were held back since the last one that was told; only with one that is. */
  heldBack: number
}

/** Lets each message through a few times a minute, and counts the rest. */
export function createRepeats(now: () => number = Date.now): { see(key: string): Repeat } {
  const seen = new Map<string, { since: number; count: number; heldBack: number }>()
  return {
    see(key) {
      const at = now()
      const known = seen.get(key)
      if (!known || at - known.since >= periodMs) {
        const heldBack = known?.heldBack ?? 0
        seen.delete(key)
        const [oldest] = seen.keys()
        if (seen.size >= rememberedKeys && oldest !== undefined) seen.delete(oldest)
        seen.set(key, { since: at, count: 1, heldBack: 0 })
        return { told: true, heldBack }
      }
      known.count += 1
      if (known.count <= perPeriod) return { told: true, heldBack: 0 }
      known.heldBack += 1
      return { told: false, heldBack: 0 }
    },
  }
}
