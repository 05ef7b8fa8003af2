import type { Service, ServiceLoad, TimelineEntry } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { hasEnded, isComing } from '../services/load'
import type { SleepClock } from './clock'
import { decide, type Decision, type Sleeper } from './decide'
import type { SleepingOptions } from './options'
import type { Uses } from './use'

export type Acting = Omit<SleepingOptions, 'listen' | 'clock' | 'changed'> & {
  clock: SleepClock
  uses: Uses
  /** When somebody last started or stopped a service, or tried to (Unix ms); null where that is not known. */
  touched: (id: string) => Promise<number | null>
}

/** Whether nothing is ever done to it: what somebody else runs is not stopped, nor are its models taken from its users. */
export const leftAlone = ({ runtime, idle }: Pick<Service, 'runtime' | 'idle'>): boolean =>
  runtime === 'external' || (idle.stopAfterMin === null && idle.unloadAfterMin === null && idle.schedule === null)

/** What says that somebody has started or stopped it, or has tried to. */
const touches: readonly TimelineEntry['kind'][] = ['started', 'stopped', 'ended', 'crashed', 'removed', 'failed']

/** Of so many of the last entries it is told when that was; more health changes than that lie in between nowhere. */
const entriesLookedAt = 100

export async function touchedAt({ timeline }: Pick<Acting, 'timeline'>, id: string): Promise<number | null> {
  const { items } = await timeline.list({ id, limit: entriesLookedAt })
  return items.find(({ kind }) => touches.includes(kind))?.at ?? null
}

/** Tells why something due is not done: once, until somebody works with it again or the reason is another one. */
async function tell({ timeline, uses }: Acting, id: string, doing: 'stop' | 'unload', why: Problem): Promise<void> {
  const kind = doing === 'stop' ? 'not-stopped' : 'not-unloaded'
  const word = `${kind} ${why.id}`
  if (uses.of(id).told?.word === word) return
  uses.of(id).told = { word, why }
  // A panel that was started anew says nothing twice.
  const [last] = (await timeline.list({ id, limit: 1 })).items
  if (last?.kind === kind && last.reason?.problem === why.id) return
  timeline.note({ serviceId: id, kind, name: 'idle', why })
}

type Due = Extract<Decision, { minutes: number }>

/** Why a service whose time is up must be left alone now; null when nothing stands against it. */
function against(acting: Acting, id: string, { minutes }: Due, load: ServiceLoad): Problem | null {
  const { services, own, rotatingOn, uses } = acting
  const credential = rotatingOn(id)
  if (credential !== null) return new Problem('sleeping.rotating', { minutes, credential })
  try {
    services.assertFree(id)
  } catch (error) {
    if (error instanceof Problem) return new Problem('sleeping.refused', { minutes, cause: error.message })
    throw error
  }
  switch (load.state) {
    case 'unknown':
      return new Problem('sleeping.unknown', { minutes, cause: load.reason?.message ?? '' })
    case 'busy':
      return new Problem('sleeping.busy', { minutes, running: load.running ?? 0, waiting: load.waiting ?? 0 })
    case 'stopped':
    case 'idle': {
      // Looked at after the service has answered, and without a pause before the stop is begun.
      const since = own(id) + uses.of(id).going
      return since > 0 ? new Problem('sleeping.busy', { minutes, running: 0, waiting: since }) : null
    }
  }
}

async function stop({ services, timeline, uses }: Acting, id: string, minutes: number): Promise<void> {
  const { reason } = new Problem('sleeping.stopped', { minutes })
  const asked = { serviceId: id, operation: 'stop' as const, name: 'idle', reason }
  try {
    await timeline.during(asked, () => services.stop(id))
  } catch (error) {
    // Told by the timeline as a stop that failed; tried again when its time is up once more.
    if (!(error instanceof Problem)) throw error
    uses.used(id)
  }
}

async function unload(acting: Acting, id: string, minutes: number): Promise<void> {
  const { services, timeline, uses } = acting
  try {
    await services.freeMemory(id)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return tell(acting, id, 'unload', new Problem('sleeping.refused', { minutes, cause: error.message }))
  }
  uses.unloaded(id)
  timeline.note({ serviceId: id, kind: 'unloaded', name: 'idle', why: new Problem('sleeping.unloaded', { minutes }) })
}

async function putToSleep(acting: Acting, id: string, due: Due, load: ServiceLoad): Promise<void> {
  const why = against(acting, id, due, load)
  // A file that is being fetched is no news; it is looked at again.
  if (!why && acting.uses.of(id).reading > 0) return
  if (why) return tell(acting, id, due.do, why)
  return due.do === 'stop' ? stop(acting, id, due.minutes) : unload(acting, id, due.minutes)
}

async function startByHours({ services, timeline, isOpen, rotatingOn }: Acting, id: string): Promise<void> {
  // Without its secret it would fail, and a failed start is not tried again before the next hours.
  if (!isOpen() || rotatingOn(id) !== null) return
  const { reason } = new Problem('sleeping.scheduled')
  const asked = { serviceId: id, operation: 'start' as const, name: 'schedule', reason }
  // Its failure stands in the timeline and in its health.
  await timeline
    .during(asked, () => services.start(id))
    .catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error
    })
}

/** Looks at one service and does what is due; resolves with in how many ms to look again, null where nothing is to come. */
async function actOn(acting: Acting, { service, isUp }: { service: Service; isUp: boolean }): Promise<number | null> {
  const { clock, uses, loadOf } = acting
  const { id, idle } = service
  // One that somebody has started since the panel before this one ended is somebody's.
  const isSomebodys = (service.container?.startedAt ?? 0) > (uses.of(id).goesOnFrom ?? Infinity)
  if (!isUp || isSomebodys) uses.used(id)
  const use = isUp ? uses.pass(id) : uses.of(id)
  const sleeper = async (): Promise<Sleeper> => ({
    ...{ idle, isUp, idleMs: use.idleMs, isUnloaded: use.isUnloaded },
    touchedAt: isUp ? null : await acting.touched(id),
  })
  const decision = decide(clock.now(), await sleeper())
  if (!isUp) {
    if (decision.do === 'start') await startByHours(acting, id)
    return decision.do === 'wait' ? (decision.next?.inMs ?? null) : null
  }
  const load = await loadOf(id)
  const wasUnseen = use.isUnseen
  use.isUnseen = load.state === 'unknown'
  // A time in which nothing could be seen counts for nothing once something can.
  if (wasUnseen && !use.isUnseen) uses.used(id)
  else if (decision.do === 'unload' || decision.do === 'stop') await putToSleep(acting, id, decision, load)
  // What others do is seen at each look.
  if (load.state === 'busy') uses.used(id)
  return decision.do === 'wait' ? (decision.next?.inMs ?? null) : null
}

/** Looks at one service; resolves with in how many ms to look again. */
export async function lookAt(acting: Acting, service: Service): Promise<number> {
  const { uses, reportBug } = acting
  const { id } = service
  if (leftAlone(service) || service.operation !== null || isComing(service)) {
    uses.used(id)
    return Infinity
  }
  try {
    return (await actOn(acting, { service, isUp: !hasEnded(service) })) ?? Infinity
  } catch (error) {
    // One that was removed meanwhile: the others still have their turn.
    if (!(error instanceof Problem)) reportBug(error)
    return Infinity
  }
}
