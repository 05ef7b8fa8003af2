import type { Gpu, GpuHolder, GpuReport } from '../../shared/contract'
import type { Reason } from '../../shared/problems'
import { usualBusId, type GpuRow } from './parse-gpus'
import type { ComputeProcess } from './parse-processes'
import type { Fault, SamplingEvents } from './sampling'

interface SeenOptions {
  /** The service that a process belongs to. */
  pidToService: (pid: number) => string | null
  /** Who holds each card's memory, by the cards' uuids; left out where nobody reckons it. */
  holders?: ((gpus: readonly Gpu[]) => ReadonlyMap<string, GpuHolder[]>) | undefined
  onReport: (report: GpuReport) => void
}

/** What a row says of its card comes first; else what a message said of the card at this place of the bus. */
function warningOf(row: GpuRow, told: Reason | null): Pick<GpuRow, 'warning'> {
  const place = String(told?.params['gpu'] ?? '')
  if (row.warning !== undefined || told === null || row.busId === null) return {}
  return usualBusId(place) === row.busId ? { warning: told } : {}
}

function holdersIn(holders: ReadonlyMap<string, GpuHolder[]> | undefined, uuid: string): Pick<Gpu, 'holders'> {
  const found = holders?.get(uuid)
  return found === undefined ? {} : { holders: found }
}

/** What was seen of the GPUs: every sample, fault and list of processes makes a report. */
export class Seen implements SamplingEvents {
  readonly #options: SeenOptions
  #last: GpuReport = { state: 'starting', sampledAt: null, gpus: [] }
  #rows: GpuRow[] = []
  #processes: ComputeProcess[] = []
  #areProcessesKnown = false
  #warning: Reason | null = null

  constructor(options: SeenOptions) {
    this.#options = options
  }

  /** The last report, however long ago. */
  get last(): GpuReport {
    return this.#last
  }

  get areProcessesKnown(): boolean {
    return this.#areProcessesKnown
  }

  onSample(sample: GpuRow[]) {
    // More rows than before: a GPU that was lost is back.
    if (this.#rows.length > 0 && sample.length > this.#rows.length) this.#warning = null
    this.#rows = sample
    this.#tellSample(Date.now())
  }

  onWarning(warning: Reason) {
    this.#warning = warning
  }

  onFault({ state, reason }: Fault) {
    if (state !== 'stale') this.#rows = []
    const gpus = state === 'stale' ? this.#last.gpus : []
    this.#tell({ state, sampledAt: this.#last.sampledAt, gpus, reason })
  }

  /** Takes what runs on the GPUs; `null` where it could not be asked. */
  takeProcesses(found: ComputeProcess[] | null) {
    this.#areProcessesKnown = true
    if (!found) return
    this.#processes = found
    if (this.#last.state === 'live') this.#tellSample(this.#last.sampledAt ?? Date.now())
  }

  /** Sampling begins: what was warned of before may be over. */
  begin() {
    this.#warning = null
    this.#areProcessesKnown = false
  }

  /** Forgets everything. */
  forget() {
    this.#rows = []
    this.#processes = []
    this.#tell({ state: 'starting', sampledAt: null, gpus: [] })
  }

  #tell(report: GpuReport) {
    this.#last = report
    this.#options.onReport(report)
  }

  #tellSample(sampledAt: number) {
    const warning = this.#warning
    const gpus = this.#rows.map((row) => ({
      ...row,
      ...warningOf(row, warning),
      processes: this.#processesOn(row.uuid),
    }))
    const holders = this.#areProcessesKnown ? this.#options.holders?.(gpus) : undefined
    const held = gpus.map((gpu) => ({ ...gpu, ...holdersIn(holders, gpu.uuid) }))
    this.#tell({ state: 'live', sampledAt, gpus: held, ...(warning ? { reason: warning } : {}) })
  }

  #processesOn(uuid: string): GpuReport['gpus'][number]['processes'] {
    return this.#processes
      .filter(({ gpuUuid }) => gpuUuid === uuid)
      .map(({ pid, name, memoryMiB }) => ({ pid, name, memoryMiB, serviceId: this.#options.pidToService(pid) }))
  }
}
