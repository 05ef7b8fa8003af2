import { createDrawing, outputOf, type Drawing, type Link } from '../graph'
import type { ComfyFamily, FamilyJob } from './family'
import { safetensors } from './names'
import {
  beginning,
  loadModel,
  loadPicture,
  loadTextEncoder,
  loadVae,
  repeatedLatent,
  sample,
  sampleBy,
  save,
} from './pieces'
import { megapixel } from './sizes'

/** The schedule that Turbo was distilled on, from noise to picture. */
const turboSigmas = [1, 0.978453, 0.95418, 0.926626, 0.89508, 0.845148, 0.704534, 0.414568, 0]

/** That schedule in so many steps: its own values where they are its eight, and between them otherwise. */
export function sigmasOf(steps: number): string {
  const last = turboSigmas.length - 1
  const at = (step: number) => {
    const place = (step * last) / steps
    const below = Math.floor(place)
    const from = turboSigmas[below] ?? 0
    const to = turboSigmas[below + 1] ?? 0
    return Number((from + (to - from) * (place - below)).toFixed(6))
  }
  return Array.from({ length: steps + 1 }, (_, step) => at(step)).join(', ')
}

/** Prompt and negative prompt in one node, which sees the pictures of an edit too. */
function encode(d: Drawing, job: FamilyJob, vae: Link): Link {
  const { prompt, negativePrompt } = job.params
  const edit = job.task === 'edit'
  const pictures = edit
    ? job.images.map((_, index): [string, Link] => [`images.image_${index + 1}`, loadPicture(d, job, index)])
    : []
  return d.add(
    'TextEncodeQwenImage21',
    {
      clip: loadTextEncoder(d, job, 'qwen_image'),
      prompt,
      negative_prompt: negativePrompt ?? '',
      resolution: 1024,
      ...(edit ? { vae } : {}),
      ...Object.fromEntries(pictures),
    },
    'Prompt',
  )
}

type Sample = (d: Drawing, job: FamilyJob, of: Parameters<typeof sample>[2]) => Link

function build(job: FamilyJob, sampling: Sample) {
  const d = createDrawing()
  const model = d.add('QwenImage21Cache', { model: loadModel(d, job), device: 'auto', dtype: 'default' }, 'Cache')
  const vae = loadVae(d, job)
  const positive = encode(d, job, vae)
  // An edit has the size of its source: any other shifts it.
  const { latent, kept } =
    job.task === 'edit'
      ? { latent: repeatedLatent(d, job, outputOf(positive, 2)), kept: null }
      : beginning(d, job, { empty: 'EmptyLatentImage', vae })
  const samples = sampling(d, job, { model, positive, negative: outputOf(positive, 1), latent })
  save(d, job, { samples, vae, kept, prefix: 'qwen-image-2.1' })
  return d.graph
}

const common = {
  tasks: ['text', 'image', 'inpaint', 'edit'],
  mostImages: 3,
  takesNegativePrompt: false,
  sizes: megapixel,
  sizeMultiple: 32,
  formerId: 'qwen-image',
} as const satisfies Partial<ComfyFamily>

const shared: ComfyFamily['parts'] = [
  { slot: 'textEncoder', names: safetensors('qwen3vl_8b', '_int8_convrot', '_fp8_scaled', '_bf16') },
  { slot: 'vae', names: ['qwen_image_2.1_vae_bf16.safetensors'] },
]

const size = { width: 1024, height: 1024, strength: 0.6, negativePrompt: '' }

export const qwenImage21: ComfyFamily = {
  ...common,
  id: 'qwen-image-2.1',
  title: 'Qwen-Image 2.1',
  tasks: [...common.tasks],
  parts: [{ slot: 'model', names: safetensors('qwen_image_2.1', '_int8_convrot', '_bf16') }, ...shared],
  defaults: { steps: 25, cfg: 1, sampler: 'euler', scheduler: 'simple', ...size },
  filesMiB: 25_498,
  build: (job) => build(job, sample),
}

export const qwenImage21Turbo: ComfyFamily = {
  ...common,
  id: 'qwen-image-2.1-turbo',
  title: 'Qwen-Image 2.1 Turbo',
  tasks: [...common.tasks],
  parts: [{ slot: 'model', names: safetensors('qwen_image_2.1_turbo', '_int8_convrot', '_bf16') }, ...shared],
  defaults: { steps: 8, cfg: 1, sampler: 'euler', scheduler: 'simple', ...size },
  filesMiB: 39_086,
  build: (job) =>
    build(job, (d, its, of) =>
      sampleBy(d, its, {
        ...of,
        schedule: (steps) => d.add('ManualSigmas', { sigmas: sigmasOf(steps) }, 'Schedule'),
      }),
    ),
}
