import { createDrawing } from '../graph'
import type { ComfyFamily } from './family'
import { ggufs, safetensors } from './names'
import { beginning, loadModel, loadTextEncoder, loadVae, promptOf, sample, save, zeroed } from './pieces'
import { megapixel } from './sizes'

/** The text encoder of Z-Image-Turbo and of FLUX.2 Klein 4B. */
export const qwen3Small = safetensors('qwen_3_4b', '', '_fp8_mixed', '_fp4_mixed')

export const zImageTurbo: ComfyFamily = {
  id: 'z-image-turbo',
  title: 'Z-Image-Turbo',
  tasks: ['text', 'image', 'inpaint'],
  mostImages: 1,
  takesNegativePrompt: false,
  sizes: megapixel,
  sizeMultiple: 16,
  parts: [
    {
      slot: 'model',
      names: [
        ...safetensors('z_image_turbo', '_bf16', '_int8_convrot', '_nvfp4', '_fp8_e4m3fn'),
        ...ggufs('z_image_turbo', 'z-image-turbo'),
      ],
    },
    { slot: 'textEncoder', names: qwen3Small },
    { slot: 'vae', names: ['ae.safetensors'] },
  ],
  defaults: {
    ...{ steps: 8, cfg: 1, width: 1024, height: 1024, sampler: 'res_multistep', scheduler: 'simple' },
    ...{ strength: 0.6, negativePrompt: '' },
  },
  filesMiB: 19_866,
  build(job) {
    const d = createDrawing()
    const model = d.add('ModelSamplingAuraFlow', { model: loadModel(d, job), shift: 3 }, 'Shift')
    const positive = promptOf(d, job, loadTextEncoder(d, job, 'lumina2'))
    const vae = loadVae(d, job)
    const { latent, kept } = beginning(d, job, { empty: 'EmptySD3LatentImage', vae })
    const samples = sample(d, job, { model, positive, negative: zeroed(d, positive), latent })
    save(d, job, { samples, vae, kept, prefix: 'z-image' })
    return d.graph
  },
}
