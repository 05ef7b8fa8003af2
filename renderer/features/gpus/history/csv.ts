import type { GpuHistory } from '../../../../shared/contract'
import { csvText, type CsvCell } from '../../../../shared/csv'

/** What the charts show as a table: a row a point, times as ISO 8601 in UTC; the columns are those of the API. */
export function csvOf(history: GpuHistory): string {
  const { times, load, memory, temperature, power, clock, fan } = history
  const head: CsvCell[] = [
    ...['time', 'load_mean_pct', 'load_max_pct', 'memory_max_mib', 'temperature_max_c'],
    ...['power_mean_w', 'power_max_w', 'clock_mean_mhz', 'fan_max_pct'],
  ]
  const columns = [load.mean, load.high, memory.high, temperature.high, power.mean, power.high, clock.mean, fan.high]
  return csvText([
    head,
    ...times.map((at, point) => [new Date(at).toISOString(), ...columns.map((values) => values[point] ?? null)]),
  ])
}
