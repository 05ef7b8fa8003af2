import type { Generation, GenerationParams, LeftFiles, Progress, Timings } from '../../shared/contract'
import type { Problem, Reason } from '../../shared/problems'
import type { BackendEvent, ResolvedParams } from '../kinds'

/** Moments of one generation, as Unix times in ms. */
export interface Marks {
  createdAt: number
  startedAt: number | null
  samplingAt: number | null
  /** The first step that was reported as done, until the next one tells how long a step takes. */
  firstStep: { at: number; step: number } | null
  /** The end of sampling. */
  sampledAt: number | null
  finishedAt: number | null
}

/**
 * The wall clock and what it is made of, in ms: while a phase is not over it is null, and at the end the phases add up
 * to `totalMs`, the time from the order to the result. A phase begins where the one before ended, also where the clock
 * was set back meanwhile. What a service does before it samples, or without sampling, is loading.
 */
export function timingsOf({ createdAt, startedAt, samplingAt, sampledAt, finishedAt }: Marks): Timings {
  // A phase that never began has no part in the time: the one before it lasted until the end.
  const begins = startedAt ?? finishedAt
  const started = begins === null ? null : Math.max(createdAt, begins)
  const samples = startedAt === null ? null : (samplingAt ?? finishedAt)
  const sampling = started === null || samples === null ? null : Math.max(started, samples)
  const sampled = sampling === null || samplingAt === null || sampledAt === null ? null : Math.max(sampling, sampledAt)
  const finished = finishedAt === null ? null : Math.max(sampled ?? sampling ?? started ?? createdAt, finishedAt)
  return {
    queueMs: between(createdAt, started),
    loadMs: startedAt === null ? null : between(started, sampling),
    sampleMs: between(sampling, sampled),
    decodeMs: between(sampled, finished),
    totalMs: between(createdAt, finished),
  }
}

const between = (from: number | null, to: number | null) => (from === null || to === null ? null : to - from)

export function newGeneration(
  about: Pick<Generation, 'id' | 'by' | 'serviceId' | 'kind' | 'simulated'> & {
    params: ResolvedParams
    workflowName?: string
    now: number
  },
): Generation {
  const { params, now, ...rest } = about
  return {
    ...rest,
    state: 'queued',
    params,
    progress: { phase: 'queued', fraction: null, step: null, steps: null, queuePosition: null },
    images: [],
    timings: { queueMs: null, loadMs: null, sampleMs: null, decodeMs: null, totalMs: null },
    cached: false,
    warnings: [],
    createdAt: now,
    startedAt: null,
    finishedAt: null,
  }
}

/** Whether all parameters are filled in, as a service was asked with them. */
export const isResolved = (params: GenerationParams): params is ResolvedParams =>
  (params.workflow !== undefined && params.workflowVersion !== undefined && params.values !== undefined) ||
  [
    params.seed,
    params.steps,
    params.cfg,
    params.width,
    params.height,
    params.sampler,
    params.scheduler,
    params.batch,
  ].every((value) => value !== undefined)

export const isFinished = ({ state }: Pick<Generation, 'state'>) =>
  state === 'succeeded' || state === 'failed' || state === 'cancelled'

/** A generation together with its moments: what events of its backend change. */
export interface Course {
  generation: Generation
  marks: Marks
}

export const newCourse = (generation: Generation): Course => ({
  generation,
  marks: {
    createdAt: generation.createdAt,
    startedAt: generation.startedAt,
    samplingAt: null,
    firstStep: null,
    sampledAt: null,
    finishedAt: null,
  },
})

/** The course after an event that tells of the work's progress. */
export function follow(
  course: Course,
  event: Extract<BackendEvent, { type: 'queued' | 'running' | 'progress' }>,
  now: number,
): Course {
  switch (event.type) {
    case 'queued':
      return course.generation.state === 'queued' ? withPosition(course, event.position) : course
    case 'running':
      return start(course, now)
    case 'progress': {
      const started = start(course, now)
      const { phase, fraction, step, steps } = event
      const marks = { ...started.marks }
      if (phase === 'sampling') Object.assign(marks, sampled(marks, step ?? 0, now))
      if (phase === 'decoding' || phase === 'saving') marks.sampledAt ??= marks.samplingAt === null ? null : now
      return advance({ ...started, marks }, { phase, fraction, step, steps, queuePosition: null })
    }
    default:
      return event satisfies never
  }
}

