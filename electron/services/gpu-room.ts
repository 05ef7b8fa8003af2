import type { GpuReport, ServiceConfig, StartPlan } from '../../shared/contract'
import { createTurns, gpuOf, type WaitOptions } from './start-order'
import { createVramMemory } from './vram-memory'

/** The GPUs as the monitor sees them. */
export interface GpuSource {
  /** A fresh report; waits for it, but not for long. */
  report(): Promise<GpuReport>
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

export type GpuRoom = ReturnType<typeof createGpuRoom>

/** One start, from its turn on its GPU to its end. */
export interface Turn {
  /** The service is ready, or its start has failed: the next one may begin. May be called twice. */
  end(): void
}

/** Who may start on which GPU when, how much room there is, and how much each service took the last time. */
export function createGpuRoom({ gpus, file, running, reportBug, boundMs }: GpuRoomOptions) {
  const turns = createTurns(boundMs === undefined ? {} : { boundMs })
  const memory = createVramMemory({ file, reportBug })

  const usesGpu = ({ runtime, gpuUuid }: ServiceConfig) =>
    runtime === 'compose' || runtime === 'process' || gpuUuid !== undefined

  const look = async () => {
    const report = await gpus.report()
    memory.observe(
      report,
      running().map(({ id }) => id),
    )
    return report
  }

  /** How the GPU stands if the service will be alone on it, as far as Regie knows. */
  const baseline = (config: ServiceConfig, gpu: string, report: GpuReport) => {
    const isShared = running().some((other) => other.id !== config.id && (gpuOf(other, report.gpus) ?? gpu) === gpu)
    const usedMiB = report.gpus.find(({ uuid }) => uuid === gpu)?.memoryUsedMiB ?? null
    return isShared || usedMiB === null ? null : { gpu, usedMiB }
  }

  return {
    /** Waits until no service that shares the GPU starts. Rejects with the signal's reason. */
    async enter(config: ServiceConfig, options: WaitOptions): Promise<Turn> {
      if (!usesGpu(config)) return { end: () => undefined }
      const { gpus: seen } = await look()
      const gpu = gpuOf(config, seen)
      memory.disturbed(config.id)
      if (gpu === null) {
        memory.began(config.id, null)
        return { end: () => undefined }
      }
      const leave = await turns.take(config.id, gpu, options)
      const report = await gpus.report()
      memory.began(config.id, report.state === 'live' ? baseline(config, gpu, report) : null)
      return {
        end() {
          leave()
          look().catch(reportBug)
        },
      }
    },

    /** A service was stopped or has ended. */
    left(id: string): void {
      memory.disturbed(id)
      memory.ended(id)
    },

    /** Takes a report of the monitor as it comes. */
    observe: (report: GpuReport): void =>
      memory.observe(
        report,
        running().map(({ id }) => id),
      ),

    /** A generation has ended: the service holds its model now. */
    generated(config: ServiceConfig): void {
      if (usesGpu(config)) look().catch(reportBug)
    },

    forget: (id: string): void => memory.forget(id),

    /** What a start would find. */
    async plan(config: ServiceConfig): Promise<Pick<StartPlan, 'gpu' | 'tookLastTimeMiB' | 'waitsFor'>> {
      if (!usesGpu(config)) return { gpu: null, tookLastTimeMiB: null, waitsFor: [] }
      const report = await look()
      const uuid = gpuOf(config, report.gpus)
      const found = report.gpus.find((one) => one.uuid === uuid)
      const { memoryFreeMiB: freeMiB = null, memoryTotalMiB: totalMiB = null } = found ?? {}
      return {
        gpu: found ? { uuid: found.uuid, name: found.name, freeMiB, totalMiB } : null,
        tookLastTimeMiB: await memory.tookLastTime(config.id),
        waitsFor: turns.ahead(config.id, uuid),
      }
    },

    close: () => memory.close(),
  }
}
