import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Behaviour } from '../behaviour'
import type { Log } from '../log'
import { encodePng } from '../media/png'
import { encodeJpeg, resize, type Raster } from '../media/raster'
import { denoise, paintPicture, type PictureRequest } from '../picture'
import { pause } from '../slices'
import { findCheckpoint, titleOf, type Checkpoint } from './catalog'
import { gridOf } from './grid'
import { writeInfotext } from './infotext'
import type { Params } from './models'
import type { Options } from './options'
import { checkScripts, infoOf, outOfMemory, planOf, type Plan } from './plan'
import { ForgeException, HttpError } from './replies'
import { idleState, timestamp, type JobState } from './state'
import { createTasks, type Tasks } from './tasks'

export interface GeneratorOptions {
  folder: string
  behaviour: () => Behaviour
  checkpoints: () => readonly Checkpoint[]
  options: () => Options
  refusesUnknownSamplers: boolean
  closing: AbortSignal
  crash: () => void
  log: Log
}

export interface Generated {
  images: string[]
  parameters: Record<string, unknown>
  info: string
}

/** The model, the queue lock in front of it, and the one state of whatever job runs. */
export interface Generator {
  state: () => JobState
  generate: (kind: 'txt2img' | 'img2img', params: Params) => Promise<Generated>
  interrupt: () => void
  skip: () => void
  unload: () => void
  loaded: () => boolean
  tasks: Omit<Tasks, 'add' | 'begin' | 'finish'>
  /** Resolves when no job holds the lock. */
  idle: () => Promise<void>
  /** Makes the preview of the current step if enough steps went by since the last. */
  refreshPreview: () => void
}

