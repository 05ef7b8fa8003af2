import { paintPicture } from '../../picture'
import { resize, type Raster } from '../../media/raster'
import type { Latent } from '../values'
import type { Arguments, NodeClass, NodeResult } from './node'

const given = (latent: Latent): NodeResult => ({ values: [{ kind: 'latent', latent }] })

// A latent cell is eight pixels wide.
const inCells = (length: number) => Math.max(8, Math.floor(length / 8) * 8)

const emptyLatent: NodeClass = {
  run: (args) =>
    given({
      width: inCells(args.number('width')),
      height: inCells(args.number('height')),
      batch: args.number('batch_size'),
      source: null,
      mask: null,
      pictures: null,
    }),
}

/** The latent of the first picture of `pixels`. */
export function encoded(args: Arguments): Latent {
  const [source = null] = args.value('pixels', 'image').images
  const [width, height] = [inCells(source?.width ?? 8), inCells(source?.height ?? 8)]
  return { width, height, batch: 1, source, mask: null, pictures: null }
}

/** What a latent that no sampler touched decodes to: the picture it came from, else flat grey. */
function undenoised({ width, height, batch, source }: Latent): Raster[] {
  const grey = { width, height, data: new Uint8Array(width * height * 3).fill(127) }
  return Array.from({ length: batch }, () => (source ? resize(source, width, height) : grey))
}

const decode: NodeClass = {
  run: async (args) => {
    const { latent } = args.value('samples', 'latent')
    if (!latent.pictures) return { values: [{ kind: 'image', images: undenoised(latent) }] }
    const images: Raster[] = []
    for (const picture of latent.pictures) images.push(await paintPicture(picture))
    return { values: [{ kind: 'image', images }] }
  },
}

const encode: NodeClass = { run: (args) => given(encoded(args)) }

export const latents: Record<string, NodeClass> = {
  EmptyLatentImage: emptyLatent,
  EmptySD3LatentImage: emptyLatent,
  EmptyFlux2LatentImage: emptyLatent,
  VAEDecode: decode,
  VAEDecodeTiled: decode,
  VAEEncode: encode,
  VAEEncodeTiled: encode,
  RepeatLatentBatch: {
    run: (args) => {
      const { latent } = args.value('samples', 'latent')
      const amount = args.number('amount', 1)
      const pictures = latent.pictures && Array.from({ length: amount }, () => latent.pictures ?? []).flat()
      return given({ ...latent, batch: latent.batch * amount, pictures })
    },
  },
  LatentUpscaleBy: {
    run: (args) => {
      const { latent } = args.value('samples', 'latent')
      const scale = args.number('scale_by', 1)
      const size = { width: inCells(latent.width * scale), height: inCells(latent.height * scale) }
      return given({
        ...latent,
        ...size,
        pictures: latent.pictures?.map((picture) => ({ ...picture, ...size })) ?? null,
      })
    },
  },
}
