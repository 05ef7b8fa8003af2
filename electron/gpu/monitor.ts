import type { Gpu, GpuHolder, GpuReport } from '../../shared/contract'
import { createSerial } from '../async/serial'
import { createWake } from '../async/wake'
import { within } from '../async/within'
import { readMachine, type Machine } from '../system/machine'
import { pause } from '../async/pause'
import { locateNvidiaSmi, type Located, type NamedPrograms } from './find-nvidia-smi'
import { createSampler, type SamplingTiming } from './sampling'
import { Seen } from './seen'
import { askMemory, askProcesses, intervalMs } from './smi'

/** All in ms. */
export interface GpuTiming extends SamplingTiming {
  /** How long sampling goes on after the last reader has gone. */
  lingerMs: number
  /** Between two questions for processes. */
  processesMs: number
  /** How long `report` waits for a fresh sample. */
  patienceMs: number
  /** Between two samples while nobody looks, once `keepOn` was called. */
  quietMs: number
  /** The wait before a machine without a driver or a GPU is asked again, while nobody looks. */
  quietAbsentMs: number
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
  quietMs: 10_000,
  quietAbsentMs: 600_000,
}

export interface GpuMonitorOptions {
  /** Programs that are named in place of nvidia-smi, asked before each start; else it is looked for. */
  named?: () => NamedPrograms
  machine?: Machine
  /** The service that a process belongs to. */
  pidToService?: (pid: number) => string | null
  /** Who holds each card's memory, by the cards' uuids; left out where nobody reckons it. */
  holders?: (gpus: readonly Gpu[]) => ReadonlyMap<string, GpuHolder[]>
  /** Told of every report, and how often such come now, in ms. */
  onReport?: (report: GpuReport, stepMs: number) => void
  timing?: Partial<GpuTiming>
}

const isFresh = ({ state, sampledAt }: GpuReport) => state === 'live' && Date.now() - (sampledAt ?? 0) < 2 * intervalMs

/**
 * Watches the GPUs through one nvidia-smi child that streams a sample a second while somebody looks. While nobody does there is
 * none, or, once it was asked to keep on, one that prints a sample in ten seconds.
 */
export class GpuMonitor {
  readonly #timing: GpuTiming
  readonly #locate: () => Promise<Located>
  readonly #pidToService: (pid: number) => string | null
  readonly #seen: Seen
  readonly #sampleUntil: ReturnType<typeof createSampler>
  readonly #inTurn = createSerial()
  /** The next report, or the end. */
  readonly #changed = createWake()
  #readers = 0
  #lingering: NodeJS.Timeout | undefined
  #sampling: { ends: AbortController; isQuiet: boolean } | null = null
  #keepsOn = false
  #isClosed = false

  constructor({ named, machine = readMachine(), pidToService, holders, onReport, timing }: GpuMonitorOptions = {}) {
    this.#timing = { ...usual, ...timing }
    this.#locate = () => locateNvidiaSmi(named?.() ?? { setting: null, environment: null }, machine)
    this.#pidToService = (pid) => pidToService?.(pid) ?? null
    this.#seen = new Seen({
      ...{ pidToService: this.#pidToService, holders },
      onReport: (report) => {
        onReport?.(report, this.#stepMs())
        this.#changed.wake()
      },
    })
    this.#sampleUntil = createSampler({ locate: this.#locate, timing: this.#timing, machine, events: this.#seen })
  }

  /** What was seen last, however long ago. */
  last(): GpuReport {
    return this.#seen.last
  }

  /** How many read the stream now. */
  readers(): number {
    return this.#readers
  }

