import type { RotationSchedule } from '../../../shared/contract'
import type { Reason } from '../../../shared/problems'
import type { CredentialsContext } from '../../credentials/context'
import type { CredentialRecord } from '../../credentials/record'
import { dueAt } from './decide'

/** The schedules as the pages know them; a change is told. */
export function createSchedules({ publish }: Pick<CredentialsContext, 'publish'>) {
  const schedules = new Map<string, RotationSchedule>()
  return {
    get: (id: string): RotationSchedule | undefined => schedules.get(id),
    all: (): RotationSchedule[] => [...schedules.values()],
    show(schedule: RotationSchedule) {
      const before = schedules.get(schedule.credentialId)
      if (JSON.stringify(before) === JSON.stringify(schedule)) return
      schedules.set(schedule.credentialId, schedule)
      publish({ type: 'rotation-schedule', schedule })
    },
    /** Forgets those of credentials that are gone. */
    keepOnly(ids: readonly string[]) {
      for (const id of schedules.keys()) if (!ids.includes(id)) schedules.delete(id)
    },
  }
}

export type Schedules = ReturnType<typeof createSchedules>

/** A credential's schedule as the pages see it. */
export function scheduleOf(
  record: CredentialRecord,
  state: RotationSchedule['state'],
  { until = null, reason: why }: { until?: number | null; reason?: Reason } = {},
): RotationSchedule {
  const { id, care } = record
  const { policy, snoozedUntil, wanted } = care
  return {
    credentialId: id,
    policy,
    state,
    dueAt: dueAt(policy, record),
    nextAt: until,
    snoozedUntil,
    wanted,
    ...(why ? { reason: why } : {}),
  }
}
