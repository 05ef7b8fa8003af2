import { createDrawing, outputOf, type Drawing, type Link } from '../graph'
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
  sampleBy,
  save,
  zeroed,
} from './pieces'
import { megapixel } from './sizes'
import { qwen3Small } from './z-image'

/** Both conditionings with every picture of an edit to refer to, and the first of them at its working size. */
function refer(d: Drawing, job: FamilyJob, { positive, negative, vae }: Record<'positive' | 'negative' | 'vae', Link>) {
  let conditioned = { positive, negative }
  let first: Link | null = null
  for (const [index] of job.images.entries()) {
    const image = loadPicture(d, job, index)
    const scaling = { image, upscale_method: 'lanczos', megapixels: 1, resolution_steps: 16 }
    const pixels = d.add('ImageScaleToTotalPixels', scaling, 'About a megapixel')
    first ??= pixels
    const latent = d.add('VAEEncode', { pixels, vae }, 'Encode reference')
    const withIt = (conditioning: Link) => d.add('ReferenceLatent', { conditioning, latent }, 'Refer to it')
    conditioned = { positive: withIt(conditioned.positive), negative: withIt(conditioned.negative) }
  }
  if (!first) throw new Error('an edit without a picture')
  return { ...conditioned, first }
}

function build(job: FamilyJob, isDistilled: boolean) {
  const d = createDrawing()
  const model = loadModel(d, job)
  const clip = loadTextEncoder(d, job, 'flux2')
  const vae = loadVae(d, job)
  const words = promptOf(d, job, clip)
  const given = { positive: words, negative: isDistilled ? zeroed(d, words) : negativeOf(d, job, clip) }
  const { batch } = job.params
  const scheduled = (size: { width: unknown; height: unknown }) => (steps: number) =>
    d.add('Flux2Scheduler', { steps, ...size }, 'Schedule')
  const prefix = 'flux2-klein'
  if (job.task === 'edit') {
    const { first, positive, negative } = refer(d, job, { ...given, vae })
    const measured = d.add('GetImageSize', { image: first }, 'Size of the source')
    const size = { width: measured, height: outputOf(measured, 1) }
    const latent = d.add('EmptyFlux2LatentImage', { ...size, batch_size: batch }, 'Size')
    save(d, job, {
      samples: sampleBy(d, job, { model, positive, negative, latent, schedule: scheduled(size) }),
      vae,
      prefix,
    })
    return d.graph
  }
  const { latent, kept } = beginning(d, job, { empty: 'EmptyFlux2LatentImage', vae })
  const schedule = scheduled({ width: job.params.width, height: job.params.height })
  save(d, job, { samples: sampleBy(d, job, { model, ...given, latent, schedule }), vae, kept, prefix })
  return d.graph
}

interface Klein extends Pick<ComfyFamily, 'id' | 'title' | 'filesMiB'> {
  stem: string
  textEncoder: string[]
  isDistilled: boolean
}

const klein = ({ stem, textEncoder, isDistilled, ...own }: Klein): ComfyFamily => ({
  ...own,
  tasks: ['text', 'image', 'inpaint', 'edit'],
  mostImages: 3,
  takesNegativePrompt: !isDistilled,
  sizes: megapixel,
  sizeMultiple: 16,
  parts: [
    { slot: 'model', names: [...safetensors(stem, '', '-fp8', '-nvfp4'), ...ggufs(stem)] },
    { slot: 'textEncoder', names: textEncoder },
    { slot: 'vae', names: ['flux2-vae.safetensors', 'full_encoder_small_decoder.safetensors'] },
  ],
  defaults: {
    ...(isDistilled ? { steps: 4, cfg: 1 } : { steps: 20, cfg: 5 }),
    ...{ width: 1024, height: 1024, sampler: 'euler', scheduler: 'simple', strength: 0.6, negativePrompt: '' },
  },
  build: (job) => build(job, isDistilled),
})

const qwen3Large = safetensors('qwen_3_8b', '_fp8mixed', '')

export const kleins: readonly ComfyFamily[] = [
  klein({
    id: 'flux2-klein-4b',
    title: 'FLUX.2 Klein 4B',
    stem: 'flux-2-klein-4b',
    textEncoder: qwen3Small,
    isDistilled: true,
    filesMiB: 11_878,
  }),
  klein({
    id: 'flux2-klein-base-4b',
    title: 'FLUX.2 Klein 4B Base',
    stem: 'flux-2-klein-base-4b',
    textEncoder: qwen3Small,
    isDistilled: false,
    filesMiB: 16_282,
  }),
  klein({
    id: 'flux2-klein-9b',
    title: 'FLUX.2 Klein 9B',
    stem: 'flux-2-klein-9b',
    textEncoder: qwen3Large,
    isDistilled: true,
    filesMiB: 18_227,
  }),
  klein({
    id: 'flux2-klein-base-9b',
    title: 'FLUX.2 Klein 9B Base',
    stem: 'flux-2-klein-base-9b',
    textEncoder: qwen3Large,
    isDistilled: false,
    filesMiB: 18_432,
  }),
]
