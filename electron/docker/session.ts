import type Dockerode from 'dockerode'
import { listMark, readContainers } from './containers'
import { createEndedContainers } from './ended'
import type { Container } from './engine'
import { followEvents, type EngineEvent, type EventCursor } from './events'

export interface SessionOptions {
  docker: Dockerode
  cursor: EventCursor
  /** The list was read anew. */
  onContainers: () => void
  /** Each event once, in order; the list is at least as new as the event. */
  onEvent: (event: EngineEvent) => void
  /** Called once when the engine no longer answers, or its stream has ended. */
  onLost: () => void
  timing: SessionTiming
}

export interface SessionTiming {
  /** How often the list is read without a cause, in ms. */
  relistMs: number
  /** How long the list may take, in ms. */
  listTimeoutMs: number
  /** The least time between two lists that events ask for, in ms. */
  gatherMs: number
}

export const usualTiming: SessionTiming = { relistMs: 60_000, listTimeoutMs: 5000, gatherMs: 100 }

/** The first list may have to wake Docker Desktop's engine. */
const firstListTimeoutMs = 15_000

/** How soon the list is read again when it does not show yet what an event told, in ms. */
const behindMs = 500

/** How long an event may come after the list that shows what it tells, in ms. */
const eventLagMs = 2000

/** One connection to an engine for as long as it holds. */
export interface Session {
  containers(): readonly Container[]
  /** Reads the list now; ends the session when the engine does not answer. */
  look(): Promise<void>
  close(): void
}

/** Listens to the events first and lists then, so that nothing falls between. Throws what the engine's client throws. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const session = new EngineSession(options)
  await session.open()
  return session
}

class EngineSession implements Session {
  readonly #options: SessionOptions
  readonly #ended = createEndedContainers()
  readonly #regular: NodeJS.Timeout
  /** Events that are told once the list is as new as they are. */
  readonly #waiting: EngineEvent[] = []
  #containers: readonly Container[] = []
  #heard = 0
  #isOpen = true
  #isListed = false
  #listedAt = 0
  #soon: NodeJS.Timeout | undefined
  #listing: Promise<void> | null = null
  #stopEvents: (() => void) | undefined

  constructor(options: SessionOptions) {
    this.#options = options
    this.#regular = setInterval(() => void this.#lookRegularly(), options.timing.relistMs)
    this.#regular.unref()
  }

  async open(): Promise<void> {
    const { docker, cursor } = this.#options
    try {
      this.#stopEvents = await followEvents(docker, cursor, {
        event: (event) => this.#hear(event),
        end: () => this.#lost(),
      })
      await this.#list(firstListTimeoutMs)
      if (this.#isClosed()) throw new Error('the event stream has ended')
    } catch (error) {
      this.close()
      this.#tellWaiting()
      throw error
    }
    this.#isListed = true
    if (this.#waiting.length > 0) this.#lookSoon()
  }

  containers(): readonly Container[] {
    return this.#containers
  }

  look(): Promise<void> {
    this.#listing ??= this.#listAndTell().finally(() => {
      this.#listing = null
      if (this.#waiting.length > 0) this.#lookSoon()
      else if (this.#ended.isBehind()) this.#lookSoon(behindMs)
    })
    return this.#listing
  }

  close(): void {
    this.#isOpen = false
    clearTimeout(this.#soon)
    clearInterval(this.#regular)
    this.#stopEvents?.()
  }

  /** Asked anew each time: it changes while the engine answers. */
  #isClosed(): boolean {
    return !this.#isOpen
  }

  /** Also before the connection is given up: the cursor has seen them, so they would not come again. */
  #tellWaiting(count = this.#waiting.length): void {
    for (const event of this.#waiting.splice(0, count)) this.#options.onEvent(event)
  }

  #lost(): void {
    if (this.#isClosed()) return
    this.close()
    this.#tellWaiting()
    this.#options.onLost()
  }

  #hear(event: EngineEvent): void {
    this.#heard += 1
    this.#waiting.push(event)
    if (event.kind === 'container') this.#ended.hear(event.event)
    this.#lookSoon()
  }

  async #list(timeoutMs: number): Promise<void> {
    const abortSignal = AbortSignal.timeout(timeoutMs)
    const answer = await this.#options.docker.listContainers({ all: true, abortSignal })
    this.#containers = this.#ended.correct(readContainers(answer))
    this.#listedAt = performance.now()
  }

  /** Reads the list, then tells of it and of the events that came before it. */
  async #listAndTell(): Promise<void> {
    const before = this.#waiting.length
    try {
      await this.#list(this.#options.timing.listTimeoutMs)
    } catch {
      this.#lost()
      return
    }
    if (this.#isClosed()) return
    this.#options.onContainers()
    this.#tellWaiting(before)
  }

  #lookSoon(leastMs = 0): void {
    if (this.#isClosed() || !this.#isListed || this.#listing || (this.#soon && leastMs > 0)) return
    clearTimeout(this.#soon)
    this.#soon = setTimeout(
      () => {
        this.#soon = undefined
        void this.look()
      },
      Math.max(leastMs, this.#listedAt + this.#options.timing.gatherMs - performance.now()),
    )
  }

  /** A regular look. When it shows what no event told of, the stream is dead though it does not say so. */
  async #lookRegularly(): Promise<void> {
    if (!this.#isListed) return
    const before = listMark(this.#containers)
    const heardBefore = this.#heard
    await this.look()
    if (this.#isClosed() || listMark(this.#containers) === before) return
    setTimeout(() => {
      if (this.#heard === heardBefore) this.#lost()
    }, eventLagMs).unref()
  }
}
