import { timeOf } from './parse'
import { inspectForLog, readEngineLog } from './read'
import type { ReadingOptions } from './reading'
import { secretsOf } from './secrets'

/** Reads the last lines of the container's present life, oldest first; null when they cannot be read. */
export async function readWritten<T>(
  { engine, find, redactor }: Pick<ReadingOptions, 'engine' | 'find' | 'redactor'>,
  count: number,
  read: (texts: string[]) => T,
): Promise<T | null> {
  const found = find()
  if (!found || engine.status().state !== 'connected') return null
  const signal = AbortSignal.timeout(3_000)
  let learnt: string[] = []
  try {
    const docker = await engine.client()
    const container = await inspectForLog(docker, found.id, signal)
    // Known before its lines are read: where a long one is cut depends on it.
    learnt = secretsOf(container)
    learnt.forEach((secret) => redactor.learn(secret))
    // By the engine's own clock: it may be another than ours.
    const begins = Date.parse(container.startedAt) - 1_000
    const texts: string[] = []
    const reading = { signal, places: redactor.places }
    for await (const lines of readEngineLog(docker, container, { follow: false, tail: count }, reading))
      for (const line of lines) if (timeOf(line) >= begins) texts.push(line.text)
    return read(texts)
  } catch {
    return null // a logging driver that cannot be read, or a container that is gone
  } finally {
    learnt.forEach((secret) => redactor.forget(secret))
  }
}
