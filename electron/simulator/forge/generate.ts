import type { Card } from '../card'
import type { Log } from '../log'
import { pause } from '../slices'
import { answerOf, type Generated } from './answer'
import { findCheckpoint, titleOf, type Checkpoint } from './catalog'
import type { Params } from './models'
import type { Options } from './options'
import { checkScripts, outOfMemory, planOf, type Plan } from './plan'
import { ForgeException, HttpError } from './replies'
import { Sampler, type SamplerOptions } from './sampler'
import type { JobState } from './state'
import { createTasks, type Tasks } from './tasks'

export interface GeneratorOptions extends SamplerOptions {
  folder: string
  checkpoints: () => readonly Checkpoint[]
  refusesUnknownSamplers: boolean
  log: Log
  card: Card
}

/** The model, the queue lock in front of it, and the one state of whatever job runs. */
export interface Generator {
  state: () => Readonly<JobState>
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

function checkpointFor(params: Params, known: readonly Checkpoint[], options: Options): Checkpoint {
  const override = params.object('override_settings')['sd_model_checkpoint']
  // An override that names no checkpoint is dropped without a word.
  const asked = typeof override === 'string' ? findCheckpoint(known, override) : null
  const chosen = asked ?? findCheckpoint(known, String(options['sd_model_checkpoint'])) ?? known[0]
  if (!chosen) throw new ForgeException('ValueError', 'You do not have any model!')
  return chosen
}

const nothing = () => undefined

export function createGenerator(options: GeneratorOptions): Generator {
  const { folder, behaviour, closing, log, card, refusesUnknownSamplers } = options
  const sampler = new Sampler(options)
  const tasks = createTasks()
  let inMemory: string | null = null
  let lock: Promise<void> = Promise.resolve()

  async function load(checkpoint: Checkpoint) {
    if (inMemory === checkpoint.file) return
    log.info(`Loading Model: ${titleOf(checkpoint)}`)
    if (!card.take()) throw outOfMemory()
    await pause(behaviour().loadMs, closing)
    inMemory = checkpoint.file
    log.info(`Model loaded in ${(behaviour().loadMs / 1000).toFixed(1)}s`)
  }

  async function run(kind: Plan['kind'], params: Params, taskId: string): Promise<Generated> {
    sampler.begin(kind, params)
    const { jobTimestamp: startedAt } = sampler.state
    tasks.begin(taskId)
    const made = await makePictures(kind, params, taskId)
    return await answerOf({ ...made, startedAt }, params, { folder, options: options.options() })
  }

  async function makePictures(kind: Plan['kind'], params: Params, taskId: string) {
    try {
      const checkpoint = checkpointFor(params, options.checkpoints(), options.options())
      const plan = planOf(kind, params, { checkpoint, refusesUnknownSamplers })
      await load(plan.checkpoint)
      const rasters = await sampler.makeAll(plan)
      tasks.finish(taskId)
      return { plan, rasters }
    } finally {
      sampler.end()
    }
  }

  return {
    state: () => sampler.state,
    generate(kind, params) {
      if (kind === 'img2img' && params.texts('init_images') === null) throw new HttpError(404, 'Init image not found')
      checkScripts(params)
      const taskId = params.textOrNull('force_task_id') ?? `task(${kind}-${Math.random().toString(36).slice(2, 9)})`
      tasks.add(taskId)
      const job = lock.then(() => run(kind, params, taskId))
      // The caller gets the failure; the next job starts all the same.
      lock = job.then(nothing, nothing)
      return job
    },
    ...{ interrupt: () => sampler.interrupt(), skip: () => sampler.skip() },
    unload() {
      inMemory = null
      card.give()
    },
    loaded: () => inMemory !== null,
    tasks,
    idle: () => lock,
    refreshPreview: () => sampler.refreshPreview(),
  }
}