/**
 * A step is told when it is done: by the time of the second one it is known how long one takes, and so when the first
 * began. The earliest beginning is that of the sampler, where it was told (step 0), else that of the work.
 */
function sampled(marks: Marks, step: number, now: number): Pick<Marks, 'samplingAt' | 'firstStep'> {
  const samplingAt = marks.samplingAt ?? now
  if (step === 0 || marks.sampledAt !== null) return { samplingAt, firstStep: marks.firstStep }
  const { firstStep } = marks
  if (!firstStep) return { samplingAt, firstStep: { at: now, step } }
  // Only the first interval counts: the beginning is settled then.
  if (step <= firstStep.step || firstStep.step === 0) return { samplingAt, firstStep }
  const stepMs = (now - firstStep.at) / (step - firstStep.step)
  const earliest = samplingAt < firstStep.at ? samplingAt : (marks.startedAt ?? samplingAt)
  const begun = Math.max(earliest, firstStep.at - firstStep.step * stepMs)
  return { samplingAt: Math.min(begun, firstStep.at), firstStep: { at: firstStep.at, step: 0 } }
}

/** `position`: jobs before this one on the same service. */
export const withPosition = (course: Course, position: number | null, why: Reason | null = null): Course =>
  advance(course, {
    ...withoutWait(course.generation.progress),
    queuePosition: position,
    ...(why && { waitsFor: why }),
  })

function withoutWait(progress: Progress): Progress {
  const { phase, fraction, step, steps, queuePosition } = progress
  return { phase, fraction, step, steps, queuePosition }
}

const advance = (course: Course, progress: Progress): Course => ({
  ...course,
  generation: { ...course.generation, progress, timings: timingsOf(course.marks) },
})

function start(course: Course, now: number): Course {
  if (course.generation.state !== 'queued') return course
  const marks = { ...course.marks, startedAt: now }
  const progress: Progress = { phase: 'loading', fraction: null, step: null, steps: null, queuePosition: null }
  return {
    marks,
    generation: { ...course.generation, state: 'running', startedAt: now, progress, timings: timingsOf(marks) },
  }
}

/** How a generation ended. */
export type Outcome =
  | { state: 'succeeded'; images: Generation['images']; left: LeftFiles | null; cached: boolean; warnings: Reason[] }
  /** `remains`: the service still has the job, in line or at work. */
  | { state: 'cancelled'; remains?: boolean; warnings?: Reason[] }
  /** `images`: what had been taken before it failed. */
  | { state: 'failed'; problem: Problem; images?: Generation['images'] }

export function finish(course: Course, outcome: Outcome, now: number): Generation {
  const started = outcome.state === 'succeeded' ? start(course, now) : course
  const marks = { ...started.marks, finishedAt: now }
  // Without a decoding phase, sampling lasted until the pictures were there.
  marks.sampledAt ??= marks.samplingAt === null ? null : now
  const ended = { ...started.generation, finishedAt: now, timings: timingsOf(marks) }
  const progress = { ...withoutWait(ended.progress), queuePosition: null }
  switch (outcome.state) {
    case 'succeeded': {
      const { images, left, cached, warnings } = outcome
      return {
        ...ended,
        state: 'succeeded',
        images,
        ...(left ? { left } : {}),
        cached,
        warnings,
        progress: { ...progress, phase: 'done', fraction: 1 },
      }
    }
    case 'cancelled':
      return { ...ended, state: 'cancelled', warnings: outcome.warnings ?? [], progress }
    case 'failed':
      return { ...ended, state: 'failed', images: outcome.images ?? [], progress, error: errorOf(outcome.problem) }
    default:
      return outcome satisfies never
  }
}

function errorOf(problem: Problem): NonNullable<Generation['error']> {
  const { detail } = problem.params
  return { ...problem.reason, ...(typeof detail === 'string' ? { detail } : {}) }
}
