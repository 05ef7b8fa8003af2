import { EventPublisher } from '@orpc/server'
import type { PanelEvent } from '../../shared/contract'

const heartbeatMs = 25_000

/** Spreads what changes to every open page. A page that does not keep up loses the oldest events, not the panel its memory. */
export function createPanelEvents() {
  const publisher = new EventPublisher<{ event: PanelEvent }>({ maxBufferedEvents: 1000 })
  let subscribers = 0
  let heartbeat: NodeJS.Timeout | undefined

  const arrive = () => {
    subscribers += 1
    heartbeat ??= setInterval(() => publisher.publish('event', { type: 'hello', at: Date.now() }), heartbeatMs)
  }
  const leave = () => {
    subscribers -= 1
    if (subscribers > 0) return
    clearInterval(heartbeat)
    heartbeat = undefined
  }

  return {
    publish(event: PanelEvent) {
      publisher.publish('event', event)
    },

    /** Everything from now on, a `hello` first and every 25 s. Ends with the signal or the consumer. */
    async *subscribe(signal?: AbortSignal): AsyncGenerator<PanelEvent, void, undefined> {
      const ended = new AbortController()
      const all = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal
      const events = publisher.subscribe('event', { signal: all })
      arrive()
      try {
        yield { type: 'hello', at: Date.now() }
        for await (const event of events) yield event
      } catch (error) {
        if (!all.aborted) throw error
      } finally {
        leave()
        ended.abort()
      }
    },

    subscriberCount: () => subscribers,
  }
}

export type PanelEvents = ReturnType<typeof createPanelEvents>
