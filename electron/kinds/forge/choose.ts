import { randomInt } from 'node:crypto'
import type { Capabilities, GenerationParams } from '../../../shared/contract'
import { Problem, reason, type Reason } from '../../../shared/problems'
import type { FamilyParams } from '../backend'
import { checkLoras, checkTask, taskOf } from '../tasks'
import { listNames } from '../words'
import { needText } from '../needs'
import {
  familyOfCheckpoint,
  forgeFamilies,
  forgeStandings,
  forgeStrength,
  forgeTasks,
  modulesOf,
  withoutHash,
  type ForgeFamily,
} from './families'
import type { Info, Models, Modules, Schedulers } from './schemas'

/** What a Forge has, read from its lists. */
export interface Offer {
  models: Models
  samplers: readonly string[]
  schedulers: Schedulers
  loras: readonly string[]
  /** Text encoders and VAEs that are there. */
  modules: Modules
  /** Whether some of these are chosen in the service itself. */
  hasChosenModules: boolean
  isNeo: boolean
  /** The checkpoint of its settings: its title, or its name. */
  loaded: string | null
}

/** Largest seed that Forge takes (32 bit). A larger one is refused, not folded: the picture would be another one. */
const maxSeed = 2 ** 32 - 1

/** What is sent where no family is known: the API's own 50 steps fit no model. */
const unknownDefaults = { steps: 20, cfg: 7, width: 512, height: 512, sampler: 'DPM++ 2M', scheduler: 'Karras' }

/** A checkpoint by its title (with or without hash), its file name or its name without the extension. */
function findModel(models: Models, name: string) {
  const bare = (text: string) => withoutHash(text).replace(/\.(safetensors|ckpt|gguf)$/i, '')
  return models.find(
    ({ title, model_name }) =>
      title === name || withoutHash(title) === name || bare(title) === bare(name) || model_name === name,
  )
}

function findScheduler(schedulers: Schedulers, wanted: string) {
  return schedulers.find(
    ({ name, label, aliases }) => name === wanted || label === wanted || (aliases ?? []).includes(wanted),
  )
}

function presetIn(family: ForgeFamily | null, { samplers, schedulers }: Offer) {
  const { steps, cfg, width, height, sampler, scheduler } = family?.defaults ?? unknownDefaults
  const known = findScheduler(schedulers, scheduler) ?? schedulers[0]
  return {
    ...{ steps, cfg, width, height },
    sampler: samplers.includes(sampler) ? sampler : (samplers[0] ?? sampler),
    scheduler: known?.label ?? scheduler,
  }
}

function defaultsOf(offer: Offer, asked: string | undefined) {
  const model = (asked ?? offer.loaded) === null ? undefined : findModel(offer.models, asked ?? offer.loaded ?? '')
  const checkpoint = model?.title ?? offer.models[0]?.title ?? null
  return { checkpoint, ...presetIn(checkpoint === null ? null : familyOfCheckpoint(checkpoint), offer) }
}

/** The modules that stand beside a model, and its shift. */
export interface ModulesOf {
  /** Null leaves to the service what is chosen there. */
  names: string[] | null
  shift: number | null
}

const familyIn = ({ checkpoint }: Pick<GenerationParams, 'checkpoint'>): ForgeFamily | null =>
  checkpoint === undefined ? null : familyOfCheckpoint(checkpoint)

/** Whether a checkpoint is only a part of its model. */
export const needsModules = (params: Pick<GenerationParams, 'checkpoint'>): boolean =>
  (familyIn(params)?.modules.length ?? 0) > 0

/**
 * What is sent beside a checkpoint; null where it is a whole model. Whoever chose this model in the service itself may
 * have chosen files beside it that Regie does not know: it then takes those. Throws a Problem where the family does not run there, or something is missing.
 */
