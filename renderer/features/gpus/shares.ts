import type { Gpu, GpuHolder, GpuReport } from '../../../shared/contract'

/** One holder of a GPU's memory. Series differ by pattern as well as by colour. */
export interface Share {
  /** A service's id; null for memory that no service was matched to. */
  serviceId: string | null
  mib: number
  series: '1' | '2' | 'rest'
  pids: number[]
  /** Who holds it and how that is known; left out until it was reckoned. */
  holder?: GpuHolder
}

export interface Attribution {
  shares: Share[]
  /** null when the driver does not tell the total or the use. */
  freeMiB: number | null
  /** True when the driver does not tell how much each process holds (Windows, WSL2). */
  perProcessUnknown: boolean
}

/** So many programs of others are shown by name; smaller ones go into the rest. */
const mostOthers = 4

/** The holders as the panel reckons them; many small programs become one. */
function ofHolders(holders: readonly GpuHolder[]): Share[] {
  const services = holders.filter(({ kind }) => kind === 'service')
  const others = holders.filter(({ kind }) => kind !== 'service' && kind !== 'rest')
  const shown = others.slice(0, mostOthers)
  const folded = others.slice(mostOthers)
  const rest = holders.find(({ kind }) => kind === 'rest')
  const mib = (rest?.mib ?? 0) + folded.reduce((sum, one) => sum + one.mib, 0)
  const last: GpuHolder[] =
    mib > 0
      ? [
          {
            ...{ kind: 'rest', id: '', mib, contextMiB: null, from: 'rest', pids: folded.flatMap(({ pids }) => pids) },
            names: [...folded.map(({ id }) => id), ...(rest?.names ?? [])],
          },
        ]
      : []
  return [...services, ...shown, ...last].map((holder, rank): Share => {
    const isService = holder.kind === 'service'
    return {
      ...{ serviceId: isService ? holder.id : null, mib: holder.mib, pids: holder.pids, holder },
      series: isService ? (rank === 0 ? '1' : '2') : 'rest',
    }
  })
}

/** The same from the processes alone, until the panel has reckoned it. */
function ofProcesses({ processes, memoryUsedMiB }: Gpu): Share[] {
  const byService = new Map<string, { mib: number; pids: number[] }>()
  for (const { serviceId, memoryMiB, pid } of processes) {
    if (serviceId === null || memoryMiB === null) continue
    const held = byService.get(serviceId) ?? { mib: 0, pids: [] }
    byService.set(serviceId, { mib: held.mib + memoryMiB, pids: [...held.pids, pid] })
  }
  const services = [...byService]
    .map(([serviceId, held]) => ({ serviceId, ...held }))
    .sort((a, b) => b.mib - a.mib)
    .map((held, rank): Share => ({ ...held, series: rank === 0 ? '1' : '2' }))
  const rest = (memoryUsedMiB ?? 0) - services.reduce((sum, { mib }) => sum + mib, 0)
  return [...services, ...(rest > 0 ? [{ serviceId: null, mib: rest, series: 'rest' as const, pids: [] }] : [])]
}

/** Who holds the memory: services first, largest first, then all others. */
export function attribute(gpu: Gpu): Attribution {
  const { memoryUsedMiB: used, memoryTotalMiB: total, processes, holders } = gpu
  return {
    shares: holders ? ofHolders(holders) : ofProcesses(gpu),
    freeMiB: used === null || total === null ? null : Math.max(0, total - used),
    perProcessUnknown: processes.some(({ memoryMiB }) => memoryMiB === null),
  }
}

/** The memory that a service holds on all cards, in MiB; null where none is known to be held. */
export function heldBy(report: GpuReport | null, serviceId: string): number | null {
  const held = (report?.gpus ?? []).flatMap((gpu) =>
    attribute(gpu).shares.filter((share) => share.serviceId === serviceId),
  )
  return held.length === 0 ? null : held.reduce((sum, { mib }) => sum + mib, 0)
}
