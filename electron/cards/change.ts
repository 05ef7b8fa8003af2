import { Problem } from '../../shared/problems'
import { untilStill } from '../async/until-still'
import type { CardsPorts, Timing } from './ports'
import type { Removal } from './plan'
import type { Tenants } from './tenants'

/** What came of making room. */
export interface Change {
  from: string[]
  how: 'unloaded' | 'stopped'
  freedMiB: number | null
  /** What those who were unloaded still hold, where that can be seen. */
  leftMiB: number | null
  tookMs: number
}

interface Parts {
  ports: CardsPorts
  timing: Timing
  tenants: Tenants
  now: () => number
  closing: AbortSignal
}

/** Less than this is no model, in MiB. */
const slightMiB = 64

/** Takes the room of one; false where it turned out to have work, or refused. */
async function take({ ports, timing, tenants, now }: Parts, { serviceId, how }: Removal): Promise<boolean> {
  // Asked again at the last moment: others have other ways to it than the line.
  const { work, isUp } = await tenants.ask(serviceId)
  if (isUp !== 'up' || work !== 'none') return false
  try {
    await (how === 'unload' ? ports.unload(serviceId) : ports.stop(serviceId))
    return true
  } catch (error) {
    tenants.set(serviceId, { aloneUntil: now() + timing.leaveAloneMs, work: 'unknown' })
    if (!(error instanceof Problem)) ports.reportBug(error)
    return false
  }
}

/**
 * Unloads or stops what the plan says, and measures what that freed; null where nothing was to be had. `isEnough`: whether
 * whoever waits fits now. Never rejects.
 */
export async function makeChange(
  parts: Parts,
  removals: readonly Removal[],
  isEnough: () => boolean,
): Promise<Change | null> {
  const { tenants, timing } = parts
  const began = performance.now()
  const before = (await tenants.measure(timing.measuredMs))?.usedMiB ?? null
  const heldBefore = new Map(tenants.measured?.held)
  const taken: Removal[] = []
  for (const removal of removals) if (await take(parts, removal)) taken.push(removal)
  const [one] = taken
  if (!one) return null
  for (const { serviceId, how } of taken) tenants.gone(serviceId, how === 'stop' ? { isUp: 'down', work: 'none' } : {})
  const isGone = () => {
    const { held, usedMiB } = tenants.measured ?? {}
    const seen = taken.filter(({ serviceId }) => heldBefore.has(serviceId))
    const isHalved = seen.every(({ serviceId: id }) => (held?.get(id) ?? 0) < (heldBefore.get(id) ?? 0) / 2 + slightMiB)
    const isLess = seen.length > 0 || before === null || (usedMiB ?? 0) < before - slightMiB
    return isHalved && isLess && isEnough()
  }
  await untilStill({
    look: async () => (await tenants.measure())?.usedMiB ?? null,
    isEnough: isGone,
    ...{ withinMs: timing.settleMs, everyMs: timing.settleEveryMs, signal: parts.closing },
  })
  const after = tenants.measured
  const left = taken.reduce((sum, { serviceId }) => sum + (after?.held.get(serviceId) ?? 0), 0)
  return {
    from: taken.map(({ serviceId }) => serviceId),
    how: one.how === 'unload' ? 'unloaded' : 'stopped',
    freedMiB: before === null || after?.usedMiB == null ? null : Math.max(0, Math.round(before - after.usedMiB)),
    leftMiB: after === null || after.held.size === 0 ? null : Math.round(left),
    tookMs: Math.round(performance.now() - began),
  }
}
