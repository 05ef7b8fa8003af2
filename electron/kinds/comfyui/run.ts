import { Problem, reason, type Reason } from '../../../shared/problems'
import { onAbort } from '../../async/abort'
import { detached, type BackendEvent, type BackendTarget } from '../backend'
import { createInbox, type Inbox } from '../inbox'
import type { BackendTiming } from '../timing'
import type { ComfyApi } from './api'
import { droppedOutputs, executionProblem } from './errors'
import type { Job } from './job'
import { createLink, type Link } from './link'
import { outcomeOf, type HistoryEntry } from './schemas'
import { newTracker, track, type Ending, type TrackerInput } from './tracker'

export interface RunContext {
  api: ComfyApi
  target: BackendTarget
  timing: BackendTiming
}

type Events<Result = void> = AsyncGenerator<BackendEvent, Result, undefined>

/** Of pictures that wait unread only the newest matters; the same for ticks. */
const merge = (waiting: TrackerInput, value: TrackerInput) =>
  (waiting.type === 'frame' || waiting.type === 'tick') && waiting.type === value.type ? value : null

/** How a job comes to the service. */
export interface Submission {
  /** Posted already, by an earlier run of the panel. */
  isThere?: boolean
  /** `--preview-method` for this job alone; null leaves it to the service. */
  previewMethod: string | null
}

/**
 * Submits a graph and follows it to its end: by WebSocket while that is unbroken, by `/queue` and `/history` after a
 * drop, in a silence, or where there is no WebSocket. One that is there already is only followed.
 */
export async function* runJob(context: RunContext, job: Job, submission: Submission, signal: AbortSignal): Events {
  const { api, target, timing } = context
  const inbox = createInbox<TrackerInput>(merge)
  const link = createLink(
    target,
    { clientId: job.promptId, timing },
    { onInput: inbox.put, onLost: () => inbox.put({ type: 'lost' }) },
  )
  const ticker = setInterval(() => inbox.put({ type: 'tick' }), timing.tickMs)
  const leave = onAbort(signal, () => inbox.put({ type: 'abort', reason: signal.reason }))
  try {
    const noSocket = await link.open(signal)
    const warnings = noSocket === null ? [] : [reason('backend.no-live-progress', { detail: noSocket })]
    if (submission.isThere !== true) {
      const number = target.numberFor?.(job.promptId) ?? null
      warnings.push(...(await submit(api, { ...job, number, previewMethod: submission.previewMethod }, signal)))
      yield { type: 'queued', position: null }
    }
    const shown = { steps: 0, previews: 0 }
    const end = yield* follow(context, job, { link, inbox, shown, isThere: submission.isThere === true })
    // It has told all there is: it closes while the pictures are fetched, not after them.
    void link.close()
    if (noSocket === null && shown.steps > 1 && shown.previews === 0)
      warnings.push(...(await whyNoPreviews(api, signal)))
    yield* finish(api, job, { end, warnings, signal })
  } catch (error) {
    if (!signal.aborted || error instanceof Problem) throw error
    // Aborted while connecting, submitting or fetching: the service may have the job all the same.
    if (signal.reason === detached) return
    await cancel(api, job, timing)
    yield { type: 'cancelled' }
  } finally {
    clearInterval(ticker)
    leave()
    await link.close()
  }
}

/** Posts the job and returns what was dropped from it. */
async function submit(
  api: ComfyApi,
  job: Job & { previewMethod: string | null; number: number | null },
  signal: AbortSignal,
): Promise<Reason[]> {
  try {
    return droppedOutputs(await api.submit({ ...job, clientId: job.promptId }, signal), job.graph)
  } catch (error) {
    // No answer in time does not mean that it was not queued: looking for our own id will tell.
    if (error instanceof Problem && error.id === 'backend.timeout') return []
    throw error
  }
}

/** A service that was started without `--preview-method` sends no pictures while it samples. */
async function whyNoPreviews(api: ComfyApi, signal: AbortSignal): Promise<Reason[]> {
  const { previewMethod } = await api.facts(signal)
  return previewMethod === 'none' ? [reason('backend.no-previews')] : []
}

/** A service that does not answer cannot cancel either; the caller gives up on the job after its grace. */
async function cancel(api: ComfyApi, job: Job, timing: BackendTiming): Promise<void> {
  try {
    await api.cancel(job.promptId, AbortSignal.timeout(timing.cancelGraceMs))
  } catch (error) {
    if (!(error instanceof Problem) && !isAbort(error)) throw error
  }
}

const isAbort = (error: unknown) =>
  error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')

interface Feeds {
  link: Link
  inbox: Inbox<TrackerInput>
  /** Counted on the way. */
  shown: { steps: number; previews: number }
  isThere: boolean
}

async function* follow(context: RunContext, job: Job, { link, inbox, shown, isThere }: Feeds): Events<Ending> {
  const { api, timing } = context
  const lifetime = new AbortController()
  let looking = false
  const look = async () => {
    if (looking) return
    looking = true
    try {
      inbox.put({ type: 'looked', where: await api.look(job.promptId, lifetime.signal) })
    } catch (error) {
      inbox.put({ type: 'unanswered', error })
    } finally {
      looking = false
    }
  }
  let tracker = newTracker(performance.now())
  // Of one that was there before the socket, nobody has said yet where it is.
  if (!link.unbroken || isThere) void look()
  try {
    for (;;) {
      const input = await inbox.take()
      const step = track(tracker, input, { now: performance.now(), unbroken: link.unbroken, job, timing })
      tracker = step.tracker
      for (const event of step.events) {
        if (event.type === 'preview') shown.previews += 1
        if (event.type === 'progress' && (event.step ?? 0) > 0) shown.steps += 1
        yield event
      }
      if (step.end) return step.end
      if (step.cancel)
        void cancel(api, job, timing).then(look, (error: unknown) => inbox.put({ type: 'unanswered', error }))
      if (step.look) void look()
    }
  } finally {
    lifetime.abort()
  }
}

interface Finish {
  end: Ending
  warnings: Reason[]
  signal: AbortSignal
}

async function* finish(api: ComfyApi, job: Job, { end, warnings, signal }: Finish): Events {
  switch (end.as) {
    case 'detached':
      return
    case 'cancelled':
      yield { type: 'cancelled' }
      return
    case 'failed':
      throw end.error
    case 'settled':
      yield* deliver(api, job, { entry: await api.settled(job.promptId, signal), warnings, signal })
      return
    case 'entry':
      yield* deliver(api, job, { entry: end.entry, warnings, signal })
      return
    default:
      end satisfies never
  }
}

function* deliver(
  api: ComfyApi,
  job: Job,
  { entry, warnings, signal }: { entry: HistoryEntry; warnings: Reason[]; signal: AbortSignal },
): Generator<BackendEvent, void, undefined> {
  const outcome = outcomeOf(entry)
  if (outcome.state === 'failed') throw executionProblem(outcome.error, job.graph)
  // Cancelled by our caller it would not be delivered: somebody else has interrupted it.
  if (outcome.state === 'interrupted') {
    yield { type: 'cancelled', warnings: [reason('backend.interrupted-by-others')] }
    return
  }
  yield { type: 'progress', phase: 'saving', step: null, steps: null, fraction: null }
  for (const image of api.images(entry, signal)) yield { type: 'image', image }
  const text = entry.saysText ? [reason('backend.text-not-kept')] : []
  yield { type: 'done', cached: outcome.cached, warnings: [...warnings, ...text] }
}
