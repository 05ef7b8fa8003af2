/** The first start that somebody lets be stopped again costs nothing; then the waits are so long, in ms, twice as long each time. */
const waits = { firstMs: 15_000, longestMs: 600_000 }
/** So long after the last of them, in ms, none counts any more. */
const rememberedMs = 30 * 60_000

/** Starts that people asked for and then let be stopped: who does so again and again waits before the next, each for himself. */
export function createInVain(now: () => number) {
  const cancelled = new Map<string, { count: number; at: number }>()
  const nameOf = (serviceId: string, account: string) => JSON.stringify([serviceId, account])
  const tidy = () => {
    for (const [name, { at }] of cancelled) if (now() - at > rememberedMs) cancelled.delete(name)
  }

  return {
    /** A start was stopped because somebody no longer wanted it. */
    note(serviceId: string, account: string): void {
      tidy()
      const name = nameOf(serviceId, account)
      cancelled.set(name, { count: (cancelled.get(name)?.count ?? 0) + 1, at: now() })
    },
    /** When somebody may have a service started again (by the same clock); null: now. */
    againAt(serviceId: string, account: string): number | null {
      const found = cancelled.get(nameOf(serviceId, account))
      if (!found || found.count < 2 || now() - found.at > rememberedMs) return null
      const at = found.at + Math.min(waits.longestMs, waits.firstMs * 2 ** (found.count - 2))
      return now() < at ? at : null
    },
  }
}

export type InVain = ReturnType<typeof createInVain>
