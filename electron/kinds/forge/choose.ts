import { randomInt } from 'node:crypto'
import type { Capabilities, GenerationParams } from '../../../shared/contract'
import { Problem, reason, type Reason } from '../../../shared/problems'
import type { ResolvedParams } from '../backend'
import { checkLoras, checkTask, taskOf } from '../tasks'
import { listNames } from '../words'
import type { Info, Models, Schedulers } from './schemas'

/** What a Forge has, read from its lists. */
export interface Offer {
  models: Models
  samplers: readonly string[]
  schedulers: Schedulers
  loras: readonly string[]
  /** The checkpoint of its settings: its title, or its name. */
  loaded: string | null
}

/** Largest seed that Forge takes (32 bit). A larger one is refused, not folded: the picture would be another one. */
const maxSeed = 2 ** 32 - 1

interface Defaults {
  steps: number
  cfg: number
  side: number
  sampler: string
  scheduler: string
}

/** By the checkpoint's name: the API's own defaults (50 steps, cfg 7) burn the pictures of a Turbo model. */
function presetOf(checkpoint: string | null): Defaults {
  if (checkpoint !== null && /turbo/i.test(checkpoint))
    return { steps: 4, cfg: 1, side: 512, sampler: 'Euler a', scheduler: 'SGM Uniform' }
  const large = checkpoint !== null && /xl|pony|illustrious/i.test(checkpoint)
  return { steps: 20, cfg: 7, side: large ? 1024 : 512, sampler: 'DPM++ 2M', scheduler: 'Karras' }
}

const withoutHash = (title: string) => title.replace(/ \[[0-9a-f]+\]$/i, '')

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

function defaultsOf(offer: Offer, asked: string | undefined) {
  const model = (asked ?? offer.loaded) === null ? undefined : findModel(offer.models, asked ?? offer.loaded ?? '')
  const checkpoint = model?.title ?? offer.models[0]?.title ?? null
  const preset = presetOf(checkpoint)
  const scheduler = findScheduler(offer.schedulers, preset.scheduler) ?? offer.schedulers[0]
  return {
    checkpoint,
    steps: preset.steps,
    cfg: preset.cfg,
    width: preset.side,
    height: preset.side,
    sampler: offer.samplers.includes(preset.sampler) ? preset.sampler : (offer.samplers[0] ?? preset.sampler),
    scheduler: scheduler?.label ?? preset.scheduler,
  }
}

/**
 * Fills in what a request leaves out and refuses what this Forge does not have: Forge itself replaces an unknown
 * sampler or checkpoint without a word.
 */
export function resolveParams(params: GenerationParams, offer: Offer): ResolvedParams {
  if (params.workflow !== undefined) throw new Problem('backend.no-workflows')
  if (offer.models.length === 0) throw new Problem('backend.no-models')
  if (params.seed !== undefined && params.seed > maxSeed)
    throw new Problem('backend.seed-too-large', { seed: params.seed, max: maxSeed })
  if (params.checkpoint !== undefined && !findModel(offer.models, params.checkpoint))
    throw new Problem('backend.unknown-checkpoint', {
      name: params.checkpoint,
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
  const defaults = defaultsOf(offer, params.checkpoint)
  checkTask(params, { title: defaults.checkpoint ?? 'Forge', tasks: ['text', 'image', 'inpaint'], mostImages: 1 })
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
    ...(task === 'text' ? {} : { task, ...(images && { images }), strength: params.strength ?? 0.75 }),
    ...(task === 'inpaint' && mask !== undefined ? { mask } : {}),
    ...(loras && loras.length > 0 ? { loras } : {}),
  }
}

export function capabilitiesOf(offer: Offer): Capabilities {
  return {
    checkpoints: offer.models.map(({ title }) => title),
    samplers: [...offer.samplers],
    schedulers: offer.schedulers.map(({ label }) => label),
    families: [],
    loras: [...offer.loras],
    workflows: [],
    defaults: { ...defaultsOf(offer, undefined), workflow: null },
    previews: true,
  }
}

/** The prompt as Forge reads it: LoRAs stand in it, in a notation of its own. */
const promptOf = ({ prompt, loras = [] }: ResolvedParams): string =>
  [prompt, ...loras.map(({ name, weight }) => `<lora:${name}:${weight}>`)].join(' ')

/** What `POST /sdapi/v1/img2img` takes beside that: the source and, white where it may change, the mask, in base64. */
export function pictureFields(
  { strength = 0.75 }: ResolvedParams,
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
export function requestBody(params: ResolvedParams): Record<string, unknown> {
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
    send_images: true,
    save_images: false,
    override_settings: {
      // Forge's own pace, a preview every ten steps, would show none of a Turbo model's four (modules/shared_state.py).
      show_progress_every_n_steps: 1,
      ...(params.checkpoint === undefined ? {} : { sd_model_checkpoint: params.checkpoint }),
    },
  }
}

/** What Forge did otherwise than asked, by its own account. */
export function replacedChoices(params: ResolvedParams, info: Info): Reason[] {
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
