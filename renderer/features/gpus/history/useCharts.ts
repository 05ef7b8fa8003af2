import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { GpuHistory } from '../../../../shared/contract'
import { formatClock, formatDay, formatInteger, formatTenths } from '../../../i18n/format'
import type { Reading } from './view'

const dayMs = 86_400_000

/** The next round number above what is to be shown, so that a line never leaves its chart. */
const above = (values: readonly (number | null)[], least: number, step: number) =>
  Math.ceil(values.reduce<number>((most, value) => Math.max(most, value ?? 0), Math.max(least, step)) / step) * step

const whole = (unit: string) => (value: number) => `${formatInteger(value)} ${unit}`

/**
 * The four charts of a card, and what each says in its head of the point under the crosshair. They stay the same objects while
 * the history does, so that a crosshair that moves draws none of them anew. `axisWidth`: room for the values before each, in px.
 */
export function useCharts(history: GpuHistory, axisWidth: number) {
  const { t } = useTranslation('cardHistory')
  return useMemo(() => {
    const { load, memory, temperature, power, memoryTotalMiB, powerLimitW, from, to } = history
    const gib = memory.high.map((value) => (value === null ? null : value / 1024))
    const sayGib = (value: number) => t('gib', { n: formatInteger(value) })
    const times = to - from > 2 * dayMs ? formatDay : formatClock
    /** Only the last chart says the time: they stand below each other. */
    const axes = (format: (value: number) => string, isLast = false) => ({
      ...{ width: axisWidth, format, times: isLast ? times : () => '' },
    })
    return [
      {
        id: 'load',
        ...{ band: load, max: 100, limit: undefined, axes: axes(whole('%')) },
        lines: [{ values: load.mean, token: '--data-1' }],
        head: ({ load: value }: Reading) => (value === null ? null : whole('%')(value)),
      },
      {
        id: 'memory',
        ...{ band: undefined, limit: undefined, axes: axes(sayGib) },
        lines: [{ values: gib, token: '--data-1' }],
        max: above(gib, (memoryTotalMiB ?? 0) / 1024, 2),
        head: ({ memoryMiB }: Reading) => (memoryMiB === null ? null : t('gib', { n: formatTenths(memoryMiB / 1024) })),
      },
      {
        id: 'temperature',
        ...{ band: undefined, max: 100, limit: undefined, axes: axes(whole('°C')) },
        lines: [{ values: temperature.high, token: '--data-2' }],
        head: ({ temperatureC }: Reading) => (temperatureC === null ? null : whole('°C')(temperatureC)),
      },
      {
        id: 'power',
        ...{ band: power, limit: powerLimitW ?? undefined, axes: axes(whole('W'), true) },
        lines: [{ values: power.mean, token: '--data-2' }],
        max: above(power.high, powerLimitW ?? 0, 50),
        head: ({ powerW }: Reading) => (powerW === null ? null : whole('W')(powerW)),
      },
    ] as const
  }, [history, axisWidth, t])
}
