import { cardHotC } from '../../../shared/cards'
import type { Gpu } from '../../../shared/contract'

/** Whether a card has to be looked at: it tells a fault, or is hot. */
export const needsAttention = ({ warning, temperatureC }: Gpu): boolean =>
  warning !== undefined || (temperatureC ?? 0) >= cardHotC

/** The values that are known. */
const known = <T>(gpus: readonly Gpu[], pick: (gpu: Gpu) => T | null): T[] =>
  gpus.map(pick).filter((value): value is Exclude<T, null> => value !== null)

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)

/** What all cards come to together; null: none of them tells. What a single card does not tell is left out, never 0. */
export function fleetOf(gpus: readonly Gpu[]) {
  const loads = known(gpus, ({ utilizationPct }) => utilizationPct)
  const memories = known(gpus, ({ memoryUsedMiB: usedMiB, memoryTotalMiB: totalMiB }) =>
    usedMiB === null || totalMiB === null ? null : { usedMiB, totalMiB },
  )
  const powers = known(gpus, ({ powerW, powerLimitW }) => (powerW === null ? null : { powerW, powerLimitW }))
  const limits = powers.map(({ powerLimitW }) => powerLimitW).filter((limit) => limit !== null)
  const hottest = known(gpus, ({ index, temperatureC: celsius }) => (celsius === null ? null : { index, celsius }))
  const rooms = known(gpus, ({ index, memoryFreeMiB: freeMiB }) => (freeMiB === null ? null : { index, freeMiB }))
  return {
    load: loads.length === 0 ? null : { pct: sum(loads) / loads.length, of: loads.length },
    memory:
      memories.length === 0
        ? null
        : {
            usedMiB: sum(memories.map(({ usedMiB }) => usedMiB)),
            totalMiB: sum(memories.map(({ totalMiB }) => totalMiB)),
          },
    power:
      powers.length === 0
        ? null
        : {
            watts: sum(powers.map(({ powerW }) => powerW)),
            /** Null where one of them has none that is known. */
            limit: limits.length === powers.length ? sum(limits) : null,
          },
    hottest: hottest.toSorted((a, b) => b.celsius - a.celsius)[0] ?? null,
    roomiest: rooms.toSorted((a, b) => b.freeMiB - a.freeMiB)[0] ?? null,
  }
}
