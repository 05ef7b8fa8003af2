import type { HealthCheck } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { reasonWithoutSecrets } from '../../logs/reasons'
import type { Engine } from '../../docker/engine'
import { execCapture } from '../../docker/exec'
import { judgeDockerHealth } from './docker-health'
import { explainEnding, nameState, type Ending } from './ending'
import { readFacts, type ContainerFacts } from './facts'
import { gpuQuestion, judgeGpu, type GpuAnswer } from './gpu'
import { newHistory, note, type ContainerHistory } from './history'
import { readLastWords } from './last-words'
import { judgeRestarts } from './restarts'

export interface ContainerQuestion {
  /** The service's id. */
  id: string
  containerId: string
  /** The GPU that the service is meant for. */
  gpuUuid: string | null
  /** Asks for the GPU again, however lately that was done. */
  thorough: boolean
}

/** One look at a container. */
export interface ContainerLook {
  containerId: string
  facts: ContainerFacts
  /** The state in protocol terms. */
  answered: string
  /** How it came to stand still; `null` while it runs. */
  ending: Ending | null
  checks: HealthCheck[]
  /** Its last ends by itself (Unix ms), newest last. */
  falls: readonly number[]
  at: number
  tookMs: number
}

export interface ContainerWatchOptions {
  engine: Pick<Engine, 'client' | 'status' | 'onChange'>
  redact: (text: string) => string
  /** Called when a slow check has found something: look again. */
  onFinding: (serviceId: string) => void
  /** Takes what is no expected failure. */
  reportBug: (error: unknown) => void
  /** How often a GPU is asked for while nothing happens, in ms. */
  gpuEveryMs?: number
}

export type ContainerWatch = ReturnType<typeof watchContainers>

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

/** Follows the engine's events and looks into containers for those who judge a service's health. */
export function watchContainers(options: ContainerWatchOptions) {
  const { engine, redact, onFinding, reportBug, gpuEveryMs = usualGpuEveryMs } = options
  const histories = new Map<string, ContainerHistory>()
  const gpus = new Map<string, GpuRecord>()
  const words = new Map<string, { key: string; line: string | null }>()
  const stoppedHere = new Set<string>()
  let since = Date.now()

  const historyOf = (id: string): ContainerHistory => ({ ...(histories.get(id) ?? newHistory(since)), since })

  const unwatch = engine.onChange((change) => {
    // What happened while there was no engine may never be told.
    if (change.type === 'status' && change.status.state !== 'connected') since = Infinity
    else if (change.type === 'status' && since === Infinity) since = Date.now()
    if (change.type !== 'event') return
    const { event } = change
    const id = event.containerId
    if (event.action === 'start') stoppedHere.delete(id)
    if (event.action === 'destroy') {
      for (const known of [histories, gpus, words]) known.delete(id)
      stoppedHere.delete(id)
      return
    }
    histories.set(id, note(historyOf(id), event))
  })

  /** The last line of a container's log, read once for each of its ends. */
  async function lastWords(facts: ContainerFacts): Promise<string | null> {
    const key = `${facts.restartCount} ${facts.finishedAt ?? ''} ${facts.state}`
    const known = words.get(facts.id)
    if (known?.key === key) return known.line
    const line = await readLastWords(await engine.client(), facts, redact)
    words.set(facts.id, { key, line })
    return line
  }

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
  function gpuCheck(facts: ContainerFacts, { id, gpuUuid, thorough }: ContainerQuestion): HealthCheck | null {
    // A service that was given a GPU needs one, whether its container asks for it or not.
    const request = facts.gpu ?? (gpuUuid === null ? null : { ids: [], count: null })
    if (request === null) return null
    const key = `${facts.startedAt ?? ''} ${facts.health?.status ?? ''}`
    const known = gpus.get(facts.id)
    const now = Date.now()
    const patience = known?.check?.state === 'unknown' ? gpuAgainMs : gpuEveryMs
    const isDue = known?.key !== key || thorough || now - known.askedAt > patience
    if (facts.state === 'running' && isDue && known?.isAsking !== true) {
      // Of an earlier start the last answer tells nothing.
      const isSameStart = known?.startedAt === facts.startedAt
      const check = isSameStart ? known.check : null
      const record: GpuRecord = { key, startedAt: facts.startedAt, askedAt: now, isAsking: true, check }
      gpus.set(facts.id, record)
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
    const check = facts.state === 'running' ? (gpus.get(facts.id)?.check ?? null) : null
    return check ?? { ...unasked, at: null, tookMs: null }
  }

  async function inspect(containerId: string): Promise<ContainerFacts | null> {
    try {
      const client = await engine.client()
      const facts = readFacts(await client.getContainer(containerId).inspect())
      // The engine quotes the command that it could not run.
      return { ...facts, error: redact(facts.error) }
    } catch (error) {
      // Gone meanwhile, or no engine: what the runtime sees tells that.
      const isExpected =
        error instanceof Problem || (error instanceof Error && ('statusCode' in error || 'code' in error))
      if (!isExpected) reportBug(error)
      return null
    }
  }

  return {
    /** Looks into a container once; `null` when it is gone or there is no engine. Never rejects. */
    async look(question: ContainerQuestion): Promise<ContainerLook | null> {
      const { id, containerId } = question
      const began = performance.now()
      const facts = await inspect(containerId)
      if (facts === null) return null
      const history = historyOf(containerId)
      const about = { id, facts, history, stoppedHere: stoppedHere.has(containerId) }
      const quick = explainEnding({ ...about, line: null })
      const isTroubled = quick?.kind === 'failed' || facts.restartCount > 0 || history.falls.length > 0
      const line = isTroubled ? await lastWords(facts).catch(() => null) : null
      const at = Date.now()
      const tookMs = Math.round(performance.now() - began)
      const checks = [
        judgeDockerHealth(facts, { id, redact }),
        judgeRestarts(facts, { id, history, now: at, line, tookMs }),
        gpuCheck(facts, question),
      ].filter((check) => check !== null)
      const ending = quick === null ? null : explainEnding({ ...about, line })
      return { containerId, facts, answered: nameState(facts), ending, checks, falls: history.falls, at, tookMs }
    },

    /** Notes that this panel stops a container: its end is then nobody else's. */
    stopping(containerId: string): void {
      stoppedHere.add(containerId)
    },

    close: unwatch,
  }
}
