import type { Consumer, RotationPolicy, RotationSchedule } from '../../../shared/contract'
import type { Care } from '../../credentials/care'
import type { CredentialsContext } from '../../credentials/context'
import { recordOf } from '../../credentials/credentials'
import { previousUntil } from '../../credentials/grace'
import { editCare } from './acting'
import type { Clock } from '../../async/clock'
import type { Scheduler } from './scheduler'

/** What a person changes about how a credential is looked after; each answers what follows from it. */
export interface CareChanges {
  setPolicy(change: { id: string; policy: RotationPolicy; who: string }): Promise<RotationSchedule>
  snooze(change: { id: string; until: number | null; who: string }): Promise<RotationSchedule>
  rotateWhenIdle(change: { id: string; wanted: boolean; who: string }): Promise<RotationSchedule>
  setConsumers(change: { id: string; consumers: Consumer[]; who: string }): Promise<Consumer[]>
}

interface CareParts {
  context: CredentialsContext
  scheduler: Pick<Scheduler, 'settled' | 'of'>
  clock: Clock
}

export function createCareChanges({ context, scheduler, clock }: CareParts): CareChanges {
  /** Changes how a credential is looked after, notes who did, and looks at it at once. */
  const change = async (
    id: string,
    care: (now: Care) => Partial<Care>,
    entry: { who: string; action: string; details: Record<string, string | number> },
  ) => {
    recordOf(context, id)
    await editCare(context, id, care)
    await context.audit.append({ target: id, ...entry })
    await scheduler.settled()
    return scheduler.of(id)
  }

  return {
    async setPolicy({ id, policy, who }) {
      const { mode, everyDays, window, graceHours } = policy
      const details = { mode, everyDays, window: `${window.from}-${window.to} ${window.days.join('')}`, graceHours }
      const care = () => ({ policy, snoozedUntil: null, remindedAt: null })
      const schedule = await change(id, care, { who, action: 'policy.changed', details })
      if (await shortenGrace(context, id)) await scheduler.settled()
      return schedule
    },
    snooze: ({ id, until, who }) =>
      change(id, () => ({ snoozedUntil: until }), { who, action: 'policy.snoozed', details: { until: until ?? 0 } }),
    rotateWhenIdle: ({ id, wanted, who }) =>
      change(id, () => ({ wanted: wanted ? { by: who, at: clock.now() } : null }), {
        ...{ who, action: wanted ? 'rotation.wanted' : 'rotation.not-wanted', details: {} },
      }),
    async setConsumers({ id, consumers, who }) {
      await change(id, () => ({ consumers }), {
        ...{ who, action: 'credential.consumers-changed', details: { consumers: consumers.length } },
      })
      return recordOf(context, id).care.consumers
    },
  }
}

/**
 * A shorter grace counts for what is kept already; a longer one only for what will be. True where a former secret is
 * kept.
 */
async function shortenGrace(context: CredentialsContext, id: string): Promise<boolean> {
  const until = previousUntil(recordOf(context, id))
  if (until === null) return false
  await context.book().edit(id, (now) => {
    const shorter = previousUntil({ ...now, previousUntil: null })
    return { ...now, previousUntil: shorter === null ? null : Math.min(until, shorter) }
  })
  await context.announce(id)
  return true
}
