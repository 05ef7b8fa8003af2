import { mostLogLines, type LogSource } from '../../../shared/contract'
import { Problem, reason } from '../../../shared/problems'
import { wholeText, type CutPlaces } from '../../logs/cutting'
import { createChangeWaiter } from '../change-waiter'
import type { Container, Engine } from '../engine'
import { inspectForLog, isUnreadable, readEngineLog, type LoggedContainer } from './read'
import { createSeen } from './seen'
import type { EngineLine } from './parse'

export interface FollowOptions {
  engine: Engine
  /** The container as it now is: another after a recreate. */
  find: () => Container | null
  onLines: (lines: EngineLine[]) => void
  /** A container is read from now on: another one, or the same in another life. */
  onContainer: (container: LoggedContainer) => void
  onSource: (source: LogSource) => void
  /** Something that a reader should know, in English. */
  onNote: (text: string, level: 'info' | 'warn') => void
  /** Called once it is known whether there is anything to read: with the last line so far, or nothing. */
  onOpened: () => void
  /** Where a long line may be cut. */
  places: CutPlaces
  signal: AbortSignal
}

/** The least and the longest wait before a stream that ended at once is opened again, in ms. */
const retryMs = { least: 250, longest: 5_000 }

/** Asked anew each time: it changes while a stream is read. */
const isOver = (signal: AbortSignal) => signal.aborted

const shortId = (id: string) => id.slice(0, 12)

/**
 * Reads a container's log as it is written, until the signal aborts: over restarts of the container, its being made
 * anew, and the loss of the engine. Begins with the last line that is there. Nothing is lost or doubled by a cut.
 */
export async function followContainer(options: FollowOptions): Promise<void> {
  const { engine, find, signal, onSource, onNote } = options
  const box = createChangeWaiter(engine, find)
  /** What is read, or was last. */
  const last: { id: string | null; startedAt: string; seen: ReturnType<typeof createSeen> } = {
    id: null,
    startedAt: '',
    seen: createSeen(),
  }
  let isFirst = true
  let isAway = false
  let failures = 0

  const opened = () => {
    if (isFirst) options.onOpened()
    isFirst = false
  }

  /** Nothing can be read now. */
  const wait = async (source: LogSource, timeoutMs?: number) => {
    onSource(source)
    opened()
    await box.next(signal, timeoutMs)
  }

  /** Reads one life of one container to its end. */
  const read = async (container: LoggedContainer, docker: Awaited<ReturnType<Engine['client']>>) => {
    if (last.id !== null && last.id !== container.id) {
      onNote(`The container was recreated (${shortId(container.id)}).`, 'info')
      last.seen = createSeen()
    }
    // Asked first: a log without any line would keep its readers waiting, and of one that begins now none may be skipped.
    const onlyLast = last.id === null && isFirst && (await anyLine(docker, container, signal))
    if (!onlyLast) opened()
    last.id = container.id
    last.startedAt = container.startedAt
    options.onContainer(container)
    const { seen } = last
    const isNew = seen.filter()
    const since = seen.since()
    const query =
      since === null
        ? { follow: true, tail: onlyLast ? 1 : mostLogLines }
        : { follow: true, tail: 'all' as const, since }
    let met = false
    for await (const all of readEngineLog(docker, container, query, options)) {
      const lines = isNew(all)
      seen.note(lines)
      if (lines.length > 0) {
        met = true
        options.onLines(lines)
      }
      opened()
    }
    return met
  }

  try {
    while (!signal.aborted) {
      const found = find()
      box.watch(found?.id ?? null)
      const status = engine.status()
      if (status.state !== 'connected') {
        if (last.id !== null && !isAway) onNote('Docker does not answer. The log goes on when it does.', 'warn')
        isAway = true
        await wait({ state: 'engine-away', reason: status.reason ?? reason('log.engine-away') })
        continue
      }
      if (!found) {
        await wait({ state: 'no-container', reason: reason('log.no-container') })
        continue
      }
      try {
        const docker = await engine.client()
        const container = await inspectForLog(docker, found.id, signal)
        if (last.id !== null && isAway) onNote('Docker answers again.', 'info')
        isAway = false
        if (!container.running && last.id === container.id && last.startedAt === container.startedAt) {
          await wait({ state: 'stopped' })
          continue
        }
        onSource({ state: container.running ? 'live' : 'stopped' })
        failures = (await read(container, docker)) ? 0 : failures + 1
      } catch (error) {
        if (isOver(signal)) return
        if (isUnreadable(error)) {
          await wait({ state: 'unreadable', reason: reason('log.unreadable') })
          continue
        }
        // The engine went away, or the container: the next look tells which.
        failures++
        if (error instanceof Problem) onSource({ state: 'engine-away', reason: error.reason })
      }
      opened()
      if (failures > 0) await box.next(signal, Math.min(retryMs.least * 2 ** (failures - 1), retryMs.longest))
    }
  } finally {
    box.stop()
    opened()
  }
}

async function anyLine(
  docker: Awaited<ReturnType<Engine['client']>>,
  container: LoggedContainer,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    for await (const lines of readEngineLog(
      docker,
      container,
      { follow: false, tail: 1 },
      { signal, places: wholeText },
    ))
      if (lines.length > 0) return true
    return false
  } catch {
    return false
  }
}
