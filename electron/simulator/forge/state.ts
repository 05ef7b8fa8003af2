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
  taskId: string | null
  /** The latest preview that was asked of the model. */
  preview: Raster | null
  previewStep: number
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
  taskId: null,
  preview: null,
  previewStep: 0,
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

/** Fraction of the running job, by Forge's own sum: never quite 0, never above 1. */
export function progressOf(state: JobState): number {
  if (state.jobCount === 0) return 0
  let progress = 0.01
  if (state.jobCount > 0) progress += state.jobNo / state.jobCount
  if (state.samplingSteps > 0) progress += (1 / state.jobCount) * (state.samplingStep / state.samplingSteps)
  return Math.min(Math.max(progress, 0), 1)
}

/** What GET `/sdapi/v1/progress` answers. */
export async function progressReply(state: JobState, withImage: boolean) {
  const progress = progressOf(state)
  const elapsed = (Date.now() - state.startedAt) / 1000
  return {
    progress,
    eta_relative: progress > 0 ? elapsed / progress - elapsed : 0,
    state: describe(state),
    current_image: withImage && state.preview ? (await encodePng(state.preview)).toString('base64') : null,
    textinfo: null,
  }
}
