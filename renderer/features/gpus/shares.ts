import type { Gpu, GpuReport } from '../../../shared/contract'

/** One holder of a GPU's memory. Series differ by pattern as well as by colour. */
export interface Share {
  /** A service's id; null for memory that no service was matched to. */
  serviceId: string | null
  mib: number
  series: '1' | '2' | 'rest'
  pids: number[]
}

export interface Attribution {
  shares: Share[]
  /** null when the driver does not tell the total or the use. */
  freeMiB: number | null
  /** True when the driver does not tell how much each process holds (Windows, WSL2). */
  perProcessUnknown: boolean
}

/** Who holds the memory: services first, largest first, then all that could not be matched. */
export function attribute(gpu: Gpu): Attribution {
  const used = gpu.memoryUsedMiB
  const byService = new Map<string, { mib: number; pids: number[] }>()
  for (const { serviceId, memoryMiB, pid } of gpu.processes) {
    if (serviceId === null || memoryMiB === null) continue
    const held = byService.get(serviceId) ?? { mib: 0, pids: [] }
    byService.set(serviceId, { mib: held.mib + memoryMiB, pids: [...held.pids, pid] })
  }
  const services = [...byService]
    .map(([serviceId, held]) => ({ serviceId, ...held }))
    .sort((a, b) => b.mib - a.mib)
    .map((held, rank): Share => ({ ...held, series: rank === 0 ? '1' : '2' }))
  const rest = (used ?? 0) - services.reduce((sum, { mib }) => sum + mib, 0)
  const other: Share[] = rest > 0 ? [{ serviceId: null, mib: rest, series: 'rest', pids: [] }] : []
  return {
    shares: [...services, ...other],
    freeMiB: used === null || gpu.memoryTotalMiB === null ? null : Math.max(0, gpu.memoryTotalMiB - used),
    perProcessUnknown: gpu.processes.some(({ memoryMiB }) => memoryMiB === null),
  }
}

/** The memory that a service's programs hold on all cards, in MiB; null where none is known to be held. */
export function heldBy(report: GpuReport | null, serviceId: string): number | null {
  const held = (report?.gpus ?? [])
    .flatMap(({ processes }) => processes)
    .flatMap((process) => (process.serviceId === serviceId && process.memoryMiB !== null ? [process.memoryMiB] : []))
  return held.length === 0 ? null : held.reduce((sum, mib) => sum + mib, 0)
}
