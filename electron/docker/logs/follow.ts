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

const shortId = (id: string) => id.slice(0, 12)

/**
 * Reads a container's log as it is written, until the signal aborts: over restarts of the container, its being made
 * anew, and the loss of the engine. Begins with the last line that is there. Nothing is lost or doubled by a cut.
 */
export async function followContainer(options: FollowOptions): Promise<void> {
  await new Following(options).run()
}

type Docker = Awaited<ReturnType<Engine['client']>>

class Following {
  readonly #options: FollowOptions
  readonly #box: ReturnType<typeof createChangeWaiter>
  /** What is read, or was last. */
  #last: Pick<LoggedContainer, 'id' | 'startedAt'> | null = null
  #seen = createSeen()
  #isFirst = true
  #isAway = false
  #failures = 0

  constructor(options: FollowOptions) {
    this.#options = options
    this.#box = createChangeWaiter(options.engine, options.find)
  }

  async run(): Promise<void> {
    try {
      while (!this.#options.signal.aborted) await this.#look()
    } finally {
      this.#box.stop()
      this.#opened()
    }
  }

  /** Looks once what there is: reads it, or waits where nothing can be read. */
  async #look(): Promise<void> {
    const { engine, find, onNote } = this.#options
    const found = find()
    this.#box.watch(found?.id ?? null)
    const status = engine.status()
    if (status.state !== 'connected') {
      if (this.#last && !this.#isAway) onNote('Docker is not responding. The log continues when it does.', 'warn')
      this.#isAway = true
      await this.#wait({ state: 'engine-away', reason: status.reason ?? reason('log.engine-away') })
    } else if (found) await this.#readFound(found)
    else await this.#wait({ state: 'no-container', reason: reason('log.no-container') })
  }

  /** Reads what is there until its life or the connection ends; waits before it is read again where that went wrong. */
  async #readFound({ id }: Container): Promise<void> {
    const { engine, signal, onNote, onSource } = this.#options
    try {
      const docker = await engine.client()
      const container = await inspectForLog(docker, id, signal)
      if (this.#last && this.#isAway) onNote('Docker answers again.', 'info')
      this.#isAway = false
      if (!container.running && this.#last?.id === container.id && this.#last.startedAt === container.startedAt) {
        await this.#wait({ state: 'stopped' })
        return
      }
      onSource({ state: container.running ? 'live' : 'stopped' })
      this.#failures = (await this.#read(container, docker)) ? 0 : this.#failures + 1
    } catch (error) {
      if (signal.aborted) return
      if (isUnreadable(error)) {
        await this.#wait({ state: 'unreadable', reason: reason('log.unreadable') })
        return
      }
      // The engine went away, or the container: the next look tells which.
      this.#failures++
      if (error instanceof Problem) onSource({ state: 'engine-away', reason: error.reason })
    }
    this.#opened()
    if (this.#failures > 0)
      await this.#box.next(signal, Math.min(retryMs.least * 2 ** (this.#failures - 1), retryMs.longest))
  }

  /** Reads one life of one container to its end. True when there was anything new in it. */
  async #read(container: LoggedContainer, docker: Docker): Promise<boolean> {
    const { signal, onLines, onContainer } = this.#options
    // Asked first: a log without any line would keep its readers waiting, and of one that begins now none may be skipped.
    const onlyLast = !this.#last && this.#isFirst && (await anyLine(docker, container, signal))
    this.#noteOther(container)
    if (!onlyLast) this.#opened()
    this.#last = container
    onContainer(container)
    const seen = this.#seen
    const isNew = seen.filter()
    const since = seen.since()
    // An ended container is not waited at: an engine that still thinks it alive tells all of its lines anew at its restart.
    const follow = container.running
    const query =
      since === null ? { follow, tail: onlyLast ? 1 : mostLogLines } : { follow, tail: 'all' as const, since }
    let met = false
    for await (const all of readEngineLog(docker, container, query, this.#options)) {
      const lines = isNew(all)
      seen.note(lines)
      if (lines.length > 0) {
        met = true
        onLines(lines)
      }
      this.#opened()
    }
    return met
  }

  /** Another container has a log of its own. */
  #noteOther({ id }: LoggedContainer): void {
    if (!this.#last || this.#last.id === id) return
    this.#options.onNote(`The container was recreated (${shortId(id)}).`, 'info')
    this.#seen = createSeen()
  }

  #opened(): void {
    if (this.#isFirst) this.#options.onOpened()
    this.#isFirst = false
  }

  /** Nothing can be read now. */
  async #wait(source: LogSource): Promise<void> {
    this.#options.onSource(source)
    this.#opened()
    await this.#box.next(this.#options.signal)
  }
}

async function anyLine(docker: Docker, container: LoggedContainer, signal: AbortSignal): Promise<boolean> {
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
