import type { HealthCheck } from '../../../shared/contract'
import type { Engine } from '../../docker/engine'
import { judgeDockerHealth } from './docker-health'
import { explainEnding, nameState, type Ending } from './ending'
import type { ContainerFacts } from './facts'
import { watchGpus, type GpuLook, type GpuWatchOptions } from './gpu-watch'
import { newHistory, note, type ContainerHistory } from './history'
import { createStoppedHere } from './stopped-here'
import { LastWords } from './last-words'
import { judgeRestarts } from './restarts'

export interface ContainerQuestion extends GpuLook {
  /** What the engine said of the container just now. */
  facts: ContainerFacts
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
  const { engine, redact } = options
  const histories = new Map<string, ContainerHistory>()
  const gpus = watchGpus(options)
  const words = new LastWords(engine, redact)
  const stoppedHere = createStoppedHere()
  let since = Date.now()

  const historyOf = (id: string): ContainerHistory => ({ ...(histories.get(id) ?? newHistory(since)), since })

  const unwatch = engine.onChange((change) => {
    // What happened while there was no engine may never be told.
    if (change.type === 'status' && change.status.state !== 'connected') {
      since = Infinity
      stoppedHere.mayHaveMissed()
    } else if (change.type === 'status' && since === Infinity) since = Date.now()
    if (change.type !== 'event') return
    const { event } = change
    const id = event.containerId
    stoppedHere.hear(event)
    if (event.action === 'destroy') {
      for (const known of [histories, gpus, words]) known.delete(id)
      return
    }
    histories.set(id, note(historyOf(id), event))
  })

  return {
    /** Looks into a container once. Never rejects. */
    async look(question: ContainerQuestion): Promise<ContainerLook> {
      const { id } = question
      const began = performance.now()
      // The engine quotes the command that it could not run.
      const facts = { ...question.facts, error: redact(question.facts.error) }
      const containerId = facts.id
      const history = historyOf(containerId)
      const about = { id, facts, history, stoppedHere: stoppedHere.has(containerId) }
      const quick = explainEnding({ ...about, line: null })
      const isTroubled = quick?.kind === 'failed' || facts.restartCount > 0 || history.falls.length > 0
      // The reason stands without its last words.
      const line = isTroubled ? await words.of(facts).catch(() => null) : null
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
      stoppedHere.note(containerId)
    },

    close: unwatch,
  }
}
