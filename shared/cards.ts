import type { Gpu } from './contract/gpus'

/** From here on a card's temperature is shown as a warning, in °C: its driver begins to lower the clock soon after. */
export const cardWarmC = 88

/** At this temperature a card needs attention, in °C. */
export const cardHotC = 93

/** A card of whose memory so much is in use, in per cent, has none left for another model. */
export const cardFullPct = 98

/** A card's name without its maker's: `RTX 4090`. */
export const cardName = (name: string): string => name.replace(/^NVIDIA (GeForce )?/, '')

/**
 * How much of the memory in use has a name, on all these cards together, in MiB. Cards of which that is not told, or was not
 * reckoned yet, are left out of both.
 */
export function namedMemory(cards: readonly Pick<Gpu, 'memoryUsedMiB' | 'holders'>[]): {
  usedMiB: number
  namedMiB: number
} {
  let usedMiB = 0
  let namedMiB = 0
  for (const { memoryUsedMiB: used, holders } of cards) {
    if (used === null || holders === undefined) continue
    const named = holders.filter(({ kind }) => kind !== 'rest').reduce((sum, { mib }) => sum + mib, 0)
    usedMiB += used
    // Processes are asked a moment after their card.
    namedMiB += Math.min(used, named)
  }
  return { usedMiB, namedMiB }
}
