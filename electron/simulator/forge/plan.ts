import { decodeImage, inverted, type Raster } from '../media/raster'
import { resolveSampler, samplers, type Checkpoint } from './catalog'
import { forgeVersion, type ImageFacts } from './infotext'
import type { Params } from './models'
import { ForgeException, HttpError } from './replies'

/** What one request comes to, after defaults and silent substitutions. */
export interface Plan {
  kind: 'txt2img' | 'img2img'
  facts: Omit<ImageFacts, 'seed' | 'width' | 'height'>
  checkpoint: Checkpoint
  seeds: number[]
  subseed: number
  width: number
  height: number
  final: readonly [number, number]
  batch: number
  rounds: number
  source: Raster | null
  /** White may change; what is black stays as the source has it. */
  mask: Raster | null
  denoising: number | null
}

/** Pixels that a card of 24 GiB holds at most. */
const mostPixels = 4096 * 4096

const randomSeed = () => Math.floor(Math.random() * 4294967295)

function decodeInit(text: string): Raster {
  if (/^https?:\/\//.test(text)) throw new HttpError(500, 'Requests not allowed')
  const raster = decodeImage(Buffer.from(text.replace(/^data:image\/[^,]+,/, ''), 'base64'))
  if (!raster) throw new HttpError(500, 'Invalid encoded image')
  return raster
}

/** The edge is hard here: the real program blurs it by `mask_blur`. */
function maskOf(params: Params): Raster | null {
  const given = params.textOrNull('mask')
  if (given === null) return null
  const mask = decodeInit(given)
  return params.number('inpainting_mask_invert') === 1 ? inverted(mask) : mask
}

export function checkScripts(params: Params) {
  const script = params.textOrNull('script_name')
  if (script !== null && script !== '') throw new HttpError(422, `Script '${script}' not found`)
  for (const name of Object.keys(params.object('alwayson_scripts'))) {
    if (name.toLowerCase() !== 'controlnet') throw new HttpError(422, `always on script ${name} not found`)
  }
}

/** Sizes and rounds of the second pass. The missing fields fail as they do in Forge: late, with a TypeError. */
function hiresOf(params: Params, width: number, height: number): readonly [number, number] | null {
  if (!params.flag('enable_hr')) return null
  if (params.numberOrNull('denoising_strength') === null) {
    throw new ForgeException('TypeError', "'<' not supported between instances of 'NoneType' and 'float'")
  }
  if (params.texts('hr_additional_modules') === null) {
    throw new ForgeException('TypeError', "argument of type 'NoneType' is not iterable")
  }
  const [x, y, scale] = [params.number('hr_resize_x'), params.number('hr_resize_y'), params.number('hr_scale')]
  const round = (value: number) => Math.max(8, Math.round(value / 8) * 8)
  if (x > 0 && y > 0) return [round(x), round(y)]
  if (x > 0) return [round(x), round((height * x) / width)]
  if (y > 0) return [round((width * y) / height), round(y)]
  return [round(width * scale), round(height * scale)]
}

function checkNumbers(params: Params, [width, height]: readonly [number, number]) {
  // Nothing validates ranges: what is out of range fails where it is used.
  if (width < 8 || height < 8) {
    throw new ForgeException(
      'RuntimeError',
      `Trying to create tensor with negative or zero dimension: [1, 4, ${Math.floor(height / 8)}, ${Math.floor(width / 8)}]`,
    )
  }
  if (params.number('steps') < 1)
    throw new ForgeException('IndexError', 'index 0 is out of bounds for dimension 0 with size 0')
  if (params.number('batch_size') < 1 || params.number('n_iter') < 1)
    throw new ForgeException('IndexError', 'list index out of range')
  if (width * height * params.number('batch_size') > mostPixels) throw outOfMemory()
}

export const outOfMemory = () =>
  new ForgeException(
    'OutOfMemoryError',
    'CUDA out of memory. Tried to allocate 9.00 GiB. GPU 0 has a total capacity of 23.69 GiB of which 5.12 GiB is free.',
  )

export function planOf(
  kind: Plan['kind'],
  params: Params,
  { checkpoint, refusesUnknownSamplers }: { checkpoint: Checkpoint; refusesUnknownSamplers: boolean },
): Plan {
  const inits = kind === 'img2img' ? params.texts('init_images') : null
  const [width, height] = [params.number('width'), params.number('height')]
  const final = hiresOf(params, width, height) ?? [width, height]
  checkNumbers(params, final)
  const [first] = inits ?? []
  const seed = params.number('seed') < 0 ? randomSeed() : params.number('seed')
  const subseed = params.number('subseed') < 0 ? randomSeed() : params.number('subseed')
  const total = params.number('batch_size') * params.number('n_iter')
  const { sampler, scheduler } = resolveSampler(
    params.textOrNull('sampler_name') ?? params.text('sampler_index'),
    params.textOrNull('scheduler'),
  )
  if (sampler === null && refusesUnknownSamplers) throw new HttpError(400, 'Sampler not found')
  const denoising = params.numberOrNull('denoising_strength')
  return {
    kind,
    checkpoint,
    subseed,
    width,
    height,
    final,
    denoising,
    seeds: Array.from({ length: total }, (_, i) => seed + i),
    batch: params.number('batch_size'),
    rounds: params.number('n_iter'),
    source: first === undefined ? null : decodeInit(first),
    mask: kind === 'img2img' ? maskOf(params) : null,
    facts: {
      prompt: params.text('prompt'),
      negativePrompt: params.text('negative_prompt'),
      steps: params.number('steps'),
      sampler: sampler ?? samplers[0]?.name ?? '',
      scheduler,
      cfg: params.number('cfg_scale'),
      modelHash: checkpoint.hash,
      model: checkpoint.name,
      denoising: kind === 'img2img' || params.flag('enable_hr') ? denoising : null,
    },
  }
}

export function infoOf(plan: Plan, infotexts: string[], firstImage: number, startedAt: string) {
  const { facts, seeds } = plan
  const all = <T>(value: T) => seeds.map(() => value)
  return {
    prompt: facts.prompt,
    all_prompts: all(facts.prompt),
    negative_prompt: facts.negativePrompt,
    all_negative_prompts: all(facts.negativePrompt),
    seed: seeds[0],
    all_seeds: seeds,
    subseed: plan.subseed,
    all_subseeds: seeds.map((_, i) => plan.subseed + i),
    subseed_strength: 0,
    width: plan.width,
    height: plan.height,
    sampler_name: facts.sampler,
    cfg_scale: facts.cfg,
    steps: facts.steps,
    batch_size: plan.batch,
    restore_faces: false,
    face_restoration_model: null,
    sd_model_name: plan.checkpoint.name,
    sd_model_hash: plan.checkpoint.hash,
    sd_vae_name: null,
    sd_vae_hash: null,
    seed_resize_from_w: -1,
    seed_resize_from_h: -1,
    denoising_strength: plan.denoising,
    extra_generation_params: { 'Schedule type': facts.scheduler },
    index_of_first_image: firstImage,
    infotexts,
    styles: [],
    job_timestamp: startedAt,
    clip_skip: 1,
    is_using_inpainting_conditioning: false,
    version: forgeVersion,
  }
}
