import type { GpuReport } from '../../shared/contract'
import type { Reason } from '../../shared/problems'
import { findNvidiaSmi } from './find-nvidia-smi'
import type { GpuRow } from './parse-gpus'
import type { ComputeProcess } from './parse-processes'
import { pause } from './pause'
import { createSampler, type SamplingTiming } from './sampling'
import { askProcesses, intervalMs } from './smi'

/** All in ms. */
export interface GpuTiming extends SamplingTiming {
  /** How long sampling goes on after the last reader has gone. */
  lingerMs: number
  /** Between two questions for processes. */
  processesMs: number
  /** How long `report` waits for a fresh sample. */
  patienceMs: number
}

const usual: GpuTiming = {
  silentMs: Math.max(5_000, 5 * intervalMs),
  firstRowMs: 15_000,
  backoffMs: { first: 1_000, longest: 60_000 },
  absentMs: 60_000,
  singleMs: 2_000,
  lingerMs: 10_000,
  processesMs: 5_000,
  patienceMs: 3_000,
}

export interface GpuMonitorOptions {
  /** Path of nvidia-smi; looked for in PATH and where drivers put it when left out. */
  program?: string
  /** The service that a process belongs to. */
  pidToService?: (pid: number) => string | null
  /** Told of every report. */
  onReport?: (report: GpuReport) => void
  timing?: Partial<GpuTiming>
}

/** Never aborts. */
const never = new AbortController().signal

export type GpuMonitor = ReturnType<typeof createGpuMonitor>

/**
 * Watches the GPUs through one nvidia-smi child that streams a sample a second while somebody looks, and through none
 * while nobody does: that costs nothing, and lets a laptop's GPU sleep.
 */
export function createGpuMonitor(options: GpuMonitorOptions = {}) {
  const timing = { ...usual, ...options.timing }
  const locate = () => (options.program === undefined ? findNvidiaSmi() : Promise.resolve(options.program))

  let last: GpuReport = { state: 'starting', sampledAt: null, gpus: [] }
  let rows: GpuRow[] = []
  let processes: ComputeProcess[] = []
  let areProcessesKnown = false
  let warning: Reason | null = null

  let readers = 0
  let lingering: NodeJS.Timeout | undefined
  let sampling: AbortController | null = null
  let ended: Promise<unknown> = Promise.resolve()
  let isClosed = false
  /** Wakes those who wait for the next report. */
  const waiting = new Set<() => void>()

  const tell = (report: GpuReport) => {
    last = report
    options.onReport?.(report)
    for (const wake of waiting) wake()
  }

  const tellSample = (sampledAt: number) => {
    const gpus = rows.map((row) => ({
      ...row,
      processes: processes
        .filter(({ gpuUuid }) => gpuUuid === row.uuid)
        .map(({ pid, name, memoryMiB }) => ({ pid, name, memoryMiB, serviceId: options.pidToService?.(pid) ?? null })),
    }))
    tell({ state: 'live', sampledAt, gpus, ...(warning ? { reason: warning } : {}) })
  }

  const sampleUntil = createSampler(locate, timing, {
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
  })

  /** Resolves with the next report, after some ms, or when the signal aborts. */
  async function nextReport(signal: AbortSignal, ms = Infinity): Promise<void> {
    const woken = new AbortController()
    const wake = () => woken.abort()
    waiting.add(wake)
    try {
      const either = AbortSignal.any([signal, woken.signal])
      // Longer than any timer can be set: wait for the signal alone.
      await pause(Math.min(ms, 2 ** 31 - 1), either)
    } finally {
      waiting.delete(wake)
    }
  }

  async function followProcesses(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const program = last.state === 'live' ? await locate() : null
      if (program === null) {
        await nextReport(signal)
        continue
      }
      const found = await askProcesses(program, signal)
      areProcessesKnown = true
      if (found) {
        processes = found
        if (last.state === 'live') tellSample(last.sampledAt ?? Date.now())
      }
      await pause(timing.processesMs, signal)
    }
  }

  function begin() {
    const stop = new AbortController()
    sampling = stop
    warning = null
    areProcessesKnown = false
    // A child that hangs in the driver is waited for, however long that takes: never a second one.
    ended = ended.then(() => Promise.all([sampleUntil(stop.signal), followProcesses(stop.signal)]))
  }

  function arrive() {
    readers++
    clearTimeout(lingering)
    if (!sampling && !isClosed) begin()
  }

  function end() {
    clearTimeout(lingering)
    sampling?.abort()
    sampling = null
  }

  function leave() {
    readers--
    if (readers > 0 || isClosed) return
    lingering = setTimeout(end, timing.lingerMs)
    lingering.unref()
  }

  const isFresh = () => last.state === 'live' && Date.now() - (last.sampledAt ?? 0) < 2 * intervalMs

  return {
    /** The state of the GPUs now: waits for a fresh sample if there is none, but no longer than 3 s. */
    async report(): Promise<GpuReport> {
      if (isFresh()) return last
      const isNew = sampling === null
      arrive()
      try {
        // Known trouble is told at once; it is looked at again in the background.
        if (isNew || last.state === 'live' || last.state === 'starting') await nextReport(never, timing.patienceMs)
        if (last.state === 'live' && !areProcessesKnown) await nextReport(never, intervalMs)
        return last
      } finally {
        leave()
      }
    },

    /** What was seen last, however long ago. */
    last: (): GpuReport => last,

    /** Every new report, the last one first. A slow reader gets the newest, not all. Ends with the signal. */
    async *watch(signal: AbortSignal = never): AsyncGenerator<GpuReport, void, undefined> {
      arrive()
      let sent: GpuReport | null = null
      try {
        while (!signal.aborted && !isClosed) {
          if (last === sent) await nextReport(signal)
          else {
            sent = last
            yield sent
          }
        }
      } finally {
        leave()
      }
    },

    /** How many read the stream now. */
    readers: () => readers,

    /** Ends the child and every stream. */
    async close(): Promise<void> {
      isClosed = true
      end()
      for (const wake of waiting) wake()
      await Promise.race([ended, pause(timing.patienceMs, never)])
    },
  }
}
