import type { UsageLine } from '../../shared/contract'
import { csvText, type CsvCell } from '../../shared/csv'

/** The columns, in their order, and what stands in each; times in seconds, an empty cell where something is not known. */
const columns: readonly [name: string, of: (line: UsageLine) => CsvCell][] = [
  ['user', (line) => line.user],
  ['user_name', (line) => line.userName],
  ['key', (line) => line.key],
  ['key_name', (line) => line.keyName],
  ['key_limit_jobs_at_once', (line) => line.keyLimits?.concurrentJobs ?? null],
  ['key_limit_jobs_a_day', (line) => line.keyLimits?.jobsPerDay ?? null],
  ['key_limit_gpu_seconds_a_day', (line) => line.keyLimits?.gpuSecondsPerDay ?? null],
  ['day', (line) => line.day],
  ['service', (line) => line.service],
  ['machine', (line) => line.machine],
  ['requests', (line) => line.requests],
  ['jobs', (line) => line.jobs],
  ['failed', (line) => line.failed],
  ['images', (line) => line.images],
  ['gpu_seconds', (line) => line.gpuSeconds],
  ['unknown_jobs', (line) => line.unknownJobs],
  ['bytes_in', (line) => line.bytesIn],
  ['bytes_out', (line) => line.bytesOut],
  ['refused', (line) => line.refused],
]

/** For a spreadsheet. Columns that are empty all through are left out. */
export function csvOf(
  lines: readonly UsageLine[],
  { by, per }: { by: 'user' | 'key'; per: 'day' | 'service' },
): string {
  const isShown = (name: string) => name !== (per === 'day' ? 'service' : 'day') && (by === 'key' || !/^key/.test(name))
  const shown = columns.filter(([name]) => isShown(name))
  return csvText([shown.map(([name]) => name), ...lines.map((line) => shown.map(([, of]) => of(line)))])
}
