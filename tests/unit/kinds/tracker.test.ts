import { describe, expect, it } from 'vitest'
import { detached } from '../../../electron/kinds'
import { newTracker, track, type Tracker, type TrackerInput } from '../../../electron/kinds/comfyui/tracker'
import { defaultTiming } from '../../../electron/kinds/timing'
import { Problem } from '../../../shared/problems'

const timing = { ...defaultTiming, quietMs: 1000, lostAfterMs: 500, cancelGraceMs: 300, jobMs: 10_000 }
const entry = { outputs: {}, status: { status_str: 'success', messages: [] } }
const settled: TrackerInput = {
  type: 'message',
  message: { type: 'executing', data: { prompt_id: 'mine', node: null } },
}

const step = (tracker: Tracker, input: TrackerInput, now: number, unbroken = true) =>
  track(tracker, input, { now, unbroken, timing, job: { promptId: 'mine', graph: {} } })

describe('track', () => {
  it('ends settled when the worker has closed the prompt', () => {
    expect(step(newTracker(0), settled, 1).end).toEqual({ as: 'settled' })
  })

  it('leaves a healthy socket in peace and looks at the queue after a silence', () => {
    expect(step(newTracker(0), { type: 'tick' }, 900).look).toBe(false)
    expect(step(newTracker(0), { type: 'tick' }, 1000).look).toBe(true)
  })

  it('looks at every tick once the socket was lost', () => {
    expect(step(newTracker(0), { type: 'lost' }, 1).look).toBe(true)
    expect(step(newTracker(0), { type: 'tick' }, 2, false).look).toBe(true)
  })

  it('asks for the place in the queue only while others wait too', () => {
    const status = (queue_remaining: number): TrackerInput => ({
      type: 'message',
      message: { type: 'status', data: { status: { exec_info: { queue_remaining } } } },
    })
    expect(step(newTracker(0), status(1), 1).look).toBe(false)
    expect(step(newTracker(0), status(2), 1).look).toBe(true)
  })

  it('tells the place in the queue and the start that a look found', () => {
    const pending = step(newTracker(0), { type: 'looked', where: { state: 'pending', ahead: 3 } }, 1)
    expect(pending.events).toEqual([{ type: 'queued', position: 3 }])
    const running = step(pending.tracker, { type: 'looked', where: { state: 'running', graph: {} } }, 2)
    expect(running.events[0]).toEqual({ type: 'running' })
  })

  it('ends with the history entry that a look found', () => {
    expect(step(newTracker(0), { type: 'looked', where: { state: 'ended', entry } }, 1).end).toEqual({
      as: 'entry',
      entry,
    })
  })

  it('gives a job up as lost when two looks in a row do not find it, the second at the next beat', () => {
    const unknown: TrackerInput = { type: 'looked', where: { state: 'unknown' } }
    const once = step(newTracker(0), unknown, 1)
    expect(once.end).toBeNull()
    const beat = step(once.tracker, { type: 'tick' }, 2)
    expect(beat.look).toBe(true)
    expect(step(beat.tracker, unknown, 3).end).toMatchObject({ as: 'failed', error: { id: 'backend.job-lost' } })
    const found = step(beat.tracker, { type: 'looked', where: { state: 'running', graph: {} } }, 3)
    expect(step(found.tracker, { type: 'tick' }, 4).look).toBe(false)
    expect(step(found.tracker, unknown, 5).end).toBeNull()
  })

  it('looks again at the next beat when nothing answered, however healthy the socket is', () => {
    const silent: TrackerInput = { type: 'unanswered', error: new Problem('backend.timeout', { url: 'u', seconds: 1 }) }
    expect(step(step(newTracker(0), silent, 1).tracker, { type: 'tick' }, 2).look).toBe(true)
  })

  it('gives a service up after it has not answered for a while, and not after one slow answer', () => {
    const refused = new Problem('backend.unreachable', { url: 'http://h', detail: 'ECONNREFUSED' })
    const silent: TrackerInput = { type: 'unanswered', error: refused }
    const first = step(newTracker(0), silent, 1000)
    expect(first.end).toBeNull()
    const back = step(first.tracker, { type: 'looked', where: { state: 'running', graph: {} } }, 1400)
    expect(step(back.tracker, silent, 1600).end).toBeNull()
    expect(step(first.tracker, silent, 1500).end).toMatchObject({
      as: 'failed',
      error: { id: 'backend.disconnected', params: { detail: 'ECONNREFUSED' } },
    })
  })

  it('does not hide a bug behind a silence', () => {
    const bug = new TypeError('bug')
    expect(step(newTracker(0), { type: 'unanswered', error: bug }, 1).end).toEqual({ as: 'failed', error: bug })
  })

  it('cancels once, and ends when the service has let the job go', () => {
    const first = step(newTracker(0), { type: 'abort', reason: new Error('cancel') }, 10)
    expect(first.cancel).toBe(true)
    expect(step(first.tracker, { type: 'abort', reason: new Error('cancel') }, 11).cancel).toBe(false)
    expect(step(first.tracker, settled, 12).end).toEqual({ as: 'cancelled' })
    expect(step(first.tracker, { type: 'looked', where: { state: 'unknown' } }, 12).end).toEqual({ as: 'cancelled' })
  })

  it('does not wait for ever for a job that cannot be interrupted', () => {
    const { tracker } = step(newTracker(0), { type: 'abort', reason: new Error('cancel') }, 10)
    expect(step(tracker, { type: 'tick' }, 200).end).toBeNull()
    expect(step(tracker, { type: 'tick' }, 310).end).toEqual({ as: 'cancelled' })
  })

  it('leaves the job alone when the panel stops', () => {
    const stopped = step(newTracker(0), { type: 'abort', reason: detached }, 10)
    expect(stopped).toMatchObject({ cancel: false, end: { as: 'detached' } })
  })

  it('cancels a job that runs too long and says so', () => {
    const { tracker } = step(newTracker(0), { type: 'looked', where: { state: 'running', graph: {} } }, 0)
    const overdue = step(tracker, { type: 'tick' }, 10_000)
    expect(overdue.cancel).toBe(true)
    expect(step(overdue.tracker, settled, 10_001).end).toMatchObject({ error: { id: 'backend.job-timeout' } })
  })
})
