import { createDrawing, type Link } from '../graph'
import { fileName } from '../choices'
import type { ComfyFamily, FamilyJob, FileFacts } from './family'
import { beginning, fileOf, negativeOf, promptOf, sample, save } from './pieces'
import { megapixel, small, turboSizes } from './sizes'

/** A checkpoint has the text encoder and the VAE in it, and a LoRA changes the encoder too. */
function build(job: FamilyJob) {
  const d = createDrawing()
  const loaded = d.add('CheckpointLoaderSimple', { ckpt_name: fileOf(job, 'checkpoint').name }, 'Load checkpoint')
  const [node] = loaded
  const vae: Link = [node, 2]
  let model = loaded
  let clip: Link = [node, 1]
  for (const { name, weight } of job.params.loras ?? []) {
    const strength = { strength_model: weight, strength_clip: weight }
    model = d.add('LoraLoader', { model, clip, lora_name: name, ...strength }, `LoRA ${name}`)
    clip = [model[0], 1]
  }
  const positive = promptOf(d, job, clip)
  const negative = negativeOf(d, job, clip)
  const { latent, kept } = beginning(d, job, { empty: 'EmptyLatentImage', vae })
  save(d, job, { samples: sample(d, job, { model, positive, negative, latent }), vae, kept, prefix: 'sdxl' })
  return d.graph
}

const gigabyte = 1e9

const isTurbo = (name: string) => /turbo/i.test(name)

/**
 * Whether a checkpoint is a Stable Diffusion 1.x: its name says so, or, where the name says nothing, its size does (2.1
 * GB in half and 4.3 GB in full precision; SDXL's are 3.5 GB in 8 bits and 6.5 to 7 GB).
 */
function isSd15({ name: full, bytes }: FileFacts): boolean {
  const name = fileName(full)
  if (/xl|pony|illustrious|noob|turbo/i.test(name)) return false
  if (/(?:^|[^a-z0-9])(?:sd[-_ ]?v?1[-_.]?[45]|v1[-_.][1-5]|1\.5)(?![0-9])/i.test(name)) return true
  if (bytes === null) return false
  const size = bytes / gigabyte
  return (size > 1.6 && size < 2.7) || (size > 4 && size < 4.6)
}

/**
 * The one exception to exact names: checkpoints are tuned by thousands of people and named as they like, all of them run
 * in the same graph, and which defaults one wants is told by its name and size.
 */
const tuned = (usual: string, matches: (file: FileFacts) => boolean): ComfyFamily['parts'] => [
  { slot: 'checkpoint', names: [usual], matches },
]

const common = {
  tasks: ['text', 'image', 'inpaint'],
  mostImages: 1,
  sizeMultiple: 8,
  build,
} satisfies Partial<ComfyFamily>

/** Its id is promised, for every checkpoint. */
export const sdxl: ComfyFamily = {
  ...common,
  id: 'sdxl-checkpoint',
  title: 'SDXL',
  takesNegativePrompt: true,
  sizes: megapixel,
  parts: tuned('sd_xl_base_1.0.safetensors', (file) => !isTurbo(fileName(file.name)) && !isSd15(file)),
  defaults: {
    ...{ steps: 25, cfg: 7, width: 1024, height: 1024, sampler: 'dpmpp_2m', scheduler: 'karras' },
    ...{ strength: 0.6, negativePrompt: '' },
  },
  filesMiB: 6617,
}

/** Distilled: it needs few steps and no guidance, and more of either burns the picture. */
export const sdxlTurbo: ComfyFamily = {
  ...common,
  id: 'sdxl-turbo',
  title: 'SDXL Turbo',
  formerId: 'sdxl-checkpoint',
  takesNegativePrompt: false,
  sizes: turboSizes,
  parts: tuned('sd_xl_turbo_1.0_fp16.safetensors', ({ name }) => isTurbo(fileName(name))),
  defaults: {
    ...{ steps: 4, cfg: 1, width: 512, height: 512, sampler: 'euler_ancestral', scheduler: 'sgm_uniform' },
    ...{ strength: 0.6, negativePrompt: '' },
  },
  filesMiB: 6615,
}

/** Trained at 512²: at SDXL's size it repeats its motifs. */
export const sd15: ComfyFamily = {
  ...common,
  id: 'sd15',
  title: 'Stable Diffusion 1.5',
  formerId: 'sdxl-checkpoint',
  takesNegativePrompt: true,
  sizes: small,
  parts: tuned('v1-5-pruned-emaonly-fp16.safetensors', isSd15),
  defaults: { ...sdxl.defaults, steps: 20, width: 512, height: 512 },
  filesMiB: 2034,
}
