import type { Gpu, GpuReport } from '../../shared/contract'

/** What a service was seen to hold of its card at most, in MiB. */
export interface HeldAtMost {
  mib: number | null
  totalMiB: number | null
}

/**
 * What a service holds of a card by one report: what is used there less what others' processes hold, for those are told
 * rarely and the sum each second. Where its own process is not to be seen there it is not known.
 */
export function heldOn(gpu: Gpu, serviceId: string): number | null {
  const own = gpu.processes.filter((process) => process.serviceId === serviceId)
  if (own.length === 0 || gpu.memoryUsedMiB === null) return null
  let others = 0
  for (const { serviceId: of, memoryMiB } of gpu.processes) {
    if (of === serviceId) continue
    if (memoryMiB === null) return null
    others += memoryMiB
  }
  return Math.max(0, gpu.memoryUsedMiB - others)
}

/** Follows what a service holds until the signal aborts; `held` tells the most until then. */
export function watchVram(
  reports: (signal: AbortSignal) => AsyncGenerator<GpuReport, void, undefined>,
  serviceId: string,
  {
    signal,
    reportBug,
    onSample,
  }: {
    signal: AbortSignal
    reportBug: (error: unknown) => void
    onSample?: (mib: number, totalMiB: number | null) => void
  },
): { held: () => HeldAtMost } {
  let most: HeldAtMost = { mib: null, totalMiB: null }
  const follow = async () => {
    for await (const report of reports(signal)) {
      if (report.state !== 'live') continue
      const found = report.gpus.flatMap((gpu) => {
        const mib = heldOn(gpu, serviceId)
        return mib === null ? [] : [{ mib, totalMiB: gpu.memoryTotalMiB }]
      })
      const [first] = found
      if (!first) continue
      const mib = found.reduce((sum, one) => sum + one.mib, 0)
      onSample?.(mib, first.totalMiB)
      if (mib > (most.mib ?? -1)) most = { mib, totalMiB: found.length === 1 ? first.totalMiB : null }
    }
  }
  follow().catch(reportBug)
  return { held: () => most }
}
