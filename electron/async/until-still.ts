import { pause } from './pause'

interface Still {
  /** Measures anew; null where it cannot be measured. */
  look: () => Promise<number | null>
  /** Whether there is nothing more to wait for, whatever the last look has shown. */
  isEnough: () => boolean
  /** How long at most, and how often is looked, in ms. */
  withinMs: number
  everyMs: number
  signal: AbortSignal
}

/** Waits until what falls is low enough, or falls no more. Where it cannot be measured there is nothing to wait for. */
export async function untilStill({ look, isEnough, withinMs, everyMs, signal }: Still): Promise<void> {
  const began = performance.now()
  let before: number | null = null
  while (!signal.aborted) {
    const now = await look()
    if (now === null || isEnough()) return
    const tookMs = performance.now() - began
    const isStill = before !== null && now >= before && tookMs > withinMs / 4
    if (isStill || tookMs >= withinMs) return
    before = now
    await pause(everyMs, signal)
  }
}
