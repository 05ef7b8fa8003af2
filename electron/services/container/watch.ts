import type { HealthCheck } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import type { Engine } from '../../docker/engine'
import { judgeDockerHealth } from './docker-health'
import { explainEnding, nameState, type Ending } from './ending'
import { readFacts, type ContainerFacts } from './facts'
import { watchGpus, type GpuLook, type GpuWatchOptions } from './gpu-watch'
import { newHistory, note, type ContainerHistory } from './history'
import { readLastWords } from './last-words'
import { judgeRestarts } from './restarts'

export interface ContainerQuestion extends GpuLook {
  containerId: string
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

export interface ContainerWatchOptions extends GpuWatchOptions {
  engine: Pick<Engine, 'client' | 'status' | 'onChange'>
}

export type ContainerWatch = ReturnType<typeof watchContainers>

/** Follows the engine's events and looks into containers for those who judge a service's health. */
export function watchContainers(options: ContainerWatchOptions) {
  const { engine, redact, reportBug } = options
  const histories = new Map<string, ContainerHistory>()
  const gpus = watchGpus(options)
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
        gpus.check(facts, question),
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
