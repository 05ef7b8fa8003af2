import type { PanelEvent, Rotation, RotationPlan, RotationRound, RotationSchedule } from '../../../shared/contract'
import type { Listen } from '../../async/listeners'
import { createSerial } from '../../async/serial'
import { recordOf } from '../../credentials/credentials'
import type { Rotations } from '../rotation'
import type { LendSecret } from '../../vault/secret'
import { contextOf, type Credentials } from '../../credentials'
import { systemClock, type Clock } from '../../async/clock'
import { createCareChanges, type CareChanges } from './care-changes'
import { goBack, type GoBackRequest } from './go-back'
import type { Guard } from './guard'
import { planRotation, type PlanPorts } from './plan'
import { createRounds } from './round'
import { createScheduler } from './scheduler'

export { createGuard, type Guard } from './guard'
export type { LoadOf } from './load'
export type { PlanPorts } from './plan'

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
export interface RotationPolicies extends CareChanges {
  schedules(): Promise<RotationSchedule[]>
  goBack(request: GoBackRequest): Promise<Rotation>
  plan(id: string): Promise<RotationPlan>
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

  return {
    async schedules() {
      context.book()
      await scheduler.settled()
      return scheduler.all()
    },
    ...createCareChanges({ context, scheduler, clock }),
    goBack: (request) => goBack(context, rotations, request),
    plan: (id) => planRotation(ports, id),
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
}