export function createGenerator(options: GeneratorOptions): Generator {
  const { behaviour, closing, log, refusesUnknownSamplers } = options
  let state = idleState()
  let inMemory: string | null = null
  /** The running request's own value of `show_progress_every_n_steps`, if it brought one. */
  let previewEvery: unknown
  let small: { raster: Raster; seed: number } | null = null
  let lock: Promise<void> = Promise.resolve()
  const tasks = createTasks()

  async function load(checkpoint: Checkpoint) {
    if (inMemory === checkpoint.file) return
    log.info(`Loading Model: ${titleOf(checkpoint)}`)
    await pause(behaviour().loadMs, closing)
    inMemory = checkpoint.file
    log.info(`Model loaded in ${(behaviour().loadMs / 1000).toFixed(1)}s`)
  }

  const requestOf = (plan: Plan, index: number, [width, height]: readonly [number, number]): PictureRequest => {
    const seed = plan.seeds[index] ?? 0
    const request = { prompt: plan.facts.prompt, seed, model: plan.checkpoint.name, width, height }
    return plan.source ? { ...request, source: { raster: plan.source, denoise: plan.denoising ?? 0.75 } } : request
  }

  /** Samples one round; the answer is the fraction of the steps that were made. */
  async function sample(plan: Plan, index: number): Promise<number> {
    const scale = Math.min(1, 256 / Math.max(plan.width, plan.height))
    const size = [Math.ceil(plan.width * scale), Math.ceil(plan.height * scale)] as const
    const live = options.options()['live_previews_enable'] === true && behaviour().preview !== 'none'
    small = live ? { raster: await paintPicture(requestOf(plan, index, size)), seed: plan.seeds[index] ?? 0 } : null
    const { steps } = plan.facts
    state.samplingSteps = steps
    state.samplingStep = 0
    for (let step = 1; step <= steps; step++) {
      const todo = behaviour()
      await pause(todo.stepMs, closing)
      if (todo.hangAtStep === step) await new Promise((resolve) => closing.addEventListener('abort', resolve))
      if (todo.oomAtStep === step) throw outOfMemory()
      if (todo.crashAtStep === step) options.crash()
      if (state.interrupted || state.skipped || closing.aborted) return (step - 1) / steps
      // The sampler's callback counts from 0, and comes after the step: during the first one nothing moves.
      state.samplingStep = step - 1
    }
    return 1
  }

  async function makeAll(plan: Plan): Promise<Raster[]> {
    const hires = plan.final[0] !== plan.width || plan.final[1] !== plan.height
    state.jobCount = plan.rounds * (hires ? 2 : 1)
    const rasters: Raster[] = []
    for (let round = 0; round < plan.rounds && !state.interrupted; round++) {
      const first = round * plan.batch
      state.skipped = false
      if (plan.rounds > 1) state.job = `Batch ${round + 1} out of ${plan.rounds}`
      let reached = await sample(plan, first)
      nextJob()
      if (hires && reached === 1) {
        reached = await sample(plan, first)
        nextJob()
      }
      for (let i = first; i < first + plan.batch; i++) {
        const raster = await paintPicture(requestOf(plan, i, plan.final))
        rasters.push(reached === 1 ? raster : halfDone(raster, reached, plan.seeds[i] ?? 0))
      }
    }
    return rasters
  }

  function nextJob() {
    state.jobNo += 1
    state.samplingStep = 0
    state.preview = null
    state.previewStep = 0
  }

  async function run(kind: Plan['kind'], params: Params, taskId: string): Promise<Generated> {
    // The number of steps is the last job's until sampling begins.
    const { samplingSteps } = state
    const begun = { job: `scripts_${kind}`, jobCount: -1, jobTimestamp: timestamp(), startedAt: Date.now() }
    state = { ...idleState(), samplingSteps, ...begun }
    const { jobTimestamp } = state
    tasks.begin(taskId)
    previewEvery = params.object('override_settings')['show_progress_every_n_steps']
    const made = await makePictures(kind, params, taskId)
    return await answer(made.plan, params, made.rasters, jobTimestamp)
  }

  async function makePictures(kind: Plan['kind'], params: Params, taskId: string) {
    try {
      const plan = planOf(kind, params, { checkpoint: checkpointFor(params), refusesUnknownSamplers })
      await load(plan.checkpoint)
      const rasters = await makeAll(plan)
      tasks.finish(taskId)
      return { plan, rasters }
    } finally {
      // Everything else is left as it was.
      state.job = ''
      state.jobCount = 0
      small = null
    }
  }

  function checkpointFor(params: Params): Checkpoint {
    const known = options.checkpoints()
    const override = params.object('override_settings')['sd_model_checkpoint']
    // An override that names no checkpoint is dropped without a word.
    const asked = typeof override === 'string' ? findCheckpoint(known, override) : null
    const chosen = asked ?? findCheckpoint(known, String(options.options()['sd_model_checkpoint'])) ?? known[0]
    if (!chosen) throw new ForgeException('ValueError', 'You do not have any model!')
    return chosen
  }

  async function answer(plan: Plan, params: Params, rasters: Raster[], startedAt: string): Promise<Generated> {
    const [width, height] = plan.final
    const infotexts = rasters.map((_, i) => writeInfotext({ ...plan.facts, seed: plan.seeds[i] ?? 0, width, height }))
    const save = params.flag('save_images')
    const withGrid = save && rasters.length > 1 && options.options()['return_grid'] === true
    const all = withGrid ? [gridOf(rasters), ...rasters] : rasters
    const texts = withGrid ? [infotexts[0] ?? '', ...infotexts] : infotexts
    const format = String(options.options()['samples_format'])
    const files = await Promise.all(all.map((raster, i) => encode(raster, format, texts[i] ?? '')))
    if (save) await saveAll(files.slice(withGrid ? 1 : 0), plan, format)
    const shown =
      plan.kind === 'img2img' && !params.flag('include_init_images') ? { init_images: null, mask: null } : {}
    return {
      images: params.flag('send_images') ? files.map((file) => file.toString('base64')) : [],
      parameters: { ...params.all(), ...shown },
      info: JSON.stringify(infoOf(plan, texts, withGrid ? 1 : 0, startedAt)),
    }
  }

  async function saveAll(files: Buffer[], plan: Plan, format: string) {
    const day = new Date().toISOString().slice(0, 10)
    const folder = path.join(options.folder, 'outputs', `${plan.kind}-images`, day)
    await mkdir(folder, { recursive: true })
    for (const [i, file] of files.entries()) {
      await writeFile(path.join(folder, `${String(i).padStart(5, '0')}-${plan.seeds[i] ?? 0}.${format}`), file)
    }
  }

  return {
    state: () => state,
    generate(kind, params) {
      if (kind === 'img2img' && params.texts('init_images') === null) throw new HttpError(404, 'Init image not found')
      checkScripts(params)
      const taskId = params.textOrNull('force_task_id') ?? `task(${kind}-${Math.random().toString(36).slice(2, 9)})`
      tasks.add(taskId)
      const job = lock.then(() => run(kind, params, taskId))
      lock = job.then(
        () => undefined,
        () => undefined, // the caller gets the failure; the next job starts all the same
      )
      return job
    },
    interrupt: () => void (state.interrupted = true),
    skip: () => void (state.skipped = true),
    unload: () => void (inMemory = null),
    loaded: () => inMemory !== null,
    tasks,
    idle: () => lock,
    refreshPreview() {
      const every = Number(previewEvery ?? options.options()['show_progress_every_n_steps'])
      if (!small || every < 1 || state.samplingSteps < 1 || state.samplingStep - state.previewStep < every) return
      state.previewStep = state.samplingStep
      state.previewId += 1
      state.preview = denoise(small.raster, state.samplingStep / state.samplingSteps, small.seed + state.samplingStep)
    },
  }
}

/** A picture as an interrupt leaves it. */
function halfDone(raster: Raster, reached: number, seed: number): Raster {
  const coarse = resize(raster, Math.ceil(raster.width / 4), Math.ceil(raster.height / 4))
  return resize(denoise(coarse, reached, seed), raster.width, raster.height)
}

const encode = async (raster: Raster, format: string, infotext: string) =>
  format === 'jpg' || format === 'jpeg' ? encodeJpeg(raster, 80) : await encodePng(raster, { parameters: infotext })