export function modulesFor(params: Pick<GenerationParams, 'checkpoint'>, offer: Offer): ModulesOf | null {
  const family = familyIn(params)
  if (!family || family.modules.length === 0) return null
  if (!offer.isNeo) throw new Problem('backend.family-not-offered', { family: family.title, program: 'Forge' })
  const { names, missing } = modulesOf(family, offer.modules)
  if (missing.length === 0) return { names, shift: family.shift }
  const isLoaded = findModel(offer.models, offer.loaded ?? '')?.title === params.checkpoint
  if (isLoaded && offer.hasChosenModules) return { names: null, shift: family.shift }
  throw new Problem('backend.models-missing', { workflow: family.id, missing: listNames(missing.map(needText)) })
}

/** The checkpoint that a request means: a family's name stands for the first one of it. */
function askedFor({ workflow, checkpoint }: GenerationParams, offer: Offer): string | undefined {
  if (workflow === undefined) return checkpoint
  const family = forgeFamilies.find(({ id }) => id === workflow)
  if (!family) throw new Problem('backend.no-workflows')
  if (checkpoint !== undefined) return checkpoint
  if (!family.inPlainForge && !offer.isNeo)
    throw new Problem('backend.family-not-offered', { family: family.title, program: 'Forge' })
  const standing = forgeStandings(offer.models, offer.modules, offer.isNeo).find((one) => one.family === family)
  const [first] = standing?.checkpoints ?? []
  if (first !== undefined) return first
  const missing = listNames((standing?.missing ?? []).map(needText))
  throw new Problem('backend.models-missing', { workflow, missing })
}

/**
 * Fills in what a request leaves out and refuses what this Forge does not have: Forge itself replaces an unknown
 * sampler or checkpoint without a word.
 */
export function resolveParams(params: GenerationParams, offer: Offer): FamilyParams {
  if (offer.models.length === 0) throw new Problem('backend.no-models')
  const asked = askedFor(params, offer)
  if (params.seed !== undefined && params.seed > maxSeed)
    throw new Problem('backend.seed-too-large', { seed: params.seed, max: maxSeed })
  if (asked !== undefined && !findModel(offer.models, asked))
    throw new Problem('backend.unknown-checkpoint', {
      name: asked,
      available: listNames(offer.models.map(({ title }) => withoutHash(title))),
    })
  if (params.sampler !== undefined && !offer.samplers.includes(params.sampler))
    throw new Problem('backend.unknown-sampler', { name: params.sampler, available: listNames(offer.samplers) })
  const scheduler = params.scheduler === undefined ? undefined : findScheduler(offer.schedulers, params.scheduler)
  if (params.scheduler !== undefined && !scheduler)
    throw new Problem('backend.unknown-scheduler', {
      name: params.scheduler,
      available: listNames(offer.schedulers.map(({ label }) => label)),
    })
  const defaults = defaultsOf(offer, asked)
  const checkpoint = defaults.checkpoint ?? undefined
  modulesFor({ checkpoint }, offer)
  const title = familyIn({ checkpoint })?.title ?? withoutHash(checkpoint ?? '')
  checkTask(params, { title, tasks: [...forgeTasks], mostImages: 1 })
  checkLoras(params, offer.loras)
  const task = taskOf(params)
  const { images, mask, loras } = params
  return {
    prompt: params.prompt,
    negativePrompt: params.negativePrompt ?? '',
    seed: params.seed ?? randomInt(maxSeed + 1),
    steps: params.steps ?? defaults.steps,
    cfg: params.cfg ?? defaults.cfg,
    width: params.width ?? defaults.width,
    height: params.height ?? defaults.height,
    sampler: params.sampler ?? defaults.sampler,
    scheduler: scheduler?.label ?? defaults.scheduler,
    batch: params.batch ?? 1,
    ...(defaults.checkpoint === null ? {} : { checkpoint: defaults.checkpoint }),
    ...(task === 'text' ? {} : { task, ...(images && { images }), strength: params.strength ?? forgeStrength }),
    ...(task === 'inpaint' && mask !== undefined ? { mask } : {}),
    ...(loras && loras.length > 0 ? { loras } : {}),
  }
}

