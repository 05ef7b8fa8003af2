import type { Behaviour } from '../behaviour'
import { resize, type Raster } from '../media/raster'
import { denoise, paintPicture, type PictureRequest } from '../picture'
import { pause } from '../slices'
import type { Params } from './models'
import type { Options } from './options'
import { outOfMemory, type Plan } from './plan'
import { idleState, timestamp, type JobState } from './state'

export interface SamplerOptions {
  behaviour: () => Behaviour
  options: () => Options
  closing: AbortSignal
  crash: () => void
}

const requestOf = (plan: Plan, index: number, [width, height]: readonly [number, number]): PictureRequest => {
  const seed = plan.seeds[index] ?? 0
  const request = { prompt: plan.facts.prompt, seed, model: plan.checkpoint.name, width, height }
  const { source: raster, mask, denoising } = plan
  return raster ? { ...request, source: { raster, mask, denoise: denoising ?? 0.75 } } : request
}

/** A picture as an interrupt leaves it. */
function halfDone(raster: Raster, reached: number, seed: number): Raster {
  const coarse = resize(raster, Math.ceil(raster.width / 4), Math.ceil(raster.height / 4))
  return resize(denoise(coarse, reached, seed), raster.width, raster.height)
}

/** Makes the pictures of whatever job runs, and keeps its state. */
export class Sampler {
  readonly #options: SamplerOptions
  #state = idleState()
  /** The running request's own value of `show_progress_every_n_steps`, if it brought one. */
  #previewEvery: unknown
  #small: { raster: Raster; seed: number } | null = null

  constructor(options: SamplerOptions) {
    this.#options = options
  }

  get state(): Readonly<JobState> {
    return this.#state
  }

  begin(kind: Plan['kind'], params: Params) {
    // The number of steps is the last job's until sampling begins.
    const { samplingSteps } = this.#state
    const begun = { job: `scripts_${kind}`, jobCount: -1, jobTimestamp: timestamp(), startedAt: Date.now() }
    this.#state = { ...idleState(), samplingSteps, ...begun }
    this.#previewEvery = params.object('override_settings')['show_progress_every_n_steps']
  }

  /** Everything else is left as it was. */
  end() {
    this.#state.job = ''
    this.#state.jobCount = 0
    this.#small = null
  }

  interrupt() {
    this.#state.interrupted = true
  }

  skip() {
    this.#state.skipped = true
  }

  /** Every picture of a job, finished or as far as it was left to go. */
  async makeAll(plan: Plan): Promise<Raster[]> {
    const state = this.#state
    const hires = plan.final[0] !== plan.width || plan.final[1] !== plan.height
    state.jobCount = plan.rounds * (hires ? 2 : 1)
    const rasters: Raster[] = []
    for (let round = 0; round < plan.rounds && !state.interrupted; round++) {
      const first = round * plan.batch
      state.skipped = false
      if (plan.rounds > 1) state.job = `Batch ${round + 1} out of ${plan.rounds}`
      let reached = await this.#sample(plan, first)
      this.#nextPass()
      if (hires && reached === 1) {
        reached = await this.#sample(plan, first)
        this.#nextPass()
      }
      for (let i = first; i < first + plan.batch; i++) {
        const raster = await paintPicture(requestOf(plan, i, plan.final))
        rasters.push(reached === 1 ? raster : halfDone(raster, reached, plan.seeds[i] ?? 0))
      }
    }
    return rasters
  }

  /** Samples one round; the answer is the fraction of the steps that were made. */
  async #sample(plan: Plan, index: number): Promise<number> {
    const { behaviour, closing, crash, options } = this.#options
    const state = this.#state
    const scale = Math.min(1, 256 / Math.max(plan.width, plan.height))
    const size = [Math.ceil(plan.width * scale), Math.ceil(plan.height * scale)] as const
    const live = options()['live_previews_enable'] === true && behaviour().preview !== 'none'
    this.#small = live
      ? { raster: await paintPicture(requestOf(plan, index, size)), seed: plan.seeds[index] ?? 0 }
      : null
    const { steps } = plan.facts
    state.samplingSteps = steps
    state.samplingStep = 0
    for (let step = 1; step <= steps; step++) {
      const todo = behaviour()
      await pause(todo.stepMs, closing)
      if (todo.hangAtStep === step) await new Promise((resolve) => closing.addEventListener('abort', resolve))
      if (todo.oomAtStep === step) throw outOfMemory()
      if (todo.crashAtStep === step) crash()
      if (state.interrupted || state.skipped || closing.aborted) return (step - 1) / steps
      // The sampler's callback counts from 0, and comes after the step: during the first one nothing moves.
      state.samplingStep = step - 1
    }
    return 1
  }

  #nextPass() {
    Object.assign(this.#state, { jobNo: this.#state.jobNo + 1, samplingStep: 0, preview: null, previewStep: 0 })
  }

  /** Makes the preview of the current step if enough steps went by since the last. */
  refreshPreview() {
    const state = this.#state
    const small = this.#small
    const every = Number(this.#previewEvery ?? this.#options.options()['show_progress_every_n_steps'])
    if (!small || every < 1 || state.samplingSteps < 1 || state.samplingStep - state.previewStep < every) return
    state.previewStep = state.samplingStep
    state.previewId += 1
    state.preview = denoise(small.raster, state.samplingStep / state.samplingSteps, small.seed + state.samplingStep)
  }
}
