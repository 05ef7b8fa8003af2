import type { Drawing, Link } from '../graph'
import type { FamilyJob, FoundFile, Slot } from './family'

/** The file of a slot. A job is built only when every file of its family is there. */
export function fileOf(job: FamilyJob, slot: Slot): FoundFile {
  const file = job.files[slot]
  if (!file) throw new Error(`a job without its ${slot}`)
  return file
}

/** One of a job's pictures; `resolve` has seen to it that there are enough. */
function pictureOf(job: FamilyJob, index: number): string {
  const name = job.images[index]
  if (name === undefined) throw new Error(`a job without picture ${index + 1}`)
  return name
}

/** How far the picture may change: all of it, unless it is made from one. */
const denoiseOf = ({ task, params }: FamilyJob) => (task === 'image' || task === 'inpaint' ? (params.strength ?? 1) : 1)

/** The diffusion model with every LoRA on it: the family's own first, then those that were asked for. */
export function loadModel(d: Drawing, job: FamilyJob): Link {
  const { name, loader } = fileOf(job, 'model')
  // GGUF's loader knows no data type: its files have theirs.
  const type = loader === 'UNETLoader' ? { weight_dtype: 'default' } : {}
  let model = d.add(loader, { unet_name: name, ...type }, 'Load diffusion model')
  const own = job.files.lora ? [{ name: job.files.lora.name, weight: 1 }] : []
  for (const lora of [...own, ...(job.params.loras ?? [])])
    model = d.add(
      'LoraLoaderModelOnly',
      { model, lora_name: lora.name, strength_model: lora.weight },
      `LoRA ${lora.name}`,
    )
  return model
}

export const loadTextEncoder = (d: Drawing, job: FamilyJob, type: string): Link =>
  d.add('CLIPLoader', { clip_name: fileOf(job, 'textEncoder').name, type, device: 'default' }, 'Load text encoder')

export const loadVae = (d: Drawing, job: FamilyJob): Link =>
  d.add('VAELoader', { vae_name: fileOf(job, 'vae').name }, 'Load VAE')

export const promptOf = (d: Drawing, job: FamilyJob, clip: Link): Link =>
  d.add('CLIPTextEncode', { clip, text: job.params.prompt }, 'Prompt')

export const negativeOf = (d: Drawing, job: FamilyJob, clip: Link): Link =>
  d.add('CLIPTextEncode', { clip, text: job.params.negativePrompt ?? '' }, 'Negative prompt')

/** No words at all, for models that were distilled without a negative prompt. */
export const zeroed = (d: Drawing, conditioning: Link): Link =>
  d.add('ConditioningZeroOut', { conditioning }, 'No negative prompt')

export const loadPicture = (d: Drawing, job: FamilyJob, index: number): Link =>
  d.add('LoadImage', { image: pictureOf(job, index) }, index === 0 ? 'Source' : `Reference ${index + 1}`)

/** A picture at the size of the job. Source and mask go the same way, so that one stays on the other. */
const atSize = (
  d: Drawing,
  { params: { width, height } }: FamilyJob,
  image: Link,
  as: { method: string; title: string },
) => d.add('ImageScale', { image, upscale_method: as.method, width, height, crop: 'center' }, as.title)

/** What sampling begins with, and what of the source is put back at the end. */
export interface Beginning {
  latent: Link
  /** The source and the mask at the size of the job; null unless a mask keeps a part of it. */
  kept: { source: Link; mask: Link } | null
}

const repeated = (d: Drawing, { params: { batch } }: FamilyJob, samples: Link): Link =>
  batch === 1 ? samples : d.add('RepeatLatentBatch', { samples, amount: batch }, 'Batch')

