import { createDrawing, type Drawing, type Link } from '../graph'
import type { ComfyFamily, FamilyJob } from './family'
import { ggufs, safetensors } from './names'
import {
  beginning,
  loadModel,
  loadPicture,
  loadTextEncoder,
  loadVae,
  negativeOf,
  promptOf,
  sample,
  save,
  sourceLatent,
} from './pieces'
import { megapixel, qwenSizes } from './sizes'

const shared: ComfyFamily['parts'] = [
  { slot: 'textEncoder', names: safetensors('qwen_2.5_vl_7b', '_fp8_scaled', '') },
  { slot: 'vae', names: ['qwen_image_vae.safetensors'] },
]

function buildText(job: FamilyJob) {
  const d = createDrawing()
  const model = d.add('ModelSamplingAuraFlow', { model: loadModel(d, job), shift: 3.1 }, 'Shift')
  const clip = loadTextEncoder(d, job, 'qwen_image')
  const vae = loadVae(d, job)
  const { latent, kept } = beginning(d, job, { empty: 'EmptySD3LatentImage', vae })
  const samples = sample(d, job, {
    model,
    positive: promptOf(d, job, clip),
    negative: negativeOf(d, job, clip),
    latent,
  })
  save(d, job, { samples, vae, kept, prefix: 'qwen-image' })
  return d.graph
}

const text = {
  tasks: ['text', 'image', 'inpaint'],
  mostImages: 1,
  sizes: qwenSizes,
  sizeMultiple: 16,
  build: buildText,
} satisfies Partial<ComfyFamily>

const euler = { sampler: 'euler', scheduler: 'simple', strength: 0.6, negativePrompt: ' ' }
const full = { width: 1328, height: 1328, ...euler }

const model2512 = {
  slot: 'model',
  names: [
    ...safetensors('qwen_image_2512', '_fp8_e4m3fn', '_bf16', '_int8_convrot'),
    ...ggufs('qwen-image-2512', 'Qwen-Image-2512'),
  ],
} as const

/** The first Qwen-Image, of August 2025. Its id is promised. */
export const qwenImage: ComfyFamily = {
  ...text,
  id: 'qwen-image',
  title: 'Qwen-Image',
  takesNegativePrompt: true,
  sizes: [...megapixel, ...qwenSizes],
  parts: [
    {
      slot: 'model',
      names: [...safetensors('qwen_image', '_fp8_e4m3fn', '_bf16'), ...ggufs('qwen-image', 'Qwen_Image')],
    },
    ...shared,
  ],
  defaults: { steps: 20, cfg: 2.5, ...euler, width: 1024, height: 1024 },
  filesMiB: 30_310,
}

export const qwenImage2512: ComfyFamily = {
  ...text,
  id: 'qwen-image-2512',
  title: 'Qwen-Image 2512',
  formerId: 'qwen-image',
  takesNegativePrompt: true,
  parts: [model2512, ...shared],
  defaults: { steps: 50, cfg: 4, ...full },
  filesMiB: 28_689,
}

export const qwenImage2512Lightning: ComfyFamily = {
  ...text,
  id: 'qwen-image-2512-lightning',
  title: 'Qwen-Image 2512 Lightning',
  takesNegativePrompt: false,
  parts: [
    model2512,
    { slot: 'lora', names: safetensors('Qwen-Image-2512-Lightning-4steps-V1.0', '-fp32', '-bf16') },
    ...shared,
  ],
  defaults: { steps: 4, cfg: 1, ...full },
  filesMiB: 30_310,
}

/** Instruction and pictures in one node, then the way in which the model tells references apart. */
function instruct(d: Drawing, inputs: Record<string, unknown>, title: string): Link {
  const conditioning = d.add('TextEncodeQwenImageEditPlus', inputs, title)
  const method = { conditioning, reference_latents_method: 'index_timestep_zero' }
  return d.add('FluxKontextMultiReferenceLatentMethod', method, 'Refer to the pictures')
}

function buildEdit(job: FamilyJob) {
  const d = createDrawing()
  const shifted = d.add('ModelSamplingAuraFlow', { model: loadModel(d, job), shift: 3.1 }, 'Shift')
  const model = d.add('CFGNorm', { model: shifted, strength: 1 }, 'Norm')
  const clip = loadTextEncoder(d, job, 'qwen_image')
  const vae = loadVae(d, job)
  const pixels = d.add('FluxKontextImageScale', { image: loadPicture(d, job, 0) }, 'Source at a size of the model')
  const others = job.images
    .slice(1)
    .map((_, index): [string, Link] => [`image${index + 2}`, loadPicture(d, job, index + 1)])
  const seen = { clip, vae, image1: pixels, ...Object.fromEntries(others) }
  const samples = sample(d, job, {
    model,
    positive: instruct(d, { ...seen, prompt: job.params.prompt }, 'Prompt'),
    negative: instruct(d, { ...seen, prompt: job.params.negativePrompt ?? '' }, 'Negative prompt'),
    latent: sourceLatent(d, job, { pixels, vae }),
  })
  save(d, job, { samples, vae, prefix: 'qwen-image-edit' })
  return d.graph
}

const edit = {
  tasks: ['edit'],
  mostImages: 3,
  sizes: megapixel,
  sizeMultiple: 16,
  build: buildEdit,
} satisfies Partial<ComfyFamily>

const editDefaults = { ...euler, width: 1024, height: 1024, strength: null, negativePrompt: '' }

const model2511 = {
  slot: 'model',
  names: [
    ...safetensors('qwen_image_edit_2511', '_fp8mixed', '_int8_convrot', '_bf16'),
    ...ggufs('qwen-image-edit-2511', 'Qwen-Image-Edit-2511'),
  ],
} as const

export const qwenImageEdit: ComfyFamily = {
  ...edit,
  id: 'qwen-image-edit-2511',
  title: 'Qwen-Image-Edit 2511',
  takesNegativePrompt: true,
  parts: [model2511, ...shared],
  defaults: { steps: 40, cfg: 3, ...editDefaults },
  filesMiB: 29_592,
}

export const qwenImageEditLightning: ComfyFamily = {
  ...edit,
  id: 'qwen-image-edit-2511-lightning',
  title: 'Qwen-Image-Edit 2511 Lightning',
  takesNegativePrompt: false,
  parts: [
    model2511,
    { slot: 'lora', names: safetensors('Qwen-Image-Edit-2511-Lightning-4steps-V1.0', '-bf16', '-fp32') },
    ...shared,
  ],
  defaults: { steps: 4, cfg: 1, ...editDefaults },
  filesMiB: 30_400,
}
