import { atWork, fitTogether, hasMore, isWorking, shortFor, type Memory, type Tenant } from './room'

/** Somebody's job that waits for its turn. Numbered in the order in which they came. */
export interface Waiting {
  id: number
  serviceId: string
  person: string
  /** Of those in one lane only one is at work at a time; null: as many as there are. */
  lane: string | null
}

/** How long whoever got a card keeps it, all in ms. */
export interface Patience {
  /** While its jobs follow on each other, it goes before others for so long. */
  holdMs: number
  /** A job that comes so long after the last still follows on it, */
  lingerMs: number
  /** but never longer than this share of the time that it has had the card. */
  lingerShare: number
}

export const usualPatience: Patience = { holdMs: 20_000, lingerMs: 1_000, lingerShare: 0.03 }

export interface Sight {
  now: number
  memory: Memory
  tenants: readonly Tenant[]
  /** In the order in which they are to be served. */
  waiting: readonly Waiting[]
  /** Whether a service takes no new jobs now: its secret is being rotated. */
  isHeld: (serviceId: string) => boolean
  /** At work now, as far as it came through the line. */
  working: readonly Waiting[]
  patience: Patience
}

/** Why a job waits. */
export type Because =
  /** The secret of its service is being rotated. */
  | { why: 'rotation' }
  /** Others of its lane. */
  | { why: 'line' }
  /** Services that it does not fit beside, and that have work. */
  | { why: 'busy'; services: string[] }
  /** Services of which nobody can tell whether they have work. */
  | { why: 'unknown'; services: string[] }
  /** A service whose jobs follow on each other, and which has not had the card for long. */
  | { why: 'hold'; services: string[]; until: number }
  /** Room is being made. */
  | { why: 'change'; services: string[] }
  /** It is another service's turn first. */
  | { why: 'behind'; services: string[] }

export interface Removal {
  serviceId: string
  how: 'unload' | 'stop'
  for: Waiting
}

export interface Decision {
  /** May begin now. */
  begin: Waiting[]
  /** What is to be done so that the first who lacks room gets it; nothing while something is being done already. */
  remove: Removal[]
  /** Those who wait on. `ahead`: how many go before it on the same service, those at work included. */
  waits: { asked: Waiting; ahead: number; because: Because }[]
  /** When it is to be looked at again although nothing changes; null: then only. */
  lookAt: number | null
}

type Verdict = { begin: true } | { begin: false; because: Because; remove?: Removal[]; lookAt?: number }

/** Until when a tenant keeps the card although somebody else waits for it; null where it does not. */
function heldUntil({ turnSince, lastEndAt }: Tenant, { now, patience }: Pick<Sight, 'now' | 'patience'>) {
  if (turnSince === null) return null
  const linger = Math.min(patience.lingerMs, patience.lingerShare * ((lastEndAt ?? now) - turnSince))
  const until = Math.min(turnSince + patience.holdMs, (lastEndAt ?? now) + linger)
  return until > now ? until : null
}

/** Whether it has had the card for less than it may keep it. */
const isInHold = ({ turnSince }: Tenant, { now, patience }: Pick<Sight, 'now' | 'patience'>) =>
  turnSince !== null && now < turnSince + patience.holdMs

/** What keeps a job from a card on which its service does not fit, or what is to be done about it. */
function makeRoom(asked: Waiting, own: Tenant, others: readonly Tenant[], sight: Sight): Verdict {
  const { memory } = sight
  const there = others.filter((tenant) => tenant.isUp !== 'down')
  const kept = there.filter(isWorking)
  const unknown = kept.filter(({ work, isUp }) => work === 'unknown' || isUp === 'unknown')
  const names = (tenants: readonly Tenant[]) => tenants.map(({ id }) => id)
  // Were all taken away that may be: while that is not enough, nobody is disturbed for nothing.
  if (unknown.length > 0 && shortFor(own, unknown, memory) > 0)
    return { begin: false, because: { why: 'unknown', services: names(unknown) } }
  if (kept.length > 0 && shortFor(own, kept, memory) > 0) {
    const busy = kept.filter((tenant) => !unknown.includes(tenant))
    return { begin: false, because: { why: 'busy', services: names(busy) } }
  }
  // Who worked last goes last.
  const idle = there.filter((tenant) => !kept.includes(tenant)).sort((a, b) => (a.lastEndAt ?? 0) - (b.lastEndAt ?? 0))
  const leaving = idle.filter(({ isLeaving }) => isLeaving)
  if (leaving.length > 0) return { begin: false, because: { why: 'change', services: names(leaving) } }
  const chosen: Tenant[] = []
  for (const tenant of [...idle.filter(({ isEmpty }) => !isEmpty), ...idle.filter(({ isEmpty }) => isEmpty)]) {
    const stay = others.filter((other) => !chosen.includes(other))
    if (shortFor(own, stay, memory) <= 0) break
    const hasWaiting = sight.waiting.some(({ serviceId }) => serviceId === tenant.id)
    if (hasMore(tenant, { hasWaiting })) chosen.push(tenant)
  }
  // There is nothing more to be had: it is tried all the same.
  if (chosen.length === 0) return { begin: true }
  const until = chosen.map((tenant) => heldUntil(tenant, sight)).find((one) => one !== null)
  if (until !== undefined)
    return { begin: false, because: { why: 'hold', services: names(chosen), until }, lookAt: until }
  const unload = chosen.filter(({ isEmpty }) => !isEmpty)
  const how = unload.length > 0 ? 'unload' : 'stop'
  const remove = (unload.length > 0 ? unload : chosen).map(({ id }): Removal => ({ serviceId: id, how, for: asked }))
  return { begin: false, because: { why: 'change', services: names(chosen) }, remove }
}

