import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ResolvedParams } from '../../../electron/kinds'
import {
  finish,
  follow,
  isResolved,
  newCourse,
  newGeneration,
  timingsOf,
  withPosition,
} from '../../../electron/generation/record'
import { Generation } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'

const params: ResolvedParams = {
  prompt: 'a fox',
  seed: 1,
  steps: 4,
  cfg: 1,
  width: 512,
  height: 512,
  sampler: 'euler',
  scheduler: 'simple',
  batch: 1,
}
const fresh = () =>
  newCourse(
    newGeneration({ id: 'g', by: 'admin', serviceId: 's', kind: 'comfyui', simulated: true, params, now: 1000 }),
  )
const sampling = (step: number) =>
  ({ type: 'progress', phase: 'sampling', step, steps: 4, fraction: step / 4 }) as const
const phase = (name: 'loading' | 'decoding' | 'saving') =>
  ({ type: 'progress', phase: name, step: null, steps: null, fraction: null }) as const
const image = { id: 'g-0', width: 512, height: 512, bytes: 9, mime: 'image/png' }

describe('the course of a generation', () => {
  it('is a valid record at every step', () => {
    const course = follow(fresh(), { type: 'running' }, 1100)
    expect(Generation.safeParse(fresh().generation).success).toBe(true)
    expect(Generation.safeParse(follow(course, sampling(1), 1200).generation).success).toBe(true)
    expect(Generation.safeParse(finish(course, { state: 'cancelled' }, 1300)).success).toBe(true)
  })

  it('measures queue, load, sampling and decoding apart, and the total by the clock', () => {
    let course = follow(fresh(), { type: 'running' }, 1500)
    course = follow(course, sampling(1), 1800)
    course = follow(course, sampling(4), 2400)
    // Three steps in 600 ms: the first one began 200 ms before it was done.
    course = follow(course, phase('decoding'), 2500)
    course = follow(course, phase('saving'), 2600)
    const done = finish(course, { state: 'succeeded', images: [image], left: null, cached: false, warnings: [] }, 2700)
    expect(done.timings).toEqual({ queueMs: 500, loadMs: 100, sampleMs: 900, decodeMs: 200, totalMs: 1700 })
    expect(done).toMatchObject({ state: 'succeeded', startedAt: 1500, finishedAt: 2700, images: [image] })
    expect(done.progress).toMatchObject({ phase: 'done', fraction: 1 })
  })

  it('counts the first step as sampling, from the sampler’s own beginning at the earliest', () => {
    const samplesFrom = (...events: [step: number, at: number][]) => {
      const running = follow(fresh(), { type: 'running' }, 1000)
      const course = events.reduce((now, [step, at]) => follow(now, sampling(step), at), running)
      return course.marks.samplingAt
    }
    // Steps of 100 ms: a model that is brought into VRAM before the first one counts as loading.
    expect(samplesFrom([0, 2000], [1, 5100], [2, 5200], [3, 9000])).toBe(5000)
    expect(samplesFrom([0, 2000], [1, 2050], [2, 2150])).toBe(2000)
    // A single step has nothing to be measured by.
    expect(samplesFrom([0, 2000], [1, 5100])).toBe(2000)
    // Looked at now and then, as Forge is.
    expect(samplesFrom([4, 3000], [8, 3400])).toBe(2600)
    expect(samplesFrom([4, 1100], [8, 1900])).toBe(1000)
  })

  it('keeps times null that there were none of: no sampling was seen in a cached answer', () => {
    const done = finish(fresh(), { state: 'succeeded', images: [image], left: null, cached: true, warnings: [] }, 1010)
    expect(done.timings).toEqual({ queueMs: 10, loadMs: 0, sampleMs: null, decodeMs: null, totalMs: 10 })
    expect(done.cached).toBe(true)
  })

  it('never shows a negative time when the clock was set back', () => {
    const marks = {
      createdAt: 5000,
      startedAt: 4000,
      samplingAt: null,
      firstStep: null,
      sampledAt: null,
      finishedAt: 3000,
    }
    expect(timingsOf(marks)).toMatchObject({ queueMs: 0, totalMs: 0 })
  })

  it('adds up: the phases are the total, whatever happens when, and whatever the clock does', () => {
    const at = fc.integer({ min: 0, max: 5000 })
    const event = fc.oneof(
      fc.constant({ type: 'running' } as const),
      fc.integer({ min: 0, max: 4 }).map(sampling),
      fc.constantFrom('loading' as const, 'decoding' as const, 'saving' as const).map(phase),
    )
    const outcome = fc.constantFrom(
      { state: 'succeeded', images: [image], left: null, cached: false, warnings: [] } as const,
      { state: 'cancelled' } as const,
      { state: 'failed', problem: new Problem('generation.internal') } as const,
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(event, at)), outcome, at, (events, how, end) => {
        const course = events.reduce((now, [one, time]) => follow(now, one, time), fresh())
        const { timings } = finish(
          course,
          how.state === 'succeeded' ? { ...how, images: [image], warnings: [] } : how,
          end,
        )
        const parts = [timings.queueMs, timings.loadMs, timings.sampleMs, timings.decodeMs].map((ms) => ms ?? 0)
        expect(Math.min(...parts)).toBeGreaterThanOrEqual(0)
        expect(parts.reduce((all, ms) => all + ms, 0)).toBe(timings.totalMs)
        // A clock that only goes on is the wall clock.
        const times = [1000, ...events.map(([, time]) => time), end]
        if (times.every((time, i) => i === 0 || time >= (times[i - 1] ?? 0))) expect(timings.totalMs).toBe(end - 1000)
      }),
    )
  })

  it('shows the place in the queue until it runs', () => {
    const waiting = withPosition(fresh(), 2)
    expect(waiting.generation.progress.queuePosition).toBe(2)
    expect(follow(waiting, { type: 'queued', position: 1 }, 1).generation.progress.queuePosition).toBe(1)
    const running = follow(waiting, { type: 'running' }, 1100)
    expect(running.generation.progress.queuePosition).toBeNull()
    expect(follow(running, { type: 'queued', position: 1 }, 1200)).toBe(running)
  })

  it('keeps the service’s own words beside the message and the hint of a failure', () => {
    const problem = new Problem('backend.out-of-memory', { detail: 'torch.OutOfMemoryError: CUDA out of memory' })
    const failed = finish(fresh(), { state: 'failed', problem }, 1100)
    expect(failed.error).toMatchObject({
      problem: 'backend.out-of-memory',
      detail: 'torch.OutOfMemoryError: CUDA out of memory',
    })
    expect(failed.startedAt).toBeNull()
  })
})

it('of an imported workflow is known whole by its version and values, so that it is queued again after a restart', () => {
  const imported = { prompt: 'x', workflow: '0b6f6a0e-5e0c-4a53-9c0e-3f5d2a8f7c11', workflowVersion: 2, values: {} }
  expect(isResolved(imported)).toBe(true)
  expect(isResolved({ ...imported, values: undefined })).toBe(false)
  expect(isResolved({ prompt: 'x', steps: 4 })).toBe(false)
})