  /** The state of the GPUs now: waits for a fresh sample if there is none, by default no longer than 3 s. */
  async report(patienceMs = this.#timing.patienceMs): Promise<GpuReport> {
    const known = this.#seen.last
    if (isFresh(known)) return known
    const isNew = !this.#isQuick()
    const late = performance.now() + patienceMs
    const left = () => late - performance.now()
    this.#arrive()
    try {
      // Known trouble is told at once; it is looked at again in the background.
      if (isNew || known.state === 'live' || known.state === 'starting') await this.#changed.next(undefined, patienceMs)
      while (this.#seen.last.state === 'live' && !this.#seen.areProcessesKnown && left() > 0)
        await this.#changed.next(undefined, left())
      return this.#seen.last
    } finally {
      this.#leave()
    }
  }

  /**
   * The GPUs as they are at this moment, asked by a program of its own: for those who changed something and cannot wait for
   * the next sample. Not live where it could not be learnt.
   */
  async measure(): Promise<GpuReport> {
    const located = await this.#locate()
    if ('reason' in located) return { state: 'absent', sampledAt: null, gpus: [], reason: located.reason }
    const signal = AbortSignal.timeout(2 * this.#timing.patienceMs)
    const [rows, processes] = await Promise.all([
      askMemory(located.program, signal),
      askProcesses(located.program, signal),
    ])
    if (rows.length === 0) return { ...this.#seen.last, state: 'stale' }
    const on = (uuid: string) =>
      (processes ?? [])
        .filter(({ gpuUuid }) => gpuUuid === uuid)
        .map(({ pid, name, memoryMiB }) => ({ pid, name, memoryMiB, serviceId: this.#pidToService(pid) }))
    const gpus = rows.map((row) => ({ ...row, processes: on(row.uuid) }))
    return { state: 'live', sampledAt: Date.now(), gpus }
  }

  /** Every new report, the last one first. A slow reader gets the newest, not all. Ends with the signal. */
  async *watch(signal?: AbortSignal): AsyncGenerator<GpuReport, void, undefined> {
    this.#arrive()
    let sent: GpuReport | null = null
    try {
      while (!signal?.aborted && !this.#isClosed) {
        const report = this.#seen.last
        if (report === sent) await this.#changed.next(signal)
        else {
          sent = report
          yield report
        }
      }
    } finally {
      this.#leave()
    }
  }

  /** Has a sample taken every second until the returned function is called: somebody needs what `last` and `onReport` tell. */
  need(): () => void {
    this.#arrive()
    let isNeeded = true
    return () => {
      if (isNeeded) this.#leave()
      isNeeded = false
    }
  }

  /** From now on samples are taken while nobody looks too, seldom. */
  keepOn() {
    this.#keepsOn = true
    if (!this.#sampling && !this.#isClosed) this.#begin('quiet')
  }

  /** Forgets what was seen and begins anew: another program is named. The former child is waited for. */
  restart() {
    this.#stop()
    this.#seen.forget()
    if (this.#isClosed) return
    if (this.#readers > 0) this.#begin('quick')
    else if (this.#keepsOn) this.#begin('quiet')
  }

  /** Ends the child and every stream. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#lingering)
    this.#stop()
    this.#changed.wake()
    await within(this.#timing.patienceMs, this.#inTurn.settled())
  }

  #arrive() {
    this.#readers++
    clearTimeout(this.#lingering)
    if (this.#isQuick() || this.#isClosed) return
    this.#stop()
    this.#begin('quick')
  }

  #leave() {
    this.#readers--
    if (this.#readers > 0 || this.#isClosed) return
    this.#lingering = setTimeout(() => {
      this.#stop()
      if (this.#keepsOn) this.#begin('quiet')
    }, this.#timing.lingerMs)
    this.#lingering.unref()
  }

  #isQuick(): boolean {
    return this.#sampling?.isQuiet === false
  }

  #stepMs(): number {
    return this.#isQuick() ? intervalMs : this.#timing.quietMs
  }

  #begin(pace: 'quick' | 'quiet') {
    const ends = new AbortController()
    const { signal } = ends
    this.#sampling = { ends, isQuiet: pace === 'quiet' }
    this.#seen.begin()
    const { quietMs, quietAbsentMs, absentMs } = this.#timing
    const often = pace === 'quick' ? { everyMs: intervalMs, absentMs } : { everyMs: quietMs, absentMs: quietAbsentMs }
    // A child that hangs in the driver is waited for, however long that takes: never a second one.
    void this.#inTurn(() =>
      Promise.all([this.#sampleUntil(signal, often), ...(pace === 'quick' ? [this.#followProcesses(signal)] : [])]),
    )
  }

  #stop() {
    this.#sampling?.ends.abort()
    this.#sampling = null
  }

  async #followProcesses(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const located = this.#seen.last.state === 'live' ? await this.#locate() : null
      if (located === null || 'reason' in located) {
        await this.#changed.next(signal)
        continue
      }
      this.#seen.takeProcesses(await askProcesses(located.program, signal))
      await pause(this.#timing.processesMs, signal)
    }
  }
}
