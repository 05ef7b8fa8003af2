import type { BackendEvent } from '../backend'
import { decodeImage } from '../image-type'
import type { Progress } from './schemas'

/** What was last seen of the server's one progress state while our request is open. */
export interface Seen {
  running: boolean
  phase: 'loading' | 'sampling' | 'decoding' | null
  step: number
  /** The last live picture, to leave repetitions out. */
  image: string | null
  interrupted: boolean
  /** Somebody interrupted the job while it was watched (the flag itself may be left over from an earlier job). */
  stopped: boolean
}

export const unseen: Seen = { running: false, phase: null, step: 0, image: null, interrupted: true, stopped: false }

/** Whether a job runs on the server, whoever asked for it. */
export const isWorking = ({ state }: Progress): boolean => (state?.job ?? '') !== '' || (state?.job_count ?? 0) !== 0

/** Turns one look at `/sdapi/v1/progress` into events (modules/progress.py, modules/api/api.py). */
export function observe(seen: Seen, progress: Progress): { seen: Seen; events: BackendEvent[] } {
  const { job = '', job_count: count = 0, sampling_step: step = 0, sampling_steps: steps = 0 } = progress.state ?? {}
  const interrupted = progress.state?.interrupted ?? false
  if (job === '' && count === 0) return { seen: { ...seen, interrupted }, events: [] }
  const events: BackendEvent[] = []
  const next: Seen = {
    ...seen,
    running: true,
    interrupted,
    stopped: seen.stopped || (interrupted && !seen.interrupted),
  }
  if (!seen.running) events.push({ type: 'running' })
  const phase = step <= 0 || steps <= 0 ? 'loading' : step >= steps && seen.step >= steps ? 'decoding' : 'sampling'
  // The step falls back to 0 between the pictures of a job: that is no second loading.
  if (phase === 'loading' ? seen.phase === null : phase !== seen.phase || step !== seen.step) {
    next.phase = phase
    events.push(
      phase === 'sampling'
        ? { type: 'progress', phase, step, steps, fraction: Math.min(1, step / steps) }
        : { type: 'progress', phase, step: null, steps: null, fraction: null },
    )
  }
  next.step = step
  if (progress.current_image && progress.current_image !== seen.image) {
    next.image = progress.current_image
    const image = decodeImage(progress.current_image)
    if (image) events.push({ type: 'preview', mime: image.mime, bytes: image.bytes, step: step > 0 ? step : null })
  }
  return { seen: next, events }
}
