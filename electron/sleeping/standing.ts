import type { Service, Sleeper, TimelineKind } from '../../shared/contract'
import { hasEnded, isComing } from '../services/load'
import { leftAlone, type Acting } from './acting'
import { decide } from './decide'
import { keepersOf } from './keepers'

/** So many of the last entries of a service are looked at for why it is as it is. */
const entriesLookedAt = 200

/** Another time of the next step than this is news, in ms: between two looks it is reckoned anew. */
const sameMs = 30_000

/** What says since when and why a service is as it is. */
const explains: Readonly<Record<Sleeper['state'], readonly TimelineKind[]>> = {
  awake: ['started', 'resumed'],
  asleep: ['stopped', 'ended', 'crashed', 'removed', 'paused'],
  waking: ['started', 'resumed'],
  stopping: [],
  unknown: [],
}

/** Whether a service is awake, as far as that can be seen. */
function stateOf(service: Service): Sleeper['state'] {
  const { operation, health, container } = service
  if (operation === 'stop' || operation === 'down') return 'stopping'
  if (isComing(service)) return 'waking'
  if (hasEnded(service) || container?.state === 'paused') return 'asleep'
  // What was last seen standing still may have been started since; what cannot be reached may work.
  const isUnseen = health.state === 'stopped' || health.state === 'absent' || health.state === 'unreachable'
  return isUnseen ? 'unknown' : 'awake'
}

/** What is done next to a service, if nobody works with it. */
async function nextFor({ clock, uses, touched }: Acting, service: Service): Promise<Sleeper['next']> {
  const { id, idle } = service
  if (leftAlone(service) || service.operation !== null || isComing(service) || uses.of(id).going > 0) return null
  const isUp = !hasEnded(service)
  const touchedAt = isUp ? null : await touched(id)
  const now = clock.now()
  const { isUnloaded } = uses.of(id)
  const decision = decide(now, { idle, isUp, idleMs: uses.idleMs(id), isUnloaded, touchedAt })
  if (decision.do !== 'wait' || decision.next === null) return null
  // What is measured by the steady clock has fractions.
  return { step: decision.next.step, at: Math.round(now + decision.next.inMs) }
}

/** What was told of a service last. */
type Told = Pick<Sleeper, 'isUnloaded' | 'next'> & { held: string | null; keeps: string }

/** Whether what is to be told is what was told before. */
const isSame = (before: Told | undefined, now: Told): boolean =>
  before?.next?.step === now.next?.step &&
  Math.abs((before?.next?.at ?? 0) - (now.next?.at ?? 0)) < sameMs &&
  before?.isUnloaded === now.isUnloaded &&
  before.held === now.held &&
  before.keeps === now.keeps

/** Tells how services stand between work and sleep, and `changed` when that is another than was told. */
export function createStandings(acting: Acting, changed: () => void) {
  const { timeline, uses } = acting
  /** As each service was seen last, and since when; null: it was so before it was seen first. */
  const seen = new Map<string, { state: Sleeper['state']; since: number | null }>()
  const told = new Map<string, Told>()

  const note = (service: Service): { state: Sleeper['state']; since: number | null } => {
    const state = stateOf(service)
    const before = seen.get(service.id)
    if (before?.state === state) return before
    // What becomes visible has been so for longer.
    const isChange = before !== undefined && before.state !== 'unknown'
    const now = { state, since: isChange ? acting.clock.now() : null }
    seen.set(service.id, now)
    if (before) changed()
    return now
  }

  /** How one stands now. */
  const describe = async (service: Service): Promise<Sleeper> => {
    const { id } = service
    const { state, since } = note(service)
    const { items } = await timeline.list({ id, limit: entriesLookedAt })
    const entry = items.find(({ kind }) => explains[state].includes(kind))
    // Of a start that has not been told yet the last one says nothing.
    const isOlder = state === 'waking' && since !== null && (entry?.at ?? 0) < since
    return {
      ...{ serviceId: id, machine: 'local', state, isUnloaded: uses.of(id).isUnloaded },
      since: since ?? entry?.at ?? null,
      why: (isOlder ? null : entry?.reason) ?? null,
      next: await nextFor(acting, service),
      held: uses.of(id).told?.why.reason ?? null,
      keeps: keepersOf(acting, service),
    }
  }

  return {
    note,
    describe,
    /** After a look: tells where what is next, or is held, is another than before. */
    async compare(services: readonly Service[]): Promise<void> {
      let isNews = false
      for (const service of services) {
        const { id } = service
        const next = await nextFor(acting, service)
        const { isUnloaded, told: why } = uses.of(id)
        const now = { next, isUnloaded, held: why?.word ?? null, keeps: JSON.stringify(keepersOf(acting, service)) }
        if (isSame(told.get(id), now)) continue
        told.set(id, now)
        isNews = true
      }
      if (isNews) changed()
    },
    forget(id: string): void {
      seen.delete(id)
      told.delete(id)
    },
  }
}
