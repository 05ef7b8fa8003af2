import type { PanelEvent, Rotation, RotationSchedule } from '../../../shared/contract'
import { Problem, reason, type Reason } from '../../../shared/problems'
import { coalesce } from '../../async/coalesce'
import type { Serial } from '../../async/serial'
import type { CredentialsContext } from '../../credentials/context'
import { mainFingerprint, recordOf } from '../../credentials/credentials'
import type { CredentialRecord } from '../../credentials/record'
import type { Rotations } from '../rotation'
import type { Care } from '../../credentials/care'
import type { Clock } from './clock'
import { decide, dueAt, type Decision, type Subject } from './decide'
import { previousUntil } from '../../credentials/grace'
import type { Guard } from './guard'
import { loadOfCredential, type LoadOf } from './load'

export interface SchedulerOptions {
  context: CredentialsContext
  rotations: Pick<Rotations, 'rotate' | 'last'>
  loadOf: LoadOf
  guard: Guard
  clock: Clock
  /** One rotation after the other: services may share a GPU. */
  inTurn: Serial
  isOpen: () => boolean
  reportError: (error: unknown) => void
}

/** How the schedule appears in the audit log, where nobody asked for the rotation. */
const scheduleName = 'schedule'

/** Longest sleep, in ms: a machine that slept, or a clock that was set, is noticed within so long. */
const longestSleepMs = 60_000

/** Reasons for which a rotation that began was given up before it disturbed anybody: it is tried again. */
const postponing = new Set(['rotation.service-busy', 'rotation.load-unknown'])

