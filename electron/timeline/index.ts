import type { PanelEvent, Service, TimelineEntry } from '../../shared/contract'
import type { Listen } from '../async/listeners'
import type { Engine } from '../docker/engine'
import type { Redact } from '../logs/cutting'
import { createAsked } from './asked'
import { createCatchUp } from './catching-up'
import { createEngineEvents } from './engine-events'
import { createEntries } from './entries'
import { followEngine } from './following'
import { readChange, type LadderWord } from './happenings'
import { createKnown } from './known'
import { startTimes } from './start-times'
import { openTimelineStore, pageOf } from './store'
import { judgeActor } from './who'

export interface TimelineOptions {
  /** Absolute path of the file that keeps it. */
  file: string
  engine: Pick<Engine, 'onChange' | 'client' | 'containers' | 'status'>
  publish: (event: { type: 'timeline'; entry: TimelineEntry }) => void
  /** What happens in the panel. */
  listen: Listen<[PanelEvent]>
  /** Takes secrets out of why something failed, before that is kept. */
  redact: Redact
  /** Takes what is no expected failure. */
  reportBug: (error: unknown) => void
}

export type Timeline = ReturnType<typeof createTimeline>

/** Of so many of the last entries it is told how long starts took. */
const startsLookedAt = 200

/** Keeps what happens to services: from the engine's events, from the services themselves, from what Regie is asked. */
export function createTimeline({ file, engine, publish, listen, redact, reportBug }: TimelineOptions) {
  const store = openTimelineStore(file)
  const known = createKnown()
  const entries = createEntries({ store, publish, reportBug })
  const events = createEngineEvents({ engine, known, entries })
  const catchUp = createCatchUp({ engine, known, entries, events })
  const ladder = new Map<string, LadderWord>()

  const following = followEngine({ engine, known, events, catchUp })
  /** A service is there, or has changed. */
  const onService = (service: Service) => {
    const { id } = service
    const before = known.note(service)
    if (!before && service.compose && following.isConnected()) catchUp.begin([id], { readsPast: true })
    const now = Date.now()
    const deed = known.deedAt(id, now)
    entries.enqueue(async () => {
      const last = ladder.has(id) ? (ladder.get(id) ?? null) : await entries.lastWord(id)
      const { happenings, told } = readChange(before, service, last)
      ladder.set(id, told)
      for (const happening of happenings) await entries.add(id, now, happening, judgeActor(deed, happening, false))
    })
  }
  const stops = [
    following.stop,
    listen((event) => {
      if (event.type === 'service') onService(event.service)
      if (event.type !== 'service-removed') return
      known.services.delete(event.id)
      ladder.delete(event.id)
      entries.enqueue(() => store.forget(event.id))
    }),
    catchUp.stop,
  ]
  const settle = async () => {
    await entries.settled()
    await store.close()
  }

  return {
    ...createAsked({ known, entries, redact }),
    /** A page of a service's entries, newest first. */
    list: async ({ id, limit, cursor }: { id: string; limit: number; cursor?: string | undefined }) =>
      pageOf(await store.of(id), limit, cursor),
    /** A service's entries from one moment until before another (Unix ms), oldest first. */
    between: async (id: string, from: number, to: number) =>
      (await store.of(id)).filter(({ at }) => at >= from && at < to),
    /** How long the last starts of a service took until it was ready, so many at most, in ms, newest first. */
    startTimes: async (id: string, most = 5) => startTimes(pageOf(await store.of(id), startsLookedAt).items, most),
    /** Waits until all that was heard is kept. */
    settle,
    async close() {
      for (const stop of stops) stop()
      await settle()
    },
  }
}
