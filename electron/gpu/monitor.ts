import type { GpuReport } from '../../shared/contract'
import { createSerial } from '../async/serial'
import { createWake } from '../async/wake'
import { within } from '../async/within'
import { readMachine, type Machine } from '../system/machine'
import { pause } from '../async/pause'
import { locateNvidiaSmi, type NamedPrograms } from './find-nvidia-smi'
import { createSampler, type SamplingTiming } from './sampling'
import { createSeen } from './seen'
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
  /** Programs that are named in place of nvidia-smi, asked before each start; else it is looked for. */
  named?: () => NamedPrograms
  machine?: Machine
  /** The service that a process belongs to. */
  pidToService?: (pid: number) => string | null
  /** Told of every report. */
  onReport?: (report: GpuReport) => void
  timing?: Partial<GpuTiming>
}

export type GpuMonitor = ReturnType<typeof createGpuMonitor>

/**
 * Watches the GPUs through one nvidia-smi child that streams a sample a second while somebody looks, and through none
 * while nobody does: that costs nothing, and lets a laptop's GPU sleep.
 */
export function createGpuMonitor(options: GpuMonitorOptions = {}) {
  const timing = { ...usual, ...options.timing }
  const machine = options.machine ?? readMachine()
  const locate = () => locateNvidiaSmi(options.named?.() ?? { setting: null, environment: null }, machine)

  let readers = 0
  let lingering: NodeJS.Timeout | undefined
  let sampling: AbortController | null = null
  const inTurn = createSerial()
  let isClosed = false
  /** The next report, or the end. */
  const changed = createWake()

  const seen = createSeen({
    pidToService: (pid) => options.pidToService?.(pid) ?? null,
    onReport(report) {
      options.onReport?.(report)
      changed.wake()
    },
  })
  const sampleUntil = createSampler({ locate, timing, machine, events: seen.events })

  async function followProcesses(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const located = seen.last().state === 'live' ? await locate() : null
      if (located === null || 'reason' in located) {
        await changed.next(signal)
        continue
      }
      seen.takeProcesses(await askProcesses(located.program, signal))
      await pause(timing.processesMs, signal)
    }
  }

  function begin() {
    const stop = new AbortController()
    sampling = stop
    seen.begin()
    // A child that hangs in the driver is waited for, however long that takes: never a second one.
    void inTurn(() => Promise.all([sampleUntil(stop.signal), followProcesses(stop.signal)]))
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

  const isFresh = ({ state, sampledAt }: GpuReport) =>
    state === 'live' && Date.now() - (sampledAt ?? 0) < 2 * intervalMs

  return {
    /** The state of the GPUs now: waits for a fresh sample if there is none, by default no longer than 3 s. */
    async report(patienceMs = timing.patienceMs): Promise<GpuReport> {
      const known = seen.last()
      if (isFresh(known)) return known
      const isNew = sampling === null
      const late = performance.now() + patienceMs
      const left = () => late - performance.now()
      arrive()
      try {
        // Known trouble is told at once; it is looked at again in the background.
        if (isNew || known.state === 'live' || known.state === 'starting') await changed.next(undefined, patienceMs)
        while (seen.last().state === 'live' && !seen.areProcessesKnown() && left() > 0)
          await changed.next(undefined, left())
        return seen.last()
      } finally {
        leave()
      }
    },

    /** Forgets what was seen and begins anew: another program is named. The former child is waited for. */
    restart() {
      sampling?.abort()
      sampling = null
      seen.forget()
      if (readers > 0 && !isClosed) begin()
    },

    /** What was seen last, however long ago. */
    last: (): GpuReport => seen.last(),

    /** Every new report, the last one first. A slow reader gets the newest, not all. Ends with the signal. */
    async *watch(signal?: AbortSignal): AsyncGenerator<GpuReport, void, undefined> {
      arrive()
      let sent: GpuReport | null = null
      try {
        while (!signal?.aborted && !isClosed) {
          const report = seen.last()
          if (report === sent) await changed.next(signal)
          else {
            sent = report
            yield report
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
      changed.wake()
      await within(timing.patienceMs, inTurn.settled())
    },
  }
}
