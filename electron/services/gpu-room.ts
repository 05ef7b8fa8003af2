import type { GpuReport, ServiceConfig, StartPlan } from '../../shared/contract'
import { createTurns, gpuOf, type WaitOptions } from './start-order'
import { VramMemory } from './vram-memory'

/** The GPUs as the monitor sees them. */
export interface GpuSource {
  /** A fresh report; waits for it, but not for long. */
  report(): Promise<GpuReport>
  /** The GPUs as they are at this moment, asked anew. Left out where only reports are to be had. */
  measure?(): Promise<GpuReport>
}

export interface GpuRoomOptions {
  gpus: GpuSource
  /** Where it is remembered how much VRAM services took. */
  file: string
  /** Services whose programs run now. */
  running: () => ServiceConfig[]
  reportBug: (error: unknown) => void
  boundMs?: number
}

/** One start, from its turn on its GPU to its end. */
export interface Turn {
  /** The service is ready, or its start has failed: the next one may begin. May be called twice. */
  end(): void
}

const usesGpu = ({ runtime, gpuUuid }: ServiceConfig) =>
  runtime === 'compose' || runtime === 'process' || gpuUuid !== undefined

/** Who may start on which GPU when, how much room there is, and how much each service took the last time. */
export class GpuRoom {
  readonly #options: GpuRoomOptions
  readonly #turns: ReturnType<typeof createTurns>
  readonly #memory: VramMemory

  constructor(options: GpuRoomOptions) {
    const { file, reportBug, boundMs } = options
    this.#options = options
    this.#turns = createTurns(boundMs === undefined ? {} : { boundMs })
    this.#memory = new VramMemory({ file, reportBug })
  }

  /** Waits until no service that shares the GPU starts. Rejects with the signal's reason. */
  async enter(config: ServiceConfig, options: WaitOptions): Promise<Turn> {
    if (!usesGpu(config)) return { end: () => undefined }
    const { gpus: seen } = await this.#look()
    const gpu = gpuOf(config, seen)
    this.#memory.disturbed(config.id)
    if (gpu === null) {
      this.#memory.began(config.id, null)
      return { end: () => undefined }
    }
    const leave = await this.#turns.take(config.id, gpu, options)
    // Whoever began while this one waited for its turn measures the card, and from now on this one is on it too.
    this.#memory.disturbed(config.id)
    const report = await this.#options.gpus.report()
    this.#memory.began(config.id, report.state === 'live' ? this.#baseline(config, gpu, report) : null)
    return {
      end: () => {
        leave()
        this.#lookAside()
      },
    }
  }

  /** A service was stopped or has ended. */
  left(id: string): void {
    this.#memory.disturbed(id)
    this.#memory.ended(id)
  }

  /** Takes a report of the monitor as it comes. */
  observe(report: GpuReport): void {
    const ids = this.#options.running().map(({ id }) => id)
    this.#memory.observe(report, ids)
  }

  /** A generation has ended: the service holds its model now. */
  generated(config: ServiceConfig): void {
    if (usesGpu(config)) this.#lookAside()
  }

  forget(id: string): void {
    this.#memory.forget(id)
  }

  /** VRAM that a service held at most with models loaded, in MiB; null when that was never seen. */
  tookMost(id: string): Promise<number | null> {
    return this.#memory.tookMost(id)
  }

  /** What a start would find. */
  async plan(config: ServiceConfig): Promise<Pick<StartPlan, 'gpu' | 'tookLastTimeMiB' | 'waitsFor'>> {
    if (!usesGpu(config)) return { gpu: null, tookLastTimeMiB: null, waitsFor: [] }
    const report = await this.#look()
    const uuid = gpuOf(config, report.gpus)
    const found = report.gpus.find((one) => one.uuid === uuid)
    const { memoryFreeMiB: freeMiB = null, memoryTotalMiB: totalMiB = null } = found ?? {}
    return {
      gpu: found ? { uuid: found.uuid, name: found.name, freeMiB, totalMiB } : null,
      tookLastTimeMiB: await this.#memory.tookLastTime(config.id),
      waitsFor: this.#turns.ahead(config.id, uuid),
    }
  }

  async close(): Promise<void> {
    await this.#memory.close()
  }

  async #look(): Promise<GpuReport> {
    const report = await this.#options.gpus.report()
    this.observe(report)
    return report
  }

  /** Looks while nobody waits for it. */
  #lookAside(): void {
    this.#look().catch(this.#options.reportBug)
  }

  /** How the GPU stands if the service will be alone on it, as far as Regie knows. */
  #baseline(config: ServiceConfig, gpu: string, report: GpuReport): { gpu: string; usedMiB: number } | null {
    const isShared = this.#options
      .running()
      .some((other) => other.id !== config.id && (gpuOf(other, report.gpus) ?? gpu) === gpu)
    const usedMiB = report.gpus.find(({ uuid }) => uuid === gpu)?.memoryUsedMiB ?? null
    return isShared || usedMiB === null ? null : { gpu, usedMiB }
  }
}
