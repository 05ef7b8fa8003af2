import type { HealthCheck } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import type { Engine } from '../../docker/engine'
import { execCapture } from '../../docker/exec'
import { reasonWithoutSecrets } from '../../logs/reasons'
import type { ContainerFacts } from './facts'
import { gpuQuestion, judgeGpu, type GpuAnswer } from './gpu'

/** For which service a container is looked at. */
export interface GpuLook {
  /** The service's id. */
  id: string
  /** The GPU that the service is meant for. */
  gpuUuid: string | null
  /** Asks for the GPU again, however lately that was done. */
  thorough: boolean
}

export interface GpuWatchOptions {
  engine: Pick<Engine, 'client' | 'status'>
  redact: (text: string) => string
  /** Called when a slow check has found something: look again. */
  onFinding: (serviceId: string) => void
  /** Takes what is no expected failure. */
  reportBug: (error: unknown) => void
  /** How often a GPU is asked for while nothing happens, in ms. */
  gpuEveryMs?: number
}

/** An exec wakes a GPU that sleeps: while nothing happens it is asked for rarely. */
const usualGpuEveryMs = 15 * 60_000
/** An answer that said nothing is asked for again sooner. */
const gpuAgainMs = 60_000
const gpuTimeoutMs = 15_000

interface GpuRecord {
  /** What it was asked for: another start or another health asks anew. */
  key: string
  startedAt: number | null
  askedAt: number
  isAsking: boolean
  check: HealthCheck | null
}

/** Asks containers for their GPUs, seldom and in the background. */
export function watchGpus(options: GpuWatchOptions) {
  const { engine, redact, onFinding, reportBug, gpuEveryMs = usualGpuEveryMs } = options
  const records = new Map<string, GpuRecord>()

  async function askGpu(containerId: string): Promise<GpuAnswer> {
    try {
      const found = await execCapture(engine, containerId, gpuQuestion, { timeoutMs: gpuTimeoutMs, maxBytes: 16_384 })
      const output = redact([found.stdout, found.stderr].filter((text) => text !== '').join('\n'))
      return { exitCode: found.exitCode, started: found.started, output }
    } catch (error) {
      if (error instanceof Problem) return { problem: reasonWithoutSecrets(error, redact) }
      throw error
    }
  }

  /** The last answer about the GPU; asks again in the background when it is time. `null` when it wants none. */
  function check(facts: ContainerFacts, { id, gpuUuid, thorough }: GpuLook): HealthCheck | null {
    // A service that was given a GPU needs one, whether its container asks for it or not.
    const request = facts.gpu ?? (gpuUuid === null ? null : { ids: [], count: null })
    if (request === null) return null
    const key = `${facts.startedAt ?? ''} ${facts.health?.status ?? ''}`
    const known = records.get(facts.id)
    const now = Date.now()
    const patience = known?.check?.state === 'unknown' ? gpuAgainMs : gpuEveryMs
    const isDue = known?.key !== key || thorough || now - known.askedAt > patience
    if (facts.state === 'running' && isDue && known?.isAsking !== true) {
      // Of an earlier start the last answer tells nothing.
      const isSameStart = known?.startedAt === facts.startedAt
      const earlier = isSameStart ? known.check : null
      const record: GpuRecord = { key, startedAt: facts.startedAt, askedAt: now, isAsking: true, check: earlier }
      records.set(facts.id, record)
      const began = performance.now()
      askGpu(facts.id)
        .then((answer) => {
          const isDesktop = engine.status().info?.kind === 'desktop'
          const verdict = judgeGpu({ id, request, cudaVisible: facts.cudaVisible, answer, isDesktop, gpuUuid })
          const tookMs = Math.round(performance.now() - began)
          record.check = { id: 'gpu', asked: gpuQuestion.join(' '), at: Date.now(), tookMs, ...verdict }
        }, reportBug)
        .finally(() => {
          record.isAsking = false
          onFinding(id)
        })
    }
    const unasked = { id: 'gpu', state: 'unknown', asked: gpuQuestion.join(' '), answered: '' } as const
    const last = facts.state === 'running' ? (records.get(facts.id)?.check ?? null) : null
    return last ?? { ...unasked, at: null, tookMs: null }
  }

  return {
    check,
    /** A container is gone. */
    delete: (containerId: string): void => void records.delete(containerId),
  }
}
