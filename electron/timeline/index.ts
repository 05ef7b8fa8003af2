import type { Operation, PanelEvent, Service, TimelineEntry } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Listen } from '../async/listeners'
import { createSerial } from '../async/serial'
import type { Container, ContainerEvent, Engine } from '../docker/engine'
import { readPastEvents } from '../docker/events'
import type { Redact } from '../logs/cutting'
import { reasonWithoutSecrets } from '../logs/reasons'
import { serviceOfContainer } from './belongs'
import {
  newMemory,
  readChange,
  readHappening,
  type ContainerMemory,
  type Happening,
  type LadderWord,
} from './happenings'
import { eventKey, lifecycleKinds, missedHappening, readTimes, type ContainerTimes } from './past'
import { startTimes } from './start-times'
import { openTimelineStore } from './store'
import { createClock, createDeeds, judgeActor, type Deed } from './who'

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

/** An operation, and who asked for it. */
export interface Asked {
  serviceId: string
  operation: Operation
  name: string
}

export type Timeline = ReturnType<typeof createTimeline>

/** How long after a connection the list is compared: what the engine remembers is told first. */
const compareAfterMs = 1000

/** An inspect answers at once, or the engine has other troubles. */
const inspectTimeoutMs = 3000

const rememberedEvents = 1000

/** Of so many of the last entries it is told how long starts took. */
const startsLookedAt = 200

