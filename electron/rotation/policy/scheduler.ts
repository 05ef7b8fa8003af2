import type { PanelEvent, RotationSchedule } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { coalesce } from '../../async/coalesce'
import type { Serial } from '../../async/serial'
import { recordOf } from '../../credentials/credentials'
import type { CredentialRecord } from '../../credentials/record'
import type { Rotations } from '../rotation'
import {
  decideOn,
  editCare,
  erasePrevious,
  isGivenUp,
  notePostponed,
  remind,
  scheduleName,
  type ActingPorts,
} from './acting'
import type { Guard } from './guard'
import { createSchedules, scheduleOf, type Schedules } from './schedules'

export interface SchedulerOptions extends ActingPorts {
  rotations: Pick<Rotations, 'rotate' | 'last'>
  guard: Guard
  /** One rotation after the other: services may share a GPU. */
  inTurn: Serial
  isOpen: () => boolean
  reportError: (error: unknown) => void
}

/** Longest sleep, in ms: a machine that slept, or a clock that was set, is noticed within so long. */
const longestSleepMs = 60_000

/** Rotates, where a person wants it as soon as nothing runs, or the policy does. Resolves when it has ended. */
async function rotateUnasked(options: SchedulerOptions, { id, care }: CredentialRecord): Promise<void> {
  const { context, rotations, guard } = options
  const who = care.wanted?.by ?? scheduleName
  const services = context.usersOf(id).map((user) => user.id)
  try {
    await options.inTurn(() => guard.during(services, () => rotations.rotate({ id, who })))
  } catch (error) {
    // How it ended is told by the rotation itself.
    if (!(error instanceof Problem)) options.reportError(error)
  }
  if (care.wanted && !isGivenUp(rotations.last(id))) await editCare(context, id, () => ({ wanted: null }))
}

/** What is done with one credential; resolves with when to look again. `rotate`: begins, unless one runs already. */
async function actOn(
  options: SchedulerOptions,
  id: string,
  { schedules, rotate }: { schedules: Schedules; rotate: (record: CredentialRecord) => 'waiting' | 'rotating' },
): Promise<number> {
  const { context } = options
  const erasedAt = (await erasePrevious(options, recordOf(context, id))) ?? Infinity
  const record = recordOf(context, id)
  const show = (...as: [RotationSchedule['state'], Parameters<typeof scheduleOf>[2]?]) => {
    schedules.show(scheduleOf(record, ...as))
  }
  if (context.rotating.has(id)) {
    show('rotating')
    return erasedAt
  }
  const decision = await decideOn(options, record)
  switch (decision.do) {
    case 'wait':
      show(decision.why === 'window' ? 'waiting' : decision.why, decision)
      return Math.min(erasedAt, decision.until ?? Infinity)
    case 'remind':
      await remind(options, record)
      show('due')
      return erasedAt
    case 'due':
      show('due')
      return erasedAt
    case 'postpone':
      await notePostponed(options, record, { before: schedules.get(id), why: decision.reason })
      show('postponed', decision)
      return Math.min(erasedAt, decision.until)
    case 'rotate':
      show(rotate(record))
      return erasedAt
  }
}

/** Has a look at one credential after the other; resolves with when to look again. */
async function actOnAll(
  options: SchedulerOptions,
  records: readonly CredentialRecord[],
  by: Parameters<typeof actOn>[2],
): Promise<number> {
  let next = Infinity
  for (const { id } of records) {
    try {
      next = Math.min(next, await actOn(options, id, by))
    } catch (error) {
      // One that was removed meanwhile, or a disk that is full: the others still have their turn.
      if (!(error instanceof Problem)) options.reportError(error)
    }
  }
  return next
}

/** Acts by the policies: tells what is due, rotates what may be rotated, erases what has had its time. */
export function createScheduler(options: SchedulerOptions) {
  const { context, clock, reportError } = options
  const schedules = createSchedules(context)
  let cancelSleep: () => void = () => undefined
  let isClosed = false
  const hasEnded = () => isClosed
  /** The rotation that the schedule does now. */
  let doing: Promise<void> | null = null

  /** One at a time: services may share a GPU. The end of the one that runs wakes the schedule. */
  const rotate = (record: CredentialRecord) => {
    if (doing) return 'waiting'
    doing = rotateUnasked(options, record)
      .catch(reportError)
      .finally(() => {
        doing = null
        wake()
      })
    return 'rotating'
  }
  const look = async () => {
    cancelSleep()
    if (isClosed || !options.isOpen()) return
    const records = context.book().all()
    schedules.keepOnly(records.map(({ id }) => id))
    const next = await actOnAll(options, records, { schedules, rotate })
    if (hasEnded()) return
    cancelSleep()
    cancelSleep = clock.after(Math.min(longestSleepMs, Math.max(0, next - clock.now())), wake)
  }
  const lookAgain = coalesce(() => look().catch(reportError))
  function wake(): void {
    if (!isClosed) void lookAgain()
  }

  return {
    wake,
    /** Resolves when all that was asked for before has been looked at. */
    settled: lookAgain,
    all: schedules.all,
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
      await doing
    },
  }
}

export type Scheduler = ReturnType<typeof createScheduler>

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