/** The shape of a family's values in this Forge, with a sampler and a scheduler that are there. */
function familiesOf(offer: Offer): Capabilities['families'] {
  const all = forgeStandings(offer.models, offer.modules, offer.isNeo).map(({ family, checkpoints, missing }) => {
    const { id, title, takesNegativePrompt, sizes } = family
    return {
      ...{ id, title, tasks: [...forgeTasks], available: missing.length === 0, missing, checkpoints },
      ...{ mostImages: 1, takesNegativePrompt, takesLoras: true, sizes, sizeMultiple: 8 },
      defaults: { ...presetIn(family, offer), strength: forgeStrength },
      expected: { vramMiB: null, filesMiB: family.filesMiB },
    }
  })
  return [...all.filter(({ available }) => available), ...all.filter(({ available }) => !available)]
}

export function capabilitiesOf(offer: Offer): Capabilities {
  return {
    checkpoints: offer.models.map(({ title }) => title),
    samplers: [...offer.samplers],
    schedulers: offer.schedulers.map(({ label }) => label),
    families: familiesOf(offer),
    loras: [...offer.loras],
    workflows: [],
    defaults: { ...defaultsOf(offer, undefined), workflow: null },
    previews: true,
  }
}

/** The prompt as Forge reads it: LoRAs stand in it, in a notation of its own. */
const promptOf = ({ prompt, loras = [] }: FamilyParams): string =>
  [prompt, ...loras.map(({ name, weight }) => `<lora:${name}:${weight}>`)].join(' ')

/** What `POST /sdapi/v1/img2img` takes beside that: the source and, white where it may change, the mask, in base64. */
export function pictureFields(
  { strength = forgeStrength }: FamilyParams,
  { source, mask }: { source: Buffer; mask: Buffer | null },
): Record<string, unknown> {
  return {
    init_images: [source.toString('base64')],
    denoising_strength: strength,
    // Cut to the size that was asked for: Forge's own way, to stretch, would distort it.
    resize_mode: 1,
    ...(mask === null
      ? {}
      : {
          mask: mask.toString('base64'),
          mask_blur: 4,
          // What was there, not a fill of the mask's surroundings; and the picture as a whole, at the size that is asked for.
          inpainting_fill: 1,
          inpaint_full_res: false,
          inpainting_mask_invert: 0,
        }),
  }
}

/** The body of `POST /sdapi/v1/txt2img`. Steps and cfg are always sent: the API's defaults fit no Turbo model. */
export function requestBody(params: FamilyParams, modules: ModulesOf | null = null): Record<string, unknown> {
  return {
    prompt: promptOf(params),
    negative_prompt: params.negativePrompt ?? '',
    seed: params.seed,
    steps: params.steps,
    cfg_scale: params.cfg,
    width: params.width,
    height: params.height,
    sampler_name: params.sampler,
    scheduler: params.scheduler,
    batch_size: params.batch,
    n_iter: 1,
    ...(modules?.shift == null ? {} : { distilled_cfg_scale: modules.shift }),
    send_images: true,
    save_images: false,
    override_settings: {
      // Forge's own pace, a preview every ten steps, would show none of a Turbo model's four (modules/shared_state.py).
      show_progress_every_n_steps: 1,
      ...(params.checkpoint === undefined ? {} : { sd_model_checkpoint: params.checkpoint }),
      ...(modules?.names ? { forge_additional_modules: modules.names } : {}),
    },
  }
}

/** What Forge did otherwise than asked, by its own account. */
export function replacedChoices(params: FamilyParams, info: Info): Reason[] {
  const warnings: Reason[] = []
  if (info.sampler_name && info.sampler_name !== params.sampler)
    warnings.push(reason('backend.sampler-replaced', { asked: params.sampler, used: info.sampler_name }))
  const used = info.sd_model_name
  if (used && params.checkpoint !== undefined) {
    const models = [{ title: params.checkpoint, model_name: params.checkpoint }]
    if (!findModel(models, used))
      warnings.push(reason('backend.checkpoint-replaced', { asked: withoutHash(params.checkpoint), used }))
  }
  return warnings
}
