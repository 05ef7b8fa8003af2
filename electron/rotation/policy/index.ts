import type {
  Consumer,
  PanelEvent,
  Rotation,
  RotationPlan,
  RotationPolicy,
  RotationRound,
  RotationSchedule,
} from '../../../shared/contract'
import type { Listen } from '../../async/listeners'
import { createSerial } from '../../async/serial'
import type { Care } from '../../credentials/care'
import { recordOf } from '../../credentials/credentials'
import type { Rotations } from '../rotation'
import type { LendSecret } from '../../vault/secret'
import { contextOf, type Credentials } from '../../credentials'
import { systemClock, type Clock } from './clock'
import { editCare } from './acting'
import { goBack, type GoBackRequest } from './go-back'
import { previousUntil } from '../../credentials/grace'
import type { Guard } from './guard'
import { planRotation, type PlanPorts } from './plan'
import { createRounds } from './round'
import { createScheduler } from './scheduler'

export { createGuard, type Guard } from './guard'
export type { LoadOf } from './load'

export interface RotationPoliciesOptions extends Omit<PlanPorts, 'context' | 'rotations'> {
  credentials: Credentials
  rotations: Rotations
  guard: Guard
  clock?: Clock
  /** What happens in the panel; decisions are made anew where it matters. */
  listen?: Listen<[PanelEvent]>
  reportError: (error: unknown) => void
}

/** When credentials are rotated, and by whom; what a rotation would do; and the way back. */
export interface RotationPolicies {
  schedules(): Promise<RotationSchedule[]>
  setPolicy(change: { id: string; policy: RotationPolicy; who: string }): Promise<RotationSchedule>
  snooze(change: { id: string; until: number | null; who: string }): Promise<RotationSchedule>
  rotateWhenIdle(change: { id: string; wanted: boolean; who: string }): Promise<RotationSchedule>
  goBack(request: GoBackRequest): Promise<Rotation>
  plan(id: string): Promise<RotationPlan>
  setConsumers(change: { id: string; consumers: Consumer[]; who: string }): Promise<Consumer[]>
  round(): RotationRound | null
  rotateAll(request: { ids: readonly string[]; whenIdle: boolean; who: string }): Promise<RotationRound>
  stopRound(): RotationRound
  /** Acts by the policies from now on: call it when what a crash left in the middle has been put right. */
  begin(): void
  /** Begins nothing more, and resolves when what runs has ended: cancel that meanwhile. */
  close(): Promise<void>
}

/** Lends the secret of the vault, also while a rotation lends the pending one: for services not restarted yet. */
export function lendCurrent(credentials: Credentials, id: string | null): LendSecret {
  return async (use) => (id === null ? use(null) : use(recordOf(contextOf(credentials), id).secret))
}

export function createRotationPolicies(options: RotationPoliciesOptions): RotationPolicies {
  const { credentials, rotations, clock = systemClock } = options
  const context = contextOf(credentials)
  const ports = { ...options, context, clock, inTurn: createSerial() }
  const scheduler = createScheduler({ ...ports, isOpen: () => credentials.isOpen() })
  const rounds = createRounds(ports)
  let stopListening: (() => void) | undefined

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
    async schedules() {
      context.book()
      await scheduler.settled()
      return scheduler.all()
    },
    async setPolicy({ id, policy, who }) {
      const { mode, everyDays, window, graceHours } = policy
      const details = { mode, everyDays, window: `${window.from}-${window.to} ${window.days.join('')}`, graceHours }
      const schedule = await change(id, () => ({ policy, snoozedUntil: null, remindedAt: null }), {
        ...{ who, action: 'policy.changed', details },
      })
      await shortenGrace(id)
      return schedule
    },
    snooze: ({ id, until, who }) =>
      change(id, () => ({ snoozedUntil: until }), {
        ...{ who, action: 'policy.snoozed', details: { until: until ?? 0 } },
      }),
    rotateWhenIdle: ({ id, wanted, who }) =>
      change(id, () => ({ wanted: wanted ? { by: who, at: clock.now() } : null }), {
        ...{ who, action: wanted ? 'rotation.wanted' : 'rotation.not-wanted', details: {} },
      }),
    goBack: (request) => goBack(context, rotations, request),
    plan: (id) => planRotation(ports, id),
    async setConsumers({ id, consumers, who }) {
      await change(id, () => ({ consumers }), {
        ...{ who, action: 'credential.consumers-changed', details: { consumers: consumers.length } },
      })
      return recordOf(context, id).care.consumers
    },
    round: () => rounds.current(),
    rotateAll: (request) => rounds.start(request),
    stopRound: () => rounds.stop(),
    begin() {
      stopListening = options.listen?.((event) => {
        scheduler.onEvent(event)
        if (event.type === 'service' || (event.type === 'generation' && event.generation.finishedAt !== null))
          rounds.wake()
      })
      scheduler.wake()
    },
    async close() {
      stopListening?.()
      await Promise.all([scheduler.close(), rounds.close()])
    },
  }

  /** A shorter grace counts for what is kept already; a longer one only for what will be. */
  async function shortenGrace(id: string) {
    const until = previousUntil(recordOf(context, id))
    if (until === null) return
    await context.book().edit(id, (now) => {
      const shorter = previousUntil({ ...now, previousUntil: null })
      return { ...now, previousUntil: shorter === null ? null : Math.min(until, shorter) }
    })
    await context.announce(id)
    await scheduler.settled()
  }
}
