import { setTimeout as delay } from 'node:timers/promises'
import { Problem, reason, type Reason } from '../../../shared/problems'
import { onAbort } from '../../async/abort'
import { detached, type BackendEvent, type FamilyParams } from '../backend'
import { createInbox } from '../inbox'
import type { BackendTiming } from '../timing'
import type { ForgeApi } from './api'
import { replacedChoices } from './choose'
import { isExpected, standingOf, type Standing } from './own'
import { observe, unseen, type Seen } from './progress'
import type { Info } from './schemas'
import type { Pictures } from './txt2img'
import { begunAt, watch, type Sight } from './watch'

type Input =
  | { type: 'done'; done: Pictures }
  | { type: 'failed'; error: unknown }
  | { type: 'sight'; sight: Sight }
  | { type: 'abort'; reason: unknown }
  /** Where our job stood when it was to be interrupted. */
  | { type: 'standing'; standing: Standing }
  | { type: 'grace-over' }

interface Running {
  api: ForgeApi
  timing: BackendTiming
}

/** What is known of our job while its request is open. */
interface Course {
  seen: Seen
  /** Whether the service tells whose job runs. */
  told: boolean
  cancelling: boolean
  /** An interrupt of ours was sent while our job ran. */
  interrupted: boolean
}

const leftRunning = () => [reason('backend.left-running')]

interface Job {
  taskId: string
  params: FamilyParams
}

/** One `txt2img` with all that looks after it; `next` gives what comes of it, in order. */
function createRequest({ api, timing }: Running, { taskId, params }: Job, signal: AbortSignal) {
  const inbox = createInbox<Input>(() => null)
  const lifetime = new AbortController()
  const leave = onAbort(signal, () => inbox.put({ type: 'abort', reason: signal.reason }))
  const fail = (error: unknown) => inbox.put({ type: 'failed', error })
  let grace: NodeJS.Timeout | undefined
  let made: Promise<Pictures> | undefined
  return {
    next: inbox.take,
    /** Ends with the request. */
    signal: lifetime.signal,
    /** `before`: the job that ran before, by its beginning. */
    send(before: string | null, previewId: () => number) {
      made = api.txt2img(taskId, params, lifetime.signal)
      made.then((done) => inbox.put({ type: 'done', done }), fail)
      watch(api, {
        ...{ taskId, timing, before, previewId },
        signal: lifetime.signal,
        put: (sight) => inbox.put({ type: 'sight', sight }),
      }).catch(fail)
    },
    /** Has our job interrupted, and gives it up after the grace. */
    cancel() {
      grace = setTimeout(() => inbox.put({ type: 'grace-over' }), timing.cancelGraceMs)
      keepInterrupting(api, taskId, {
        timing,
        signal: lifetime.signal,
        put: (standing) => inbox.put({ type: 'standing', standing }),
      }).catch(fail)
    },
    /** Whatever came of it, nothing stays on disk. */
    async close() {
      clearTimeout(grace)
      leave()
      lifetime.abort()
      await made?.then(
        ({ release }) => release(),
        () => undefined,
      )
    },
  }
}

/**
 * Sends one `txt2img` under a name of its own and follows it until the answer is there. Cancelling interrupts that job
 * alone: one that still waits ends as `cancelled` with `remains`, and where it is not told whose job runs, nothing is
 * interrupted. Pictures that come are kept, whoever interrupted them.
 */
export async function* runForge(
  { api, timing }: Running,
  job: Job,
  signal: AbortSignal,
): AsyncGenerator<BackendEvent, void, undefined> {
  const { taskId, params } = job
  const request = createRequest({ api, timing }, job, signal)
  let course: Course = { seen: unseen, told: true, cancelling: false, interrupted: false }
  try {
    yield { type: 'queued', position: null }
    const before = signal.aborted ? null : await begunBefore(api, signal)
    if (signal.aborted) {
      // It was never sent.
      if (signal.reason !== detached) yield { type: 'cancelled' }
      return
    }
    request.send(before, () => course.seen.previewId)
    for (;;) {
      const input = await request.next()
      switch (input.type) {
        case 'done':
          // Interrupted by us, the pictures are unfinished, and nobody wants them.
          if (course.interrupted) yield { type: 'cancelled' }
          else yield* deliver(api, params, { done: input.done, course, signal: request.signal })
          return
        case 'failed':
          if (!course.cancelling) throw await explain(input.error, api, { taskId, timing, seen: course.seen })
          yield { type: 'cancelled' }
          return
        case 'sight':
          course = yield* tell(course, input.sight, params.steps)
          break
        case 'abort':
          if (input.reason === detached) return
          course = { ...course, cancelling: true }
          request.cancel()
          break
        case 'standing': {
          const { standing } = input
          if (standing === 'queued') yield { type: 'cancelled', remains: true }
          else if (standing === 'untold') yield { type: 'cancelled', warnings: leftRunning() }
          else {
            course = { ...course, interrupted: course.interrupted || standing === 'active' }
            break
          }
          return
        }
        case 'grace-over':
          yield course.told ? { type: 'cancelled', remains: true } : { type: 'cancelled', warnings: leftRunning() }
          return
        default:
          input satisfies never
      }
    }
  } finally {
    await request.close()
  }
}