/** Acts by the policies: tells what is due, rotates what may be rotated, erases what has had its time. */
export function createScheduler(options: SchedulerOptions) {
  const { context, rotations, clock, isOpen, reportError } = options
  const schedules = new Map<string, RotationSchedule>()
  let cancelSleep: () => void = () => undefined
  let isClosed = false
  /** The rotation that the schedule does now. */
  let doing: { id: string; ended: Promise<void> } | null = null

  const hasEnded = () => isClosed

  const edit = (id: string, change: (care: Care) => Partial<Care>) =>
    context.book().edit(id, (now) => ({ ...now, care: { ...now.care, ...change(now.care) } }))

  const show = (schedule: RotationSchedule) => {
    const before = schedules.get(schedule.credentialId)
    if (JSON.stringify(before) === JSON.stringify(schedule)) return
    schedules.set(schedule.credentialId, schedule)
    context.publish({ type: 'rotation-schedule', schedule })
  }

  /** The pure decision, with the services asked only where it hangs on them. */
  const decideOn = async (record: CredentialRecord): Promise<Decision> => {
    const subject = subjectOf(record, rotations.last(record.id))
    const { policy } = record.care
    const atBest = decide(clock.now(), policy, subject, { state: 'idle' })
    if (atBest.do !== 'rotate') return atBest
    return decide(clock.now(), policy, subject, await loadOfCredential(context, record.id, options.loadOf))
  }

  const remind = async (record: CredentialRecord) => {
    await edit(record.id, () => ({ remindedAt: clock.now() }))
    const due = dueAt(record.care.policy, record) ?? clock.now()
    context.publish({ type: 'rotation-due', credentialId: record.id, dueAt: due })
  }

  /** The first postponement for a reason goes into the log; that it goes on does not. */
  const notePostponed = async ({ id }: CredentialRecord, why: Reason) => {
    const before = schedules.get(id)
    if (before?.state === 'postponed' && before.reason?.problem === why.problem) return
    const details = { problem: why.problem, service: why.params['service'] ?? '' }
    await context.audit.append({ who: scheduleName, action: 'rotation.postponed', target: id, details })
  }

  const begin = ({ id, care }: CredentialRecord) => {
    const who = care.wanted?.by ?? scheduleName
    const services = context.usersOf(id).map((user) => user.id)
    const work = async () => {
      try {
        await options.inTurn(() => options.guard.during(services, () => rotations.rotate({ id, who })))
      } catch (error) {
        // How it ended is told by the rotation itself.
        if (!(error instanceof Problem)) reportError(error)
      }
      const last = rotations.last(id)
      const isGivenUp = last?.state === 'rolled-back' && postponing.has(last.reason?.problem ?? '')
      if (care.wanted && !isGivenUp) await edit(id, () => ({ wanted: null }))
    }
    const ended = work()
      .catch(reportError)
      .finally(() => {
        doing = null
        wake()
      })
    doing = { id, ended }
  }

  const erase = async (record: CredentialRecord): Promise<number | null> => {
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

  /** Looks at one credential and acts; resolves with when to look again. */
  const handle = async (id: string): Promise<number> => {
    const erasedAt = (await erase(recordOf(context, id))) ?? Infinity
    const record = recordOf(context, id)
    if (context.rotating.has(id)) {
      show(scheduleOf(record, 'rotating'))
      return erasedAt
    }
    const decision = await decideOn(record)
    switch (decision.do) {
      case 'wait': {
        const state = decision.why === 'window' ? 'waiting' : decision.why
        show(scheduleOf(record, state, decision))
        return Math.min(erasedAt, decision.until ?? Infinity)
      }
      case 'remind':
        await remind(record)
        show(scheduleOf(record, 'due'))
        return erasedAt
      case 'due':
        show(scheduleOf(record, 'due'))
        return erasedAt
      case 'postpone':
        await notePostponed(record, decision.reason)
        show(scheduleOf(record, 'postponed', decision))
        return Math.min(erasedAt, decision.until)
      case 'rotate':
        // One at a time: services may share a GPU. The end of the one that runs wakes the schedule.
        show(scheduleOf(record, doing ? 'waiting' : 'rotating'))
        if (!doing) begin(record)
        return erasedAt
    }
  }

  const look = async () => {
    cancelSleep()
    if (isClosed || !isOpen()) return
    const ids = context
      .book()
      .all()
      .map(({ id }) => id)
    for (const id of schedules.keys()) if (!ids.includes(id)) schedules.delete(id)
    let next = Infinity
    for (const id of ids) {
      try {
        next = Math.min(next, await handle(id))
      } catch (error) {
        // One that was removed meanwhile, or a disk that is full: the others still have their turn.
        if (!(error instanceof Problem)) reportError(error)
      }
    }
    if (hasEnded()) return
    const sleep = Math.min(longestSleepMs, Math.max(0, next - clock.now()))
    cancelSleep()
    cancelSleep = clock.after(sleep, wake)
  }

  const lookAgain = coalesce(() => look().catch(reportError))
  function wake(): void {
    if (!isClosed) void lookAgain()
  }

  return {
    wake,
    edit,
    /** Resolves when all that was asked for before has been looked at. */
    settled: lookAgain,
    all: (): RotationSchedule[] => [...schedules.values()],
    of: (id: string): RotationSchedule => schedules.get(id) ?? scheduleOf(recordOf(context, id), 'later'),
    /** What may change a decision. */
    onEvent(event: PanelEvent): void {
      // A service's own queue is told by its health: what waits for it to be empty looks again.
      const isAwaited =
        event.type === 'service' && schedules.get(event.service.credentialId ?? '')?.state === 'postponed'
      if (isAwaited || changesDecisions(event)) wake()
    },
    async close(): Promise<void> {
      isClosed = true
      cancelSleep()
      await lookAgain()
      await doing?.ended
    },
  }
}

const changesDecisions = (event: PanelEvent): boolean => {
  switch (event.type) {
    case 'credential':
    case 'credential-removed':
    case 'vault':
      return true
    case 'rotation':
      return event.rotation.state !== 'running' || event.rotation.steps.every(({ state }) => state === 'waiting')
    case 'generation':
      return event.generation.finishedAt !== null
    default:
      return false
  }
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

function scheduleOf(
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
