import type { GpuReport } from '../../../shared/contract'

/** What is kept and drawn: two minutes. */
const historyMs = 120_000

/** A longer silence than this between two samples is a gap in the line. */
const gapMs = 2500

export interface GpuSample {
  at: number
  utilizationPct: number | null
  memoryUsedMiB: number | null
  temperatureC: number | null
  powerW: number | null
}

export interface GpuFeed {
  report: GpuReport | null
  /** By uuid, oldest first; a sample of nulls stands for a gap. */
  history: ReadonlyMap<string, readonly GpuSample[]>
  error: unknown
}

/** What all charts of a card share: its last two minutes, up to its last sample. */
export const chartOf = (history: readonly GpuSample[]) => ({
  times: history.map(({ at }) => at),
  spanMs: historyMs,
  end: history.at(-1)?.at ?? 0,
})

const unknown = (at: number): GpuSample => ({
  at,
  utilizationPct: null,
  memoryUsedMiB: null,
  temperatureC: null,
  powerW: null,
})

/** Adds a report's samples, drops what is older than two minutes, and leaves a gap where none came for long. */
export function addSamples(history: GpuFeed['history'], report: GpuReport): GpuFeed['history'] {
  const at = report.sampledAt
  if (at === null || report.state !== 'live') return history
  const next = new Map<string, readonly GpuSample[]>()
  for (const gpu of report.gpus) {
    const before = (history.get(gpu.uuid) ?? []).filter((sample) => at - sample.at <= historyMs && sample.at < at)
    const last = before.at(-1)
    const gap = last !== undefined && at - last.at > gapMs ? [unknown(last.at + 1)] : []
    const { utilizationPct, memoryUsedMiB, temperatureC, powerW } = gpu
    next.set(gpu.uuid, [...before, ...gap, { at, utilizationPct, memoryUsedMiB, temperatureC, powerW }])
  }
  return next
}