/** Keeps what happens to services: from the engine's events, from the services themselves, from what Regie is asked. */
export function createTimeline({ file, engine, publish, listen, redact, reportBug }: TimelineOptions) {
  const store = openTimelineStore(file)
  const deeds = createDeeds()
  const clock = createClock()
  const services = new Map<string, Service>()
  const ladder = new Map<string, LadderWord>()
  const memories = new Map<string, ContainerMemory>()
  /** Which containers are there, as the events tell it: containers by id, services as values. */
  const present = new Map<string, string>()
  const told = new Set<string>()
  const openDeeds = new Map<string, () => void>()
  let comparing: NodeJS.Timeout | undefined
  const inTurn = createSerial()

  /** One after the other, so that entries stand in the order in which things happened. */
  const enqueue = (work: () => Promise<void>) => {
    inTurn(work).catch(reportBug)
  }

  const add = async (
    serviceId: string,
    at: number,
    happening: Happening,
    who: Pick<TimelineEntry, 'actor' | 'name' | 'operation'>,
  ) => {
    const entry = await store.add({
      serviceId,
      at,
      kind: happening.kind,
      ...who,
      exitCode: happening.exitCode ?? null,
      signal: happening.signal ?? null,
      image: happening.image ?? null,
      ...(happening.reason ? { reason: happening.reason } : {}),
    })
    publish({ type: 'timeline', entry })
  }

  const projectMates = (serviceId: string) => {
    const project = services.get(serviceId)?.compose
    if (!project) return []
    return [...services.values()].filter(({ compose }) => compose?.file === project.file).map(({ id }) => id)
  }

  /** A `down` takes the whole project with it. */
  const deedAt = (serviceId: string, time: number): Deed | null => {
    const own = deeds.at([serviceId], time)
    if (own) return own
    const mates = deeds.at(projectMates(serviceId), time)
    return mates?.operation === 'down' ? mates : null
  }

  const inspect = async (containerId: string): Promise<ContainerTimes | null> => {
    try {
      const docker = await engine.client()
      const options = { abortSignal: AbortSignal.timeout(inspectTimeoutMs) }
      return readTimes(await docker.getContainer(containerId).inspect(options))
    } catch {
      // It is gone already, or the engine is: then nobody knows.
      return null
    }
  }

  const onEvent = (event: ContainerEvent, isPast: boolean) => {
    const serviceId = serviceOfContainer(services.values(), event.containerId, event.attributes)
    if (serviceId === null) return
    const key = eventKey(event)
    if (told.has(key)) return
    told.add(key)
    for (const oldest of told) {
      if (told.size <= rememberedEvents) break
      told.delete(oldest)
    }
    // Now, for an operation may have ended by the time the queue comes to it.
    const deed = isPast ? null : deedAt(serviceId, clock(event.at, Date.now()))
    if (event.action === 'create') present.set(event.containerId, serviceId)
    if (event.action === 'destroy') present.delete(event.containerId)
    const hasSibling = [...present].some(([id, owner]) => owner === serviceId && id !== event.containerId)
    const asksRestarts = event.action === 'start' && deed === null && !isPast
    const times = asksRestarts ? inspect(event.containerId) : Promise.resolve(null)
    enqueue(async () => {
      const restarts = (await times)?.restarts ?? null
      const memory = memories.get(event.containerId) ?? newMemory()
      const read = readHappening(event, memory, { hasSibling, restarts })
      memories.set(event.containerId, read.memory)
      if (event.action === 'destroy') memories.delete(event.containerId)
      if (!read.happening) return
      const isKnown =
        isPast && (await store.of(serviceId)).some(({ at, kind }) => at === event.at && kind === read.happening?.kind)
      if (!isKnown) await add(serviceId, event.at, read.happening, judgeActor(deed, read.happening, isPast))
    })
  }

  const onPull = (image: string, at: number) => {
    const owners = new Set(
      engine
        .containers()
        .filter((container) => container.image === image)
        .map(({ id, labels }) => serviceOfContainer(services.values(), id, labels)),
    )
    for (const { id } of services.values()) if (deeds.current(id)?.operation === 'pull') owners.add(id)
    for (const serviceId of owners) {
      if (serviceId === null) continue
      const deed = deedAt(serviceId, Date.now())
      const happening: Happening = { kind: 'pulled', otherwise: 'outside', isOwn: false, image }
      enqueue(() => add(serviceId, at, happening, judgeActor(deed, happening, false)))
    }
  }

  /** What the engine still remembers of the time when nobody listened, which ended at `until`. */
  const readPast = async (sinceSecond: number, until: number) => {
    const docker = await engine.client().catch(() => null)
    if (!docker) return
    const events = await readPastEvents(docker, sinceSecond, AbortSignal.timeout(inspectTimeoutMs)).catch(() => [])
    for (const event of events) if (event.at < until) onEvent(event, true)
  }

  const containersOf = (serviceId: string): Container[] =>
    engine.containers().filter(({ id, labels }) => serviceOfContainer(services.values(), id, labels) === serviceId)

  /** Tells what the engine no longer remembers, from how the containers are. */
  const compare = async (serviceId: string, until: number) => {
    const newest = containersOf(serviceId).sort((a, b) => b.createdAt - a.createdAt)[0]
    if (!newest) return
    const last = (await store.of(serviceId)).findLast(({ kind }) => lifecycleKinds.includes(kind)) ?? null
    const times = await inspect(newest.id)
    const missed = times && missedHappening(last, newest.state, times)
    if (missed && missed.at < until)
      await add(serviceId, missed.at, missed, { actor: missed.otherwise, name: null, operation: null })
  }

  const catchUp = (serviceIds: readonly string[], { readsPast }: { readsPast: boolean }) => {
    // From now on the engine's own stream tells.
    const until = Date.now()
    for (const container of engine.containers()) {
      const owner = serviceOfContainer(services.values(), container.id, container.labels)
      if (owner !== null) present.set(container.id, owner)
    }
    if (readsPast)
      enqueue(async () => {
        const entries = (await Promise.all(serviceIds.map((id) => store.of(id)))).flat()
        await readPast(Math.floor(entries.reduce((latest, { at }) => Math.max(latest, at), 0) / 1000), until)
      })
    clearTimeout(comparing)
    comparing = setTimeout(() => {
      for (const id of services.keys()) if (containersOf(id).length > 0) enqueue(() => compare(id, until))
    }, compareAfterMs)
    comparing.unref()
  }

  let wasConnected = engine.status().state === 'connected'
  /** Later the engine's own stream takes up where it broke. */
  let wasEverConnected = wasConnected
  const unlisten = engine.onChange((change) => {
    switch (change.type) {
      case 'event':
        onEvent(change.event, false)
        return
      case 'pull':
        onPull(change.image, change.at)
        return
      case 'containers':
        return
      case 'status': {
        const isConnected = change.status.state === 'connected'
        if (isConnected && !wasConnected) catchUp([...services.keys()], { readsPast: !wasEverConnected })
        wasConnected = isConnected
        wasEverConnected ||= isConnected
        return
      }
    }
  })

  /** An operation that nobody announced is Regie's all the same. */
  const followOperation = ({ id, operation }: Service) => {
    if (operation === null) {
      openDeeds.get(id)?.()
      openDeeds.delete(id)
    } else if (!deeds.current(id)) {
      openDeeds.set(id, deeds.begin({ serviceId: id, operation, name: null }))
    }
  }

  /** A service is there, or has changed. */
  function onService(service: Service) {
    const before = services.get(service.id) ?? null
    services.set(service.id, service)
    followOperation(service)
    if (!before && service.compose && wasConnected) catchUp([service.id], { readsPast: true })
    const now = Date.now()
    const deed = deedAt(service.id, now)
    enqueue(async () => {
      const known = ladder.has(service.id) ? (ladder.get(service.id) ?? null) : await lastWord(service.id)
      const { happenings, told: word } = readChange(before, service, known)
      ladder.set(service.id, word)
      for (const happening of happenings) await add(service.id, now, happening, judgeActor(deed, happening, false))
    })
  }

  const stopListening = listen((event) => {
    if (event.type === 'service') onService(event.service)
    if (event.type !== 'service-removed') return
    services.delete(event.id)
    ladder.delete(event.id)
    enqueue(() => store.forget(event.id))
  })

  /** A page of a service's entries, newest first. */
  async function list({ id, limit, cursor }: { id: string; limit: number; cursor?: string | undefined }) {
    const entries = [...(await store.of(id))].reverse()
    const from = cursor === undefined ? 0 : entries.findIndex((entry) => entry.id === cursor) + 1
    // A cursor that is no longer kept was older than all that is.
    if (cursor !== undefined && from === 0) return { items: [], nextCursor: null }
    const items = entries.slice(from, from + limit)
    const last = items.at(-1)
    return { items, nextCursor: from + limit < entries.length && last ? last.id : null }
  }

  return {
    /** Does an operation that somebody asked for; what happens meanwhile is put down to them, and its failure told. */
    async during<T>(asked: Asked, work: () => Promise<T>): Promise<T> {
      const end = deeds.begin(asked)
      try {
        return await work()
      } catch (error) {
        if (error instanceof Problem && error.id !== 'service.busy' && services.has(asked.serviceId)) {
          const { serviceId, operation, name } = asked
          const at = Date.now()
          const why = reasonWithoutSecrets(error, redact)
          const happening: Happening = { kind: 'failed', otherwise: 'regie', isOwn: true, reason: why }
          enqueue(() => add(serviceId, at, happening, { actor: 'regie', name, operation }))
        }
        throw error
      } finally {
        end()
      }
    },

    /** The same for one operation on several services; failures are each service's own. */
    async duringEach<T>(asked: readonly Asked[], work: () => Promise<T>): Promise<T> {
      const ends = asked.map((one) => deeds.begin(one))
      try {
        return await work()
      } finally {
        for (const end of ends) end()
      }
    },

    list,

    /** How long the last starts of a service took until it was ready, in ms, newest first. */
    startTimes: async (id: string) => startTimes((await list({ id, limit: startsLookedAt })).items),

    /** Waits until all that was heard is kept. */
    settle: async () => {
      await inTurn.settled()
      await store.close()
    },

    async close() {
      unlisten()
      stopListening()
      clearTimeout(comparing)
      await inTurn.settled()
      await store.close()
    },
  }

  /** What the ladder told last before this panel started, unless the service ended after it. */
  async function lastWord(serviceId: string): Promise<LadderWord> {
    const entries = await store.of(serviceId)
    const last = entries.findLast(
      ({ kind }) => lifecycleKinds.includes(kind) || kind === 'ready' || kind === 'unhealthy' || kind === 'locked-out',
    )
    return last?.kind === 'ready' || last?.kind === 'unhealthy' || last?.kind === 'locked-out' ? last.kind : null
  }
}
