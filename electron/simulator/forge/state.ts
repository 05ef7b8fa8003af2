import { encodePng } from '../media/png'
import type { Raster } from '../media/raster'

/** Forge's one global state of whatever job runs. */
export interface JobState {
  skipped: boolean
  interrupted: boolean
  job: string
  jobCount: number
  jobNo: number
  jobTimestamp: string
  samplingStep: number
  samplingSteps: number
  startedAt: number
  /** The latest preview that was asked of the model. */
  preview: Raster | null
  previewStep: number
  /** Counts the previews of a job. */
  previewId: number
}

export const idleState = (): JobState => ({
  skipped: false,
  interrupted: false,
  job: '',
  jobCount: 0,
  jobNo: 0,
  jobTimestamp: '0',
  samplingStep: 0,
  samplingSteps: 0,
  startedAt: 0,
  preview: null,
  previewStep: 0,
  previewId: 0,
})

const two = (value: number) => String(value).padStart(2, '0')

/** `20250907223321` */
export const timestamp = (now = new Date()) =>
  `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`

const describe = (state: JobState) => ({
  skipped: state.skipped,
  interrupted: state.interrupted,
  stopping_generation: false,
  job: state.job,
  job_count: state.jobCount,
  job_timestamp: state.jobTimestamp,
  job_no: state.jobNo,
  sampling_step: state.samplingStep,
  sampling_steps: state.samplingSteps,
})

const secondsSince = (startedAt: number) => (Date.now() - startedAt) / 1000

/** Fraction of the running job, by the sum of `/sdapi/v1/progress`: never quite 0, never above 1. */
function progressOf(state: JobState): number {
  if (state.jobCount === 0) return 0
  let progress = 0.01
  if (state.jobCount > 0) progress += state.jobNo / state.jobCount
  // While the job is not counted yet its count is -1, and the last job's step 0: nothing is taken away.
  if (state.samplingSteps > 0) progress += (1 / state.jobCount) * (state.samplingStep / state.samplingSteps)
  return Math.min(progress, 1)
}

/** The same by the sum of `/internal/progress`, which begins at 0, with the seconds that are left. */
function shareOf(state: JobState): { progress: number; eta: number | null } {
  const { jobCount, jobNo, samplingStep, samplingSteps } = state
  let progress = 0
  if (jobCount > 0) progress += jobNo / jobCount
  if (jobCount > 0 && samplingSteps > 0) progress += samplingStep / samplingSteps / jobCount
  progress = Math.min(progress, 1)
  const elapsed = secondsSince(state.startedAt)
  return { progress, eta: progress > 0 ? elapsed / progress - elapsed : null }
}

/** What GET `/sdapi/v1/progress` answers. */
export async function progressReply(state: JobState, withImage: boolean) {
  const progress = progressOf(state)
  const elapsed = secondsSince(state.startedAt)
  return {
    progress,
    eta_relative: progress > 0 ? elapsed / progress - elapsed : 0,
    state: describe(state),
    current_image: withImage && state.preview ? (await encodePng(state.preview)).toString('base64') : null,
    textinfo: null,
  }
}

/** What POST `/internal/progress` answers of a task. `seenPreview`: the id of the last preview that the caller has. */
export async function taskReply(
  state: JobState,
  task: { active: boolean; completed: boolean; place: number; waiting: number },
  { live, seenPreview }: { live: boolean; seenPreview: number },
) {
  const { active, completed, place, waiting } = task
  const queued = place >= 0
  if (!active) {
    const textinfo = queued ? `In queue: ${place + 1}/${waiting}` : 'Waiting...'
    const nothing = { progress: null, eta: null, live_preview: null, id_live_preview: -1 }
    return { active, queued, completed, ...nothing, textinfo }
  }
  const preview = live && state.previewId !== seenPreview ? state.preview : null
  return {
    active,
    queued,
    completed,
    ...shareOf(state),
    live_preview: preview ? `data:image/png;base64,${(await encodePng(preview)).toString('base64')}` : null,
    id_live_preview: preview ? state.previewId : seenPreview,
    textinfo: null,
  }
}
