import type { ReachSlot } from '../../../../shared/contract'

const slotMs = 15 * 60_000

export type SlotState = 'answered' | 'failed' | 'unwatched'

/** What a quarter of an hour was: one failed check makes it a failure only where none was answered. */
export const slotState = ({ answered, failed }: ReachSlot): SlotState =>
  answered > 0 ? 'answered' : failed > 0 ? 'failed' : 'unwatched'

/** How long a service answered, did not, and was not watched, in ms; a quarter with both counts by its checks. */
export function sumsOf(slots: readonly ReachSlot[]): Record<SlotState, number> {
  const sums = { answered: 0, failed: 0, unwatched: 0 }
  for (const { answered, failed } of slots) {
    const checks = answered + failed
    if (checks === 0) sums.unwatched += slotMs
    else {
      sums.answered += (answered / checks) * slotMs
      sums.failed += (failed / checks) * slotMs
    }
  }
  return sums
}
