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
  const { docker, cursor, timing } = options
  let containers: readonly Container[] = []
  const waiting: EngineEvent[] = []
  const ended = createEndedContainers()
  let heard = 0
  let isOpen = true
  let isListed = false
  let listedAt = 0
  let soon: NodeJS.Timeout | undefined
  let listing: Promise<void> | null = null

  let stopEvents: (() => void) | undefined
  const regular = setInterval(() => void lookRegularly(), timing.relistMs)
  regular.unref()

  const isClosed = () => !isOpen
  const close = () => {
    isOpen = false
    clearTimeout(soon)
    clearInterval(regular)
    stopEvents?.()
  }
  /** Also before the connection is given up: the cursor has seen them, so they would not come again. */
  const tellWaiting = () => {
    for (const event of waiting.splice(0)) options.onEvent(event)
  }
  const lost = () => {
    if (isClosed()) return
    close()
    tellWaiting()
    options.onLost()
  }

  const list = async (timeoutMs: number) => {
    const answer = await docker.listContainers({ all: true, abortSignal: AbortSignal.timeout(timeoutMs) })
    containers = ended.correct(readContainers(answer))
    listedAt = performance.now()
  }

  /** Reads the list, then tells of it and of the events that came before it. */
  const look = async () => {
    const before = waiting.length
    try {
      await list(timing.listTimeoutMs)
    } catch {
      lost()
      return
    }
    if (isClosed()) return
    options.onContainers()
    for (const event of waiting.splice(0, before)) options.onEvent(event)
  }
  const lookOnce = () =>
    (listing ??= look().finally(() => {
      listing = null
      if (waiting.length > 0) lookSoon()
      else if (ended.isBehind()) lookSoon(behindMs)
    }))
  function lookSoon(leastMs = 0) {
    if (isClosed() || !isListed || listing || (soon && leastMs > 0)) return
    clearTimeout(soon)
    soon = setTimeout(
      () => {
        soon = undefined
        void lookOnce()
      },
      Math.max(leastMs, listedAt + timing.gatherMs - performance.now()),
    )
  }

  try {
    stopEvents = await followEvents(docker, cursor, {
      event: (event) => {
        heard += 1
        waiting.push(event)
        if (event.kind === 'container') ended.hear(event.event)
        lookSoon()
      },
      end: lost,
    })
    await list(firstListTimeoutMs)
    if (isClosed()) throw new Error('the event stream has ended')
  } catch (error) {
    close()
    tellWaiting()
    throw error
  }
  isListed = true

  /** A regular look. When it shows what no event told of, the stream is dead though it does not say so. */
  async function lookRegularly() {
    if (!isListed) return
    const before = listMark(containers)
    const heardBefore = heard
    await lookOnce()
    if (isClosed() || listMark(containers) === before) return
    setTimeout(() => {
      if (heard === heardBefore) lost()
    }, eventLagMs).unref()
  }

  if (waiting.length > 0) lookSoon()
  return { containers: () => containers, look: lookOnce, close }
}