/**
 * Whether one who lacks room will fit beside a tenant that goes before him, and beside those that may go on meanwhile: the
 * others work until their jobs have ended, and begin none.
 */
function leavesRoom(own: Tenant, before: Tenant, tenants: readonly Tenant[], memory: Memory): boolean {
  const stay = tenants.filter(
    (one) => one !== own && one !== before && isWorking(one) && fitTogether(before, one, memory),
  )
  return shortFor(before, [atWork(own), ...stay], memory) <= 0
}

/** What a job finds that is looked at after all those before it. `first`: the first of them that lacks room. */
function judge(asked: Waiting, first: Waiting | null, working: readonly Waiting[], sight: Sight): Verdict {
  const isUsed = ({ id }: Tenant) => working.some(({ serviceId }) => serviceId === id)
  const tenants = sight.tenants.map((tenant) => (isUsed(tenant) ? atWork(tenant) : tenant))
  const own = tenants.find(({ id }) => id === asked.serviceId)
  if (sight.isHeld(asked.serviceId)) return { begin: false, because: { why: 'rotation' } }
  if (asked.lane !== null && working.some(({ lane }) => lane === asked.lane))
    return { begin: false, because: { why: 'line' } }
  if (!own) return { begin: true }
  if (own.isLeaving) return { begin: false, because: { why: 'change', services: [own.id] } }
  const others = tenants.filter((tenant) => tenant !== own)
  const before = first && first.serviceId !== own.id ? tenants.find(({ id }) => id === first.serviceId) : undefined
  if (before && !isInHold(own, sight) && !leavesRoom(own, before, tenants, sight.memory))
    return { begin: false, because: { why: 'behind', services: [before.id] } }
  if (shortFor(own, others, sight.memory) <= 0) return { begin: true }
  const verdict = makeRoom(asked, own, others, sight)
  // One change at a time, for the first who needs it.
  if (!verdict.begin && verdict.remove && before)
    return { begin: false, because: { why: 'behind', services: [before.id] } }
  return verdict
}

/** Whether those behind it must let it go first: where nobody can tell when it is its turn, they do not wait for it. */
const keepsOthers = ({ why }: Because) => why === 'busy' || why === 'hold' || why === 'change'

/**
 * Who may begin on a card now, what is to be unloaded or stopped for the first who may not, and why the others wait. What
 * has work, or of which that is not known, is never touched.
 */
export function decide(sight: Sight): Decision {
  const decision: Decision = { begin: [], remove: [], waits: [], lookAt: null }
  let first: Waiting | null = null
  for (const asked of sight.waiting) {
    const working = [...sight.working, ...decision.begin]
    const verdict = judge(asked, first, working, sight)
    if (verdict.begin) {
      decision.begin.push(asked)
      continue
    }
    const { because, remove = [], lookAt } = verdict
    const waitBefore = decision.waits.filter((one) => one.asked.serviceId === asked.serviceId)
    const onIt = working.filter(({ serviceId }) => serviceId === asked.serviceId)
    decision.waits.push({ asked, ahead: waitBefore.length + onIt.length, because })
    if (lookAt !== undefined) decision.lookAt = Math.min(decision.lookAt ?? lookAt, lookAt)
    if (first === null && keepsOthers(because)) {
      first = asked
      decision.remove = remove
    }
  }
  // Whoever begins in the same breath is not touched.
  const begun = new Set(decision.begin.map(({ serviceId }) => serviceId))
  return { ...decision, remove: decision.remove.filter(({ serviceId }) => !begun.has(serviceId)) }
}
