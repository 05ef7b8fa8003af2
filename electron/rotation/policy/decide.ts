import type { RotationPolicy } from '../../../shared/contract'
import { reason, type Reason } from '../../../shared/problems'
import { openingAt } from '../../../shared/week-windows'

export const dayMs = 24 * 60 * 60_000

/** A busy service is looked at again after so long; sooner when one of Regie's own generations ends. In ms. */
export const retryMs = 60_000

/** What is known of a credential. All times are Unix ms. */
export interface Subject {
  id: string
  /** When it got its present secret. */
  changedAt: number
  /** Told to keep quiet until then. */
  snoozedUntil: number | null
  /** When a person was last told that it is due. */
  remindedAt: number | null
  /** When a person asked for a rotation as soon as nothing runs. */
  wantedAt: number | null
  /** How the last rotation that began by itself failed, if that was after the last change. */
  failed: { at: number; cause: string } | null
  /** An earlier rotation could not be rolled back: the vault holds two secrets, and a person must look. */
  isStuck: boolean
}

/** Whether something runs on the services that use it. */
export type Load =
  | { state: 'idle' }
  /** Nothing runs, but there is no service either on which a new secret could be proven. */
  | { state: 'unprovable'; reason: Reason }
  /** A service is busy, or does not tell. */
  | { state: 'not-now'; reason: Reason }

export type Decision =
  /** Nothing to do before `until`; null: not before something changes. */
  | { do: 'wait'; until: number | null; why: 'off' | 'later' | 'snoozed' | 'window'; reason?: Reason }
  /** It falls due now: a person is to be told. */
  | { do: 'remind' }
  /** It is due, and a person knows. */
  | { do: 'due' }
  | { do: 'rotate' }
  /** Its time has come, and it must not begin; `until` is the next try. */
  | { do: 'postpone'; reason: Reason; until: number }

/** When a credential falls due; null when it never does. */
export const dueAt = (policy: RotationPolicy, { changedAt }: Pick<Subject, 'changedAt'>): number | null =>
  policy.mode === 'off' ? null : changedAt + policy.everyDays * dayMs

/** What is to be done about a credential at one moment. A pure function: the same question has the same answer. */
export function decide(now: number, policy: RotationPolicy, subject: Subject, load: Load): Decision {
  if (subject.wantedAt !== null) {
    if (load.state === 'not-now') return { do: 'postpone', reason: load.reason, until: now + retryMs }
    return { do: 'rotate' }
  }
  const due = dueAt(policy, subject)
  if (due === null) return { do: 'wait', until: null, why: 'off' }
  if (now < due) return { do: 'wait', until: due, why: 'later' }
  if (subject.snoozedUntil !== null && now < subject.snoozedUntil)
    return { do: 'wait', until: subject.snoozedUntil, why: 'snoozed' }
  if (policy.mode === 'remind' || subject.isStuck) {
    const since = Math.max(due, subject.snoozedUntil ?? 0)
    return subject.remindedAt !== null && subject.remindedAt >= since ? { do: 'due' } : { do: 'remind' }
  }
  return inWindow(now, policy, subject, load)
}

function inWindow(now: number, { window }: RotationPolicy, { failed }: Subject, load: Load): Decision {
  const opening = openingAt(now, window)
  if (now < opening.start) {
    const told = failed ? { reason: triedReason(failed.cause) } : {}
    return { do: 'wait', until: opening.start, why: 'window', ...told }
  }
  const next = openingAt(opening.end, window).start
  // One try a window: a rotation that fails restarts services, and must not do so all night.
  if (failed && failed.at >= opening.start)
    return { do: 'wait', until: next, why: 'window', reason: triedReason(failed.cause) }
  if (load.state === 'idle') return { do: 'rotate' }
  const again = now + retryMs
  return { do: 'postpone', reason: load.reason, until: again < opening.end ? again : next }
}

const triedReason = (cause: string) => reason('rotation.tried', { cause })