/** The job that runs before ours is sent, by its beginning; a service that does not answer fails the request itself. */
async function begunBefore(api: ForgeApi, signal: AbortSignal): Promise<string | null> {
  try {
    return begunAt(await api.progress(false, signal))
  } catch (error) {
    if (isExpected(error)) return null
    throw error
  }
}

/** The events of one look at our job. */
function* tell(course: Course, sight: Sight, asked: number): Generator<BackendEvent, Course, undefined> {
  const { seen } = course
  if (sight.told) {
    const next = observe(seen, sight.look, asked)
    yield* next.events
    return { ...course, seen: next.seen }
  }
  const isNew = sight.moved && !seen.running
  if (isNew) yield { type: 'running' }
  return { ...course, told: false, seen: isNew ? { ...seen, running: true } : seen }
}

/**
 * Closing the connection would not stop the job. Interrupts it as often as it is found at work, until the answer is
 * there (with unfinished pictures); ends where it waits, or where it is not told whose job runs.
 */
async function keepInterrupting(
  api: ForgeApi,
  taskId: string,
  { timing, signal, put }: { timing: BackendTiming; signal: AbortSignal; put: (standing: Standing) => void },
): Promise<void> {
  while (!signal.aborted) {
    const standing = await interruptOwn(api, taskId, { timing, put })
    if (standing === 'queued' || standing === 'untold') return
    await delay(timing.pollMs)
  }
}

/** Looks where our job stands, tells it, and interrupts it if it runs. Null when the service does not answer. */
async function interruptOwn(
  api: ForgeApi,
  taskId: string,
  { timing, put }: { timing: BackendTiming; put?: (standing: Standing) => void },
): Promise<Standing | null> {
  const signal = AbortSignal.timeout(timing.cancelGraceMs)
  try {
    const standing = await standingOf(api, taskId, signal)
    put?.(standing)
    if (standing === 'active') await api.interrupt(signal)
    return standing
  } catch (error) {
    // It is given up after the grace.
    if (isExpected(error)) return null
    throw error
  }
}

/** A connection that breaks while the job runs is a crash; a limit that runs out stops the job on the service. */
async function explain(
  error: unknown,
  api: ForgeApi,
  { taskId, timing, seen }: { taskId: string; timing: BackendTiming; seen: Seen },
) {
  if (!(error instanceof Problem)) return error
  if (error.id === 'backend.timeout') {
    await interruptOwn(api, taskId, { timing })
    return new Problem('backend.job-timeout', { minutes: Math.ceil(timing.jobMs / 60_000) })
  }
  if (error.id === 'backend.unreachable' && (seen.running || error.params['detail'] !== 'ECONNREFUSED'))
    return new Problem('backend.disconnected', { detail: error.params['detail'] ?? '' }, { cause: error })
  return error
}

interface Delivery {
  done: Pictures
  course: Course
  signal: AbortSignal
}

async function* deliver(
  api: ForgeApi,
  params: FamilyParams,
  { done, course, signal }: Delivery,
): AsyncGenerator<BackendEvent, void, undefined> {
  const { info } = done
  // Asked while the pictures are taken.
  const interrupted = course.seen.stopped ? Promise.resolve(true) : isInterruptedSince(api, info, signal)
  interrupted.catch(() => undefined)
  // With a grid in front, the pictures themselves start later.
  const pictures = done.images.slice(Math.min(info.index_of_first_image ?? 0, Math.max(0, done.images.length - 1)))
  const elsewhere = async () => ((await interrupted) ? [reason('backend.interrupted-elsewhere')] : [])
  if (pictures.length === 0) {
    const warnings = await elsewhere()
    if (warnings.length === 0) throw new Problem('backend.no-images')
    yield { type: 'cancelled', warnings }
    return
  }
  yield { type: 'progress', phase: 'saving', step: null, steps: null, fraction: null }
  for (const image of pictures) yield { type: 'image', image }
  const untold: Reason[] = course.told ? [] : [reason('backend.progress-untold')]
  yield { type: 'done', cached: false, warnings: [...(await elsewhere()), ...untold, ...replacedChoices(params, info)] }
}

/**
 * Whether the service's last job, if it is still ours, was interrupted: the flag stays until the next job begins, and a
 * short job may end between two looks.
 */
async function isInterruptedSince(api: ForgeApi, info: Info, signal: AbortSignal): Promise<boolean> {
  if (!info.job_timestamp) return false
  try {
    const { state } = await api.progress(false, signal)
    return state?.job_timestamp === info.job_timestamp && state.interrupted === true
  } catch (error) {
    if (isExpected(error)) return false
    throw error
  }
}
