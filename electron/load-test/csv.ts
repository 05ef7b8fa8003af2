import type { LoadTestQuantile, LoadTestReport } from '../../shared/contract'
import { csvText, type CsvCell } from '../../shared/csv'

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000)

/** The columns, which every line has: what is empty does not apply to it. */
const columns = ['part', 'name', 'at_s', 'total_s', 'queue_s', 'gpu_s', 'value', 'cause']

const figure = (name: string, value: CsvCell): CsvCell[] => ['figure', name, null, null, null, null, value, null]

const quantile = (name: string, of: LoadTestQuantile | null): CsvCell[] => [
  ...['figure', name, null],
  ...[seconds(of?.ms ?? null), seconds(of?.queueMs ?? null), seconds(of?.gpuMs ?? null), null, null],
]

/** A report for a spreadsheet: its figures, its errors by kind, and each image, a line each. */
export function csvOfReport({ id, serviceId, state, order, made, figures, images }: LoadTestReport): string {
  const { p50, p90, p95, p99, worst } = figures
  return csvText([
    columns,
    ...[figure('test', id), figure('service', serviceId), figure('state', state)],
    ...[figure('images', order.count), figure('concurrency', order.concurrency), figure('limit_s', order.limitS)],
    ...[figure('width', made?.width ?? null), figure('height', made?.height ?? null)],
    ...[figure('steps', made?.steps ?? null), figure('prompt', made?.prompt ?? null)],
    ...[figure('done', figures.done), figure('errors', figures.errors)],
    figure('elapsed_s', seconds(figures.elapsedMs)),
    figure('images_per_minute', figures.perMinute),
    ...Object.entries({ p50, p90, p95, p99, worst }).map(([name, of]) => quantile(name, of)),
    ...[figure('waiting_most', figures.waitingMost), figure('waiting_mean', figures.waitingMean)],
    ...[figure('vram_peak_mib', figures.vramMiB), figure('vram_total_mib', figures.vramTotalMiB)],
    ...figures.errorsBy.map(({ kind, count, firstMs, reason }): CsvCell[] => [
      ...['error', kind, seconds(firstMs), null, null, null, count, reason.message],
    ]),
    ...images.map(({ n, startedMs, tookMs, queueMs, error }): CsvCell[] => [
      ...['image', n, seconds(startedMs), seconds(tookMs), seconds(queueMs)],
      ...[queueMs === null ? null : seconds(Math.max(0, tookMs - queueMs))],
      ...[error?.kind ?? 'done', error?.message ?? null],
    ]),
  ])
}
