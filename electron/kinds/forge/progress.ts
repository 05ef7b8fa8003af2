import type { BackendEvent } from '../backend'
import { decodeImage } from '../image-type'
import type { Progress, TaskProgress } from './schemas'

/** What was last seen of our own job while its request is open. */
export interface Seen {
  running: boolean
  /** Jobs before it, while it waits. */
  position: number | null
  phase: 'loading' | 'sampling' | 'decoding' | null
  step: number
  /** The last preview, so that it is not sent again. */
  previewId: number
  /** Somebody interrupted it. */
  stopped: boolean
}

export const unseen: Seen = { running: false, position: null, phase: null, step: 0, previewId: -1, stopped: false }

/** Whether a job runs on the server, whoever asked for it. */
export const isWorking = ({ state }: Progress): boolean => (state?.job ?? '') !== '' || (state?.job_count ?? 0) !== 0

/**
 * One look at our own task, and at the server's one progress where that is certain to be of our job too (the task was
 * active before and after it was read).
 */
export interface Look {
  task: TaskProgress
  own: Progress | null
}

/** Jobs before a waiting one: those in line, and the one at work (`In queue: 1/1` is the first in line). */
function positionOf({ textinfo }: TaskProgress): number | null {
  const place = /^In queue: (\d{1,6})\/\d/.exec(textinfo ?? '')?.[1]
  return place === undefined ? null : Number(place)
}

/** The phase of a job by the state of its server, which counts a step after it was made, from 0 (sd_samplers_common). */
function phaseOf(seen: Seen, state: NonNullable<Progress['state']>): { phase: Seen['phase']; step: number } {
  const { job_count: count = 0, job_no: done = 0, sampling_step: step = 0, sampling_steps: steps = 0 } = state
  if (count < 1 || steps < 1) return { phase: seen.phase ?? 'loading', step }
  const isLast = steps > 1 && step >= steps - 1 && seen.step >= steps - 1
  return { phase: done >= count || isLast ? 'decoding' : 'sampling', step }
}

/**
 * Turns a look at our own job into events (modules/progress.py, modules/api/api.py). `asked`: the steps that were asked
 * for, since until the second step the server may still tell how many the last job had.
 */
export function observe(seen: Seen, { task, own }: Look, asked: number): { seen: Seen; events: BackendEvent[] } {
  const events: BackendEvent[] = []
  const next: Seen = { ...seen }
  if (task.queued && !seen.running) {
    next.position = positionOf(task)
    if (next.position !== seen.position) events.push({ type: 'queued', position: next.position })
  }
  if (!task.active) return { seen: next, events }
  next.running = true
  if (!seen.running) events.push({ type: 'running' })
  if (own?.state) {
    next.stopped = seen.stopped || own.state.interrupted === true
    const { phase, step } = phaseOf(seen, own.state)
    const steps = step === 0 ? asked : (own.state.sampling_steps ?? asked)
    if (phase !== seen.phase || (phase === 'sampling' && step !== seen.step)) {
      const at = Math.min(step + 1, steps)
      if (phase === 'sampling')
        events.push({ type: 'progress', phase, step: at, steps, fraction: Math.min(1, task.progress ?? step / steps) })
      else if (phase) events.push({ type: 'progress', phase, step: null, steps: null, fraction: null })
    }
    next.phase = phase
    next.step = step
  }
  const image = task.live_preview ? decodeImage(task.live_preview) : null
  if (image) {
    next.previewId = task.id_live_preview ?? seen.previewId
    const step = next.phase === 'sampling' ? next.step + 1 : null
    events.push({ type: 'preview', mime: image.mime, bytes: image.bytes, step })
  }
  return { seen: next, events }
}
