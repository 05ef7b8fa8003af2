import type { Container, ContainerEvent, Engine } from '../docker/engine'
import type { Entries } from './entries'
import { newMemory, readHappening, type ContainerMemory, type Happening } from './happenings'
import type { Known } from './known'
import { eventKey, readTimes, type ContainerTimes } from './past'
import { createClock, judgeActor } from './who'

/** An inspect answers at once, or the engine has other troubles. */
const inspectTimeoutMs = 3000

const rememberedEvents = 1000

export interface EventsOptions {
  engine: Pick<Engine, 'client' | 'containers'>
  known: Known
  entries: Entries
}

/** A container's times now; null where it is gone already, or the engine is: then nobody knows. */
export async function inspectTimes(
  engine: Pick<Engine, 'client'>,
  containerId: string,
): Promise<ContainerTimes | null> {
  try {
    const docker = await engine.client()
    const options = { abortSignal: AbortSignal.timeout(inspectTimeoutMs) }
    return readTimes(await docker.getContainer(containerId).inspect(options))
  } catch {
    return null
  }
}

/** What was told already. */
function createTold() {
  const told = new Set<string>()
  /** Whether it is new. */
  return (key: string): boolean => {
    if (told.has(key)) return false
    told.add(key)
    for (const oldest of told) {
      if (told.size <= rememberedEvents) break
      told.delete(oldest)
    }
    return true
  }
}

/** Reads the engine's events: what they say of containers that belong to services. */
export function createEngineEvents({ engine, known, entries }: EventsOptions) {
  const clock = createClock()
  const isNew = createTold()
  const memories = new Map<string, ContainerMemory>()
  /** Which containers are there, as the events tell it: containers by id, services as values. */
  const present = new Map<string, string>()

  return {
    hear(event: ContainerEvent, isPast: boolean): void {
      const { containerId, action } = event
      const serviceId = known.ownerOf({ id: containerId, labels: event.attributes })
      if (serviceId === null || !isNew(eventKey(event))) return
      // Now, for an operation may have ended by the time the queue comes to it.
      const deed = isPast ? null : known.deedAt(serviceId, clock(event.at, Date.now()))
      if (action === 'create') present.set(containerId, serviceId)
      if (action === 'destroy') present.delete(containerId)
      const hasSibling = [...present].some(([id, owner]) => owner === serviceId && id !== containerId)
      const asksRestarts = action === 'start' && deed === null && !isPast
      const times = asksRestarts ? inspectTimes(engine, containerId) : Promise.resolve(null)
      entries.enqueue(async () => {
        const restarts = (await times)?.restarts ?? null
        const { memory, happening } = readHappening(event, memories.get(containerId) ?? newMemory(), {
          hasSibling,
          restarts,
        })
        memories.set(containerId, memory)
        if (action === 'destroy') memories.delete(containerId)
        if (!happening) return
        const isKnown =
          isPast && (await entries.of(serviceId)).some(({ at, kind }) => at === event.at && kind === happening.kind)
        if (!isKnown) await entries.add(serviceId, event.at, happening, judgeActor(deed, happening, isPast))
      })
    },
    pulled(image: string, at: number): void {
      const owners = new Set(
        engine
          .containers()
          .filter((container) => container.image === image)
          .map(known.ownerOf),
      )
      for (const { id } of known.services.values()) if (known.deeds.current(id)?.operation === 'pull') owners.add(id)
      for (const serviceId of owners) {
        if (serviceId === null) continue
        const deed = known.deedAt(serviceId, Date.now())
        const happening: Happening = { kind: 'pulled', otherwise: 'outside', isOwn: false, image }
        entries.enqueue(() => entries.add(serviceId, at, happening, judgeActor(deed, happening, false)))
      }
    },
    /** Takes the containers that there are for known. */
    notePresent(containers: readonly Container[]): void {
      for (const container of containers) {
        const owner = known.ownerOf(container)
        if (owner !== null) present.set(container.id, owner)
      }
    },
  }
}

export type EngineEvents = ReturnType<typeof createEngineEvents>
