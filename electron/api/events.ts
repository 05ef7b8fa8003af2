import { EventPublisher } from '@orpc/server'
import type { PanelEvent } from '../../shared/contract'
import { createListeners } from '../async/listeners'
import { placed } from './resuming'

const heartbeatMs = 25_000

/** So many events are kept for pages that were cut off, and for each that does not keep up. */
const keptEvents = 1000

interface Placed {
  place: number
  event: PanelEvent
}

const hello = (): PanelEvent => ({ type: 'hello', at: Date.now() })

/** The events after the place `told`, with a gap before each that others should have come before. */
async function* withGaps(events: AsyncIterable<Placed>, told: number): AsyncGenerator<Placed, void, undefined> {
  let reached = told
  for await (const next of events) {
    // A hello takes no place of its own.
    const before = next.event.type === 'hello' ? next.place : next.place - 1
    if (before > reached) yield { place: before, event: { type: 'gap' } }
    reached = next.place
    yield next
  }
}

/**
 * Spreads what changes to every open page. A page that does not keep up loses the oldest events, not the panel its
 * memory, and is told so by a `gap`.
 */
export function createPanelEvents() {
  const publisher = new EventPublisher<{ event: Placed }>({ maxBufferedEvents: keptEvents })
  const kept: Placed[] = []
  let last = 0
  let subscribers = 0
  let heartbeat: NodeJS.Timeout | undefined
  const arrivals = createListeners<[]>()

  const arrive = () => {
    subscribers += 1
    // It changes nothing, so nobody has to be told it later.
    heartbeat ??= setInterval(() => publisher.publish('event', { place: last, event: hello() }), heartbeatMs)
    arrivals.tell()
  }
  const leave = () => {
    subscribers -= 1
    if (subscribers > 0) return
    clearInterval(heartbeat)
    heartbeat = undefined
  }

  return {
    publish(event: PanelEvent) {
      last += 1
      kept.push({ place: last, event })
      if (kept.length > keptEvents) kept.shift()
      publisher.publish('event', { place: last, event })
    },

    /**
     * Everything from now on, a `hello` first and every 25 s; or everything after the place `after`, without the
     * first `hello`, where that is still known. A `gap` stands where events were lost, because more came than are kept
     * for a consumer that is slow. Ends with the signal or the consumer.
     */
    async *subscribe(signal?: AbortSignal, after?: number): AsyncGenerator<PanelEvent, void, undefined> {
      const ended = new AbortController()
      const all = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal
      const events = publisher.subscribe('event', { signal: all })
      // In one go with the line above: what comes from here on is listened to, what came before is kept.
      const begin = last
      const isKnown = after !== undefined && after <= last && after >= (kept[0]?.place ?? last + 1) - 1
      const missed = isKnown ? kept.filter(({ place }) => place > after) : []
      arrive()
      try {
        if (!isKnown) yield placed(hello(), begin)
        for (const { place, event } of missed) yield placed(event, place)
        for await (const { place, event } of withGaps(events, begin)) yield placed(event, place)
      } catch (error) {
        if (!all.aborted) throw error
      } finally {
        leave()
        ended.abort()
      }
    },

    subscriberCount: () => subscribers,
    /** Tells that somebody has come. */
    onArrival: arrivals.on,
  }
}

export type PanelEvents = ReturnType<typeof createPanelEvents>
