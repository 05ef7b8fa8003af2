import { Problem } from '../../../shared/problems'
import { detached, type BackendEvent } from '../backend'
import type { BackendTiming } from '../timing'
import type { Whereabouts } from './api'
import { advance, begin, newJob, type Job, type JobInput, type JobState } from './job'
import type { HistoryEntry } from './schemas'

/** What can happen while a job is followed. */
export type TrackerInput =
  | JobInput
  /** The WebSocket has closed. */
  | { type: 'lost' }
  | { type: 'tick' }
  | { type: 'abort'; reason: unknown }
  | { type: 'looked'; where: Whereabouts }
  /** A look that failed: nothing answered, or a bug. */
  | { type: 'unanswered'; error: unknown }

/** All that is remembered of a followed job. Times are in ms of one monotonic clock. */
export interface Tracker {
  job: JobState
  heardAt: number
  runningSince: number | null
  cancelledAt: number | null
  overdue: boolean
  silentSince: number | null
  /** Looks in a row that found the job neither in the queue nor in the history. */
  unknown: number
}

export interface Situation {
  now: number
  /** Whether the WebSocket has been there all the time. */
  unbroken: boolean
  job: Job
  timing: BackendTiming
}

/** How a followed job ends. `settled`: the history entry has to be fetched. */
export type Ending =
  | { as: 'settled' }
  | { as: 'entry'; entry: HistoryEntry }
  | { as: 'cancelled' }
  | { as: 'detached' }
  | { as: 'failed'; error: unknown }

export interface Step {
  tracker: Tracker
  events: BackendEvent[]
  /** Ask the queue and the history where the job is. */
  look: boolean
  /** Take the job off the service. */
  cancel: boolean
  end: Ending | null
}

export const newTracker = (now: number): Tracker => ({
  job: newJob,
  heardAt: now,
  runningSince: null,
  cancelledAt: null,
  overdue: false,
  silentSince: null,
  unknown: 0,
})

/** Decides what one input means for a followed job; does nothing itself. */
export function track(tracker: Tracker, input: TrackerInput, situation: Situation): Step {
  const stay: Step = { tracker, events: [], look: false, cancel: false, end: null }
  switch (input.type) {
    case 'message':
    case 'frame':
      return hear(tracker, input, situation)
    case 'looked':
      return see(tracker, input.where, situation)
    case 'unanswered':
      return miss(tracker, input.error, situation)
    case 'lost':
      return { ...stay, look: true }
    case 'abort':
      if (input.reason === detached) return { ...stay, end: { as: 'detached' } }
      if (tracker.cancelledAt !== null) return stay
      return { ...stay, tracker: { ...tracker, cancelledAt: situation.now }, cancel: true }
    case 'tick':
      return beat(tracker, situation)
    default:
      return input satisfies never
  }
}

function hear(tracker: Tracker, input: JobInput, { now, job, timing }: Situation): Step {
  const { state, events } = advance(tracker.job, input, job)
  const next = { ...tracker, job: state, heardAt: state === tracker.job ? tracker.heardAt : now }
  if (state.stage === 'running') next.runningSince ??= now
  const settled = state.stage === 'settled'
  return {
    tracker: next,
    events,
    // More than one item is queued: which place is this job's?
    look: state.stage === 'submitted' && waitingOn(input) > 1,
    cancel: false,
    end: settled ? (tracker.cancelledAt === null ? { as: 'settled' } : stopped(tracker, timing)) : null,
  }
}

const waitingOn = (input: JobInput) =>
  input.type === 'message' && input.message.type === 'status' ? input.message.data.status.exec_info.queue_remaining : 0

function see(tracker: Tracker, where: Whereabouts, { now, timing }: Situation): Step {
  const seen = { ...tracker, silentSince: null, unknown: where.state === 'unknown' ? tracker.unknown + 1 : 0 }
  const stay: Step = { tracker: seen, events: [], look: false, cancel: false, end: null }
  switch (where.state) {
    case 'pending':
      return { ...stay, events: [{ type: 'queued', position: where.ahead }] }
    case 'running': {
      const { state, events } = begin(seen.job)
      return { ...stay, tracker: { ...seen, job: state, runningSince: seen.runningSince ?? now }, events }
    }
    case 'ended':
      return {
        ...stay,
        end: seen.cancelledAt === null ? { as: 'entry', entry: where.entry } : stopped(seen, timing),
      }
    case 'unknown':
      // A prompt that is cancelled while it waits never reaches the history.
      if (seen.cancelledAt !== null) return { ...stay, end: stopped(seen, timing) }
      // Queue and history change in one step on the server: the second look in a row is for the way of the submission.
      return { ...stay, end: seen.unknown < 2 ? null : { as: 'failed', error: new Problem('backend.job-lost') } }
    default:
      return where satisfies never
  }
}

function miss(tracker: Tracker, error: unknown, { now, timing }: Situation): Step {
  const stay: Step = { tracker, events: [], look: false, cancel: false, end: null }
  if (!(error instanceof Problem)) return { ...stay, end: { as: 'failed', error } }
  const silentSince = tracker.silentSince ?? now
  const gone = new Problem('backend.disconnected', { detail: error.params['detail'] ?? error.id }, { cause: error })
  const isGone = now - silentSince >= timing.lostAfterMs
  return { ...stay, tracker: { ...tracker, silentSince }, end: isGone ? { as: 'failed', error: gone } : null }
}

function beat(tracker: Tracker, { now, unbroken, timing }: Situation): Step {
  const stay: Step = { tracker, events: [], look: false, cancel: false, end: null }
  if (tracker.cancelledAt !== null) {
    const graceIsOver = now - tracker.cancelledAt >= timing.cancelGraceMs
    return { ...stay, look: !graceIsOver, end: graceIsOver ? stopped(tracker, timing) : null }
  }
  if (tracker.runningSince !== null && now - tracker.runningSince >= timing.jobMs)
    return { ...stay, tracker: { ...tracker, cancelledAt: now, overdue: true }, cancel: true }
  // Not found, or no answer: the next beat looks again, however healthy the socket is.
  const isInDoubt = tracker.unknown > 0 || tracker.silentSince !== null
  if (unbroken && !isInDoubt && now - tracker.heardAt < timing.quietMs) return stay
  return { ...stay, tracker: { ...tracker, heardAt: now }, look: true }
}

function stopped(tracker: Tracker, timing: BackendTiming): Ending {
  if (!tracker.overdue) return { as: 'cancelled' }
  return { as: 'failed', error: new Problem('backend.job-timeout', { minutes: Math.ceil(timing.jobMs / 60_000) }) }
}