/** An empty latent of the class, or the source, for `inpaint` with its mask. */
export function beginning(d: Drawing, job: FamilyJob, { empty, vae }: { empty: string; vae: Link }): Beginning {
  const { width, height, batch } = job.params
  if (job.task !== 'image' && job.task !== 'inpaint')
    return { latent: d.add(empty, { width, height, batch_size: batch }, 'Size'), kept: null }
  const source = atSize(d, job, loadPicture(d, job, 0), { method: 'lanczos', title: 'Source at size' })
  const samples = repeated(d, job, d.add('VAEEncode', { pixels: source, vae }, 'Encode source'))
  if (job.task === 'image') return { latent: samples, kept: null }
  if (job.mask === null) throw new Error('a job without its mask')
  const picture = d.add('LoadImage', { image: job.mask }, 'Mask')
  const scaled = atSize(d, job, picture, { method: 'bilinear', title: 'Mask at size' })
  const mask = d.add('ImageToMask', { image: scaled, channel: 'red' }, 'White may change')
  return { latent: d.add('SetLatentNoiseMask', { samples, mask }, 'Masked source'), kept: { source, mask } }
}

/** The latent of a source that an edit keeps the size of. */
export const sourceLatent = (d: Drawing, job: FamilyJob, { pixels, vae }: { pixels: Link; vae: Link }): Link =>
  repeated(d, job, d.add('VAEEncode', { pixels, vae }, 'Encode source'))

export const repeatedLatent = repeated

interface Sampling {
  model: Link
  positive: Link
  negative: Link
  latent: Link
}

export function sample(d: Drawing, job: FamilyJob, { model, positive, negative, latent }: Sampling): Link {
  const { seed, steps, cfg, sampler, scheduler } = job.params
  return d.add(
    'KSampler',
    {
      ...{ model, seed, steps, cfg, sampler_name: sampler, scheduler },
      ...{ positive, negative, latent_image: latent, denoise: denoiseOf(job) },
    },
    'Sampler',
  )
}

/** Below it next to nothing changes, and the whole schedule would have thousands of steps. */
const leastStrength = 0.05

/**
 * Sampling by a schedule of the family's own, which `schedule` adds in so many steps. As with `KSampler`, a strength
 * below 1 leaves the steps that were asked for: the last ones of a longer schedule.
 */
export function sampleBy(
  d: Drawing,
  job: FamilyJob,
  { schedule, ...of }: Sampling & { schedule: (steps: number) => Link },
) {
  const { seed, cfg, sampler, steps } = job.params
  const { model, positive, negative, latent } = of
  const all = Math.floor(steps / Math.max(denoiseOf(job), leastStrength))
  const sigmas = schedule(all)
  const rest = (): Link => [d.add('SplitSigmas', { sigmas, step: all - steps }, 'Strength')[0], 1]
  return d.add(
    'SamplerCustomAdvanced',
    {
      noise: d.add('RandomNoise', { noise_seed: seed }, 'Noise'),
      guider: d.add('CFGGuider', { model, positive, negative, cfg }, 'Guidance'),
      sampler: d.add('KSamplerSelect', { sampler_name: sampler }, 'Choose sampler'),
      sigmas: all > steps ? rest() : sigmas,
      latent_image: latent,
    },
    'Sampler',
  )
}

interface Result {
  samples: Link
  vae: Link
  kept?: Beginning['kept']
  /** Folder and beginning of the file's name on the service. */
  prefix: string
}

/** Decodes and saves. What a mask keeps is the source itself, bit by bit, and not what the VAE makes of it. */
export function save(d: Drawing, job: FamilyJob, { samples, vae, kept = null, prefix }: Result): void {
  let images = d.add('VAEDecode', { samples, vae }, 'Decode')
  if (kept) {
    const { batch } = job.params
    const destination =
      batch === 1 ? kept.source : d.add('RepeatImageBatch', { image: kept.source, amount: batch }, 'Batch of sources')
    images = d.add(
      'ImageCompositeMasked',
      { destination, source: images, mask: kept.mask, x: 0, y: 0, resize_source: false },
      'Keep what is not white',
    )
  }
  d.add('SaveImage', { images, filename_prefix: `regie/${prefix}` }, 'Save')
}
