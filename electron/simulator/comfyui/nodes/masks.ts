import { inverted, mapPixels, type Raster } from '../../media/raster'
import { encoded } from './latents'
import { openPicture, named, transparencyOf } from './loading'
import type { Arguments, NodeClass, NodeResult } from './node'

const channels = ['red', 'green', 'blue'] as const

/** A grey picture of one channel. */
function channelOf(raster: Raster, name: string): Raster {
  const at = Math.max(
    0,
    channels.findIndex((channel) => channel === name),
  )
  return mapPixels(raster, (data, from) => data[from + at] ?? 0)
}

const masked = (mask: Raster): NodeResult => ({ values: [{ kind: 'mask', mask }] })
const maskOf = (args: Arguments): Raster => args.value('mask', 'mask').mask

export const masks: Record<string, NodeClass> = {
  LoadImageMask: {
    ...named,
    run: async (args, { folder }) => {
      const channel = args.text('channel')
      const { file, raster } = await openPicture(folder, args.text('image'))
      return masked(channel === 'alpha' ? await transparencyOf(file) : channelOf(raster, channel))
    },
  },
  ImageToMask: {
    run: (args) => {
      const [image] = args.value('image', 'image').images
      if (!image) throw new Error('no picture to make a mask of')
      return masked(channelOf(image, args.text('channel')))
    },
  },
  MaskToImage: { run: (args) => ({ values: [{ kind: 'image', images: [maskOf(args)] }] }) },
  InvertMask: { run: (args) => masked(inverted(maskOf(args))) },
  SetLatentNoiseMask: {
    run: (args) => {
      const { latent } = args.value('samples', 'latent')
      return { values: [{ kind: 'latent', latent: { ...latent, mask: maskOf(args) } }] }
    },
  },
  VAEEncodeForInpaint: {
    run: (args) => ({ values: [{ kind: 'latent', latent: { ...encoded(args), mask: maskOf(args) } }] }),
  },
  InpaintModelConditioning: {
    run: (args) => {
      const mask = args.any('noise_mask') === false ? null : maskOf(args)
      return {
        values: [args.any('positive'), args.any('negative'), { kind: 'latent', latent: { ...encoded(args), mask } }],
      }
    },
  },
}
