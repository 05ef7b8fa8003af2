import { paintPicture, type PictureRequest } from '../../picture'
import { resize, type Raster } from '../../media/raster'
import { samplers, schedulers } from '../catalog'
import type { Latent } from '../values'
import { float, int, type NodeClass } from './node'

const emptyLatent = (
  size: number,
  step: number,
  rest: Pick<NodeClass, 'displayName' | 'category' | 'module'>,
): NodeClass => ({
  ...rest,
  outputNode: false,
  outputs: ['LATENT'],
  inputs: () => ({
    required: { width: int(size, 16, 16384, step), height: int(size, 16, 16384, step), batch_size: int(1, 1, 4096) },
  }),
  run: (args) => {
    // A latent cell is eight pixels wide.
    const [width, height] = [Math.floor(args.number('width') / 8) * 8, Math.floor(args.number('height') / 8) * 8]
    const latent: Latent = { width, height, batch: args.number('batch_size'), source: null, pictures: null }
    return { values: [{ kind: 'latent', latent }] }
  },
})

const sampler: NodeClass = {
  displayName: 'KSampler',
  category: 'sampling',
  module: 'nodes',
  outputNode: false,
  outputs: ['LATENT'],
  inputs: () => ({
    required: {
      model: ['MODEL', { tooltip: 'The model used for denoising the input latent.' }],
      seed: ['INT', { default: 0, min: 0, max: 18446744073709552000, control_after_generate: true }],
      steps: int(20, 1, 10000),
      cfg: ['FLOAT', { default: 8, min: 0, max: 100, step: 0.1, round: 0.01 }],
      sampler_name: [samplers],
      scheduler: [schedulers],
      positive: ['CONDITIONING'],
      negative: ['CONDITIONING'],
      latent_image: ['LATENT'],
      denoise: float(1, 0, 1),
    },
  }),
  run: async (args, context) => {
    const { latent } = args.value('latent_image', 'latent')
    const positive = args.value('positive', 'conditioning')
    const strength = args.number('denoise', 1)
    const source = latent.source ?? positive.images[0] ?? null
    const pictures = Array.from({ length: latent.batch }, (_, index): PictureRequest => {
      const { width, height } = latent
      const common = { prompt: positive.text, model: args.value('model', 'model').file, width, height }
      const seed = args.number('seed') + index
      // An edit model starts from pure noise, yet keeps what the reference picture shows.
      const kept = positive.images.length > 0 && strength === 1 ? 0.55 : strength
      return source ? { ...common, seed, source: { raster: source, denoise: kept } } : { ...common, seed }
    })
    const [first] = pictures
    if (first) await context.sample(args.number('steps'), first)
    return { values: [{ kind: 'latent', latent: { ...latent, pictures } }] }
  },
}

/** What a latent that no sampler touched decodes to: the picture it came from, else flat grey. */
function undenoised({ width, height, batch, source }: Latent): Raster[] {
  const grey = { width, height, data: new Uint8Array(width * height * 3).fill(127) }
  return Array.from({ length: batch }, () => (source ? resize(source, width, height) : grey))
}

export const latents: Record<string, NodeClass> = {
  EmptyLatentImage: emptyLatent(512, 8, { displayName: 'Empty Latent Image', category: 'latent', module: 'nodes' }),
  EmptySD3LatentImage: emptyLatent(1024, 16, {
    displayName: 'EmptySD3LatentImage',
    category: 'latent/sd3',
    module: 'comfy_extras.nodes_sd3',
  }),
  KSampler: sampler,
  VAEDecode: {
    displayName: 'VAE Decode',
    category: 'latent',
    module: 'nodes',
    outputNode: false,
    outputs: ['IMAGE'],
    inputs: () => ({ required: { samples: ['LATENT'], vae: ['VAE'] } }),
    run: async (args) => {
      const { latent } = args.value('samples', 'latent')
      if (!latent.pictures) return { values: [{ kind: 'image', images: undenoised(latent) }] }
      const images: Raster[] = []
      for (const picture of latent.pictures) images.push(await paintPicture(picture))
      return { values: [{ kind: 'image', images }] }
    },
  },
  VAEEncode: {
    displayName: 'VAE Encode',
    category: 'latent',
    module: 'nodes',
    outputNode: false,
    outputs: ['LATENT'],
    inputs: () => ({ required: { pixels: ['IMAGE'], vae: ['VAE'] } }),
    run: (args) => {
      const [source = null] = args.value('pixels', 'image').images
      const width = Math.max(8, Math.floor((source?.width ?? 8) / 8) * 8)
      const height = Math.max(8, Math.floor((source?.height ?? 8) / 8) * 8)
      return { values: [{ kind: 'latent', latent: { width, height, batch: 1, source, pictures: null } }] }
    },
  },
}
