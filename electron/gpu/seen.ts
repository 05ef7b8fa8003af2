import type { GpuReport } from '../../shared/contract'
import type { Reason } from '../../shared/problems'
import { usualBusId, type GpuRow } from './parse-gpus'
import type { ComputeProcess } from './parse-processes'
import type { SamplingEvents } from './sampling'

interface SeenOptions {
  /** The service that a process belongs to. */
  pidToService: (pid: number) => string | null
  onReport: (report: GpuReport) => void
}

export type Seen = ReturnType<typeof createSeen>

/** What a row says of its card comes first; else what a message said of the card at this place of the bus. */
function warningOf(row: GpuRow, told: Reason | null): Pick<GpuRow, 'warning'> {
  const place = String(told?.params['gpu'] ?? '')
  if (row.warning !== undefined || told === null || row.busId === null) return {}
  return usualBusId(place) === row.busId ? { warning: told } : {}
}

/** What was seen of the GPUs: every sample, fault and list of processes makes a report. */
export function createSeen({ pidToService, onReport }: SeenOptions) {
  let last: GpuReport = { state: 'starting', sampledAt: null, gpus: [] }
  let rows: GpuRow[] = []
  let processes: ComputeProcess[] = []
  let areProcessesKnown = false
  let warning: Reason | null = null

  const tell = (report: GpuReport) => {
    last = report
    onReport(report)
  }

  const processesOn = (uuid: string) =>
    processes
      .filter(({ gpuUuid }) => gpuUuid === uuid)
      .map(({ pid, name, memoryMiB }) => ({ pid, name, memoryMiB, serviceId: pidToService(pid) }))

  const tellSample = (sampledAt: number) => {
    const gpus = rows.map((row) => ({ ...row, ...warningOf(row, warning), processes: processesOn(row.uuid) }))
    tell({ state: 'live', sampledAt, gpus, ...(warning ? { reason: warning } : {}) })
  }

  const events: SamplingEvents = {
    onSample: (sample) => {
      // More rows than before: a GPU that was lost is back.
      if (rows.length > 0 && sample.length > rows.length) warning = null
      rows = sample
      tellSample(Date.now())
    },
    onWarning: (found) => {
      warning = found
    },
    onFault: ({ state, reason }) => {
      if (state !== 'stale') rows = []
      const gpus = state === 'stale' ? last.gpus : []
      tell({ state, sampledAt: last.sampledAt, gpus, reason })
    },
  }

  return {
    /** The last report, however long ago. */
    last: (): GpuReport => last,
    events,
    areProcessesKnown: () => areProcessesKnown,

    /** Takes what runs on the GPUs; `null` where it could not be asked. */
    takeProcesses(found: ComputeProcess[] | null): void {
      areProcessesKnown = true
      if (!found) return
      processes = found
      if (last.state === 'live') tellSample(last.sampledAt ?? Date.now())
    },

    /** Sampling begins: what was warned of before may be over. */
    begin(): void {
      warning = null
      areProcessesKnown = false
    },

    /** Forgets everything. */
    forget(): void {
      rows = []
      processes = []
      tell({ state: 'starting', sampledAt: null, gpus: [] })
    },
  }
}
