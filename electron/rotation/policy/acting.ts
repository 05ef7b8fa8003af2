import type { Rotation, RotationSchedule } from '../../../shared/contract'
import { reason, type Reason } from '../../../shared/problems'
import type { Care } from '../../credentials/care'
import type { CredentialsContext } from '../../credentials/context'
import { mainFingerprint } from '../../credentials/credentials'
import { previousUntil } from '../../credentials/grace'
import type { CredentialRecord } from '../../credentials/record'
import type { Rotations } from '../rotation'
import type { Clock } from '../../async/clock'
import { decide, dueAt, type Decision, type Subject } from './decide'
import { loadOfCredential, type LoadOf } from './load'

/** What the single acts of the schedule need. */
export interface ActingPorts {
  context: CredentialsContext
  rotations: Pick<Rotations, 'last'>
  loadOf: LoadOf
  clock: Clock
}

/** How the schedule appears in the audit log, where nobody asked for the rotation. */
export const scheduleName = 'schedule'

/** Reasons for which a rotation that began was given up before it disturbed anybody: it is tried again. */
const postponing = new Set(['rotation.service-busy', 'rotation.load-unknown'])

/** Whether a rotation gave up before it disturbed anybody. */
export const isGivenUp = (rotation: Rotation | null): boolean =>
  rotation?.state === 'rolled-back' && postponing.has(rotation.reason?.problem ?? '')

/** Changes how a credential is looked after; without effect where it is gone. */
export const editCare = (
  { book }: Pick<CredentialsContext, 'book'>,
  id: string,
  change: (care: Care) => Partial<Care>,
) => book().edit(id, (now) => ({ ...now, care: { ...now.care, ...change(now.care) } }))

/** The pure decision, with the services asked only where it hangs on them. */
export async function decideOn(
  { context, rotations, clock, loadOf }: ActingPorts,
  record: CredentialRecord,
): Promise<Decision> {
  const subject = subjectOf(record, rotations.last(record.id))
  const { policy } = record.care
  const atBest = decide(clock.now(), policy, subject, { state: 'idle' })
  if (atBest.do !== 'rotate') return atBest
  return decide(clock.now(), policy, subject, await loadOfCredential(context, record.id, loadOf))
}

/** Tells a person that it is due. */
export async function remind({ context, clock }: ActingPorts, record: CredentialRecord) {
  await editCare(context, record.id, () => ({ remindedAt: clock.now() }))
  const due = dueAt(record.care.policy, record) ?? clock.now()
  context.publish({ type: 'rotation-due', credentialId: record.id, dueAt: due })
}

/** The first postponement for a reason goes into the log; that it goes on does not. */
export async function notePostponed(
  { context }: ActingPorts,
  { id }: CredentialRecord,
  { before, why }: { before: RotationSchedule | undefined; why: Reason },
) {
  if (before?.state === 'postponed' && before.reason?.problem === why.problem) return
  const details = { problem: why.problem, service: why.params['service'] ?? '' }
  await context.audit.append({ who: scheduleName, action: 'rotation.postponed', target: id, details })
}

/** Erases the previous secret when it has had its time; resolves with when that will be, or null. */
export async function erasePrevious({ context, clock }: ActingPorts, record: CredentialRecord): Promise<number | null> {
  const until = previousUntil(record)
  if (until === null || until > clock.now() || context.rotating.has(record.id)) return until
  const details = { fingerprint: record.previous ? (mainFingerprint(record.scheme, record.previous) ?? '') : '' }
  await context.book().edit(record.id, (now) =>
    // A rotation may have been quicker: what it kept has its own time.
    now.version === record.version ? { ...now, previous: null, previousUntil: null } : now,
  )
  // The redactor goes on hiding it until the panel ends: logs that were written before may still be read.
  await context.audit.append({ who: 'regie', action: 'credential.previous-erased', target: record.id, details })
  await context.announce(record.id)
  return null
}

function subjectOf(record: CredentialRecord, last: Rotation | null): Subject {
  const { id, changedAt, care, pending } = record
  const { snoozedUntil, remindedAt, wanted } = care
  const why = last?.reason
  const isOwnFailure =
    last !== null &&
    last.startedBy === scheduleName &&
    (last.state === 'rolled-back' || last.state === 'failed') &&
    (last.finishedAt ?? 0) >= changedAt &&
    !postponing.has(why?.problem ?? '')
  return {
    id,
    changedAt,
    snoozedUntil,
    remindedAt,
    wantedAt: wanted?.at ?? null,
    failed: isOwnFailure
      ? { at: last.finishedAt ?? last.startedAt, cause: why?.message ?? reason('rotation.unexpected').message }
      : null,
    isStuck: pending !== null,
  }
}
