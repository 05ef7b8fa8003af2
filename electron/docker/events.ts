import type Dockerode from 'dockerode'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import * as z from 'zod'
import type { ContainerEvent } from './engine'

/** What is asked of the event stream. Exec events, which every health check makes, are left out by the engine. */
const filters = JSON.stringify({
  type: ['container', 'image'],
  event: [
    ...['create', 'start', 'die', 'stop', 'kill', 'oom', 'destroy', 'rename', 'pause', 'unpause', 'restart', 'update'],
    ...['health_status', 'pull'],
  ],
})

const EventLine = z.object({
  Type: z.string(),
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()).nullish().catch(null) }),
  /** Seconds. */
  time: z.number(),
  timeNano: z.number().optional(),
})

export type EngineEvent =
  | { kind: 'container'; event: ContainerEvent }
  /** An image was pulled, by its name with tag. */
  | { kind: 'pull'; image: string; at: number }

/** One line of the stream: the event, when it happened, and what tells it from every other one. */
export interface ReadEvent {
  event: EngineEvent
  /** Unix ms, by the engine's clock. */
  at: number
  key: string
}

/** Reads one line of the event stream; `null` for what is no event of interest. */
export function readEvent(line: string): ReadEvent | null {
  const parsed = EventLine.safeParse(parseJson(line))
  if (!parsed.success) return null
  const { Type, Action, Actor, time, timeNano } = parsed.data
  const at = timeNano === undefined ? time * 1000 : Math.floor(timeNano / 1e6)
  const key = `${timeNano ?? time} ${Type} ${Action} ${Actor.ID}`
  if (Type === 'image' && Action === 'pull') return { event: { kind: 'pull', image: Actor.ID, at }, at, key }
  if (Type !== 'container' || Action.startsWith('exec_')) return null
  const attributes = Actor.Attributes ?? {}
  const event = { containerId: Actor.ID, name: attributes['name'] ?? '', action: Action, at, attributes }
  return { event: { kind: 'container', event }, at, key }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** How many events are remembered to know one again; the engine itself keeps 256. */
const remembered = 1024

/**
 * Where in the history of an engine we are, so that a stream which breaks is taken up again without a gap and without
 * telling anything twice: the engine is asked from the second of the last event on, and what is known is dropped.
 */
export function createEventCursor() {
  const seen = new Set<string>()
  let begin: number | null = null
  let latest: number | null = null
  return {
    /** The second to ask from; `null` before the beginning. */
    since: () => (latest === null ? null : Math.floor(latest / 1000)),
    /** Where listening begins (Unix ms, by the engine's clock): what was before is no news. Counts once. */
    startAt(at: number) {
      begin ??= at
      latest ??= at
    },
    /** True the first time that an event comes. */
    isNew({ key, at }: Pick<ReadEvent, 'key' | 'at'>): boolean {
      if (seen.has(key) || (begin !== null && at < begin)) return false
      seen.add(key)
      for (const oldest of seen) {
        if (seen.size <= remembered) break
        seen.delete(oldest)
      }
      latest = Math.max(latest ?? 0, at)
      return true
    },
  }
}

export type EventCursor = ReturnType<typeof createEventCursor>

/** dockerode types its event stream as less than it is. */
const isReadable = (stream: NodeJS.ReadableStream): stream is Readable & NodeJS.ReadableStream => 'destroy' in stream

/**
 * Follows the engine's events. Resolves when the engine has begun to send; `onEnd` is called once, when the stream has
 * ended for any reason but the returned function, which stops it.
 */
export async function followEvents(
  docker: Dockerode,
  cursor: EventCursor,
  on: { event: (event: EngineEvent) => void; end: () => void },
): Promise<() => void> {
  const since = cursor.since()
  const stream = await docker.getEvents({ filters, ...(since === null ? {} : { since }) })
  let stopped = false
  const end = () => {
    if (stopped) return
    stopped = true
    on.end()
  }
  const lines = createInterface({ input: stream, crlfDelay: Infinity })
  lines.on('line', (line) => {
    if (stopped) return
    const read = readEvent(line)
    if (read && cursor.isNew(read)) on.event(read.event)
  })
  lines.on('close', end)
  // readline tells of the stream's errors too, and nobody listening would end the panel.
  lines.on('error', end)
  stream.on('error', end)
  return () => {
    stopped = true
    lines.close()
    if (isReadable(stream)) stream.destroy()
  }
}

/** The events of containers that the engine still remembers (the last 256 of all kinds), oldest first. */
export async function readPastEvents(
  docker: Dockerode,
  sinceSecond: number,
  signal: AbortSignal,
): Promise<ContainerEvent[]> {
  const options = { filters, since: sinceSecond, until: Math.ceil(Date.now() / 1000), abortSignal: signal }
  const found: ContainerEvent[] = []
  for await (const line of createInterface({ input: await docker.getEvents(options), crlfDelay: Infinity })) {
    const read = readEvent(line)
    if (read?.event.kind === 'container') found.push(read.event.event)
  }
  return found
}
