import type { Engine } from '../docker/engine'
import { readPastEvents } from '../docker/events'
import { inspectTimes, type EngineEvents, type EventsOptions } from './engine-events'
import { lifecycleKinds, missedHappening } from './past'

/** How long after a connection the list is compared: what the engine remembers is told first. */
const compareAfterMs = 1000

/** An answer comes at once, or the engine has other troubles. */
const pastTimeoutMs = 3000

interface CatchUpOptions extends EventsOptions {
  engine: Pick<Engine, 'client' | 'containers'>
  events: EngineEvents
}

/** Learns what happened while nobody listened to the engine. */
export function createCatchUp({ engine, known, entries, events }: CatchUpOptions) {
  let comparing: NodeJS.Timeout | undefined

  /** What the engine still remembers of the time when nobody listened, which ended at `until`. */
  const readPast = async (serviceIds: readonly string[], until: number) => {
    const before = (await Promise.all(serviceIds.map((id) => entries.of(id)))).flat()
    const since = Math.floor(before.reduce((latest, { at }) => Math.max(latest, at), 0) / 1000)
    // What the engine does not tell is made up for from how its containers are.
    const docker = await engine.client().catch(() => null)
    if (!docker) return
    const past = await readPastEvents(docker, since, AbortSignal.timeout(pastTimeoutMs)).catch(() => [])
    for (const event of past) if (event.at < until) events.hear(event, true)
  }
  const containersOf = (serviceId: string) =>
    engine.containers().filter((container) => known.ownerOf(container) === serviceId)

  /** Tells what the engine no longer remembers, from how the containers are. */
  const compare = async (serviceId: string, until: number) => {
    const newest = containersOf(serviceId).sort((a, b) => b.createdAt - a.createdAt)[0]
    if (!newest) return
    const last = (await entries.of(serviceId)).findLast(({ kind }) => lifecycleKinds.includes(kind)) ?? null
    const times = await inspectTimes(engine, newest.id)
    const missed = times && missedHappening(last, newest.state, times)
    if (missed && missed.at < until)
      await entries.add(serviceId, missed.at, missed, { actor: missed.otherwise, name: null, operation: null })
  }

  return {
    /** From now on the engine's own stream tells. */
    begin(serviceIds: readonly string[], { readsPast }: { readsPast: boolean }): void {
      const until = Date.now()
      events.notePresent(engine.containers())
      if (readsPast) entries.enqueue(() => readPast(serviceIds, until))
      clearTimeout(comparing)
      comparing = setTimeout(() => {
        for (const id of known.services.keys())
          if (containersOf(id).length > 0) entries.enqueue(() => compare(id, until))
      }, compareAfterMs)
      comparing.unref()
    },
    stop: () => clearTimeout(comparing),
  }
}

export type CatchUp = ReturnType<typeof createCatchUp>
