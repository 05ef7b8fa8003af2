import type { Raster } from '../../media/raster'
import type { Conditioning, Latent } from '../values'
import { passes, type Arguments, type NodeClass, type NodeResult } from './node'
import { sizeOfPixels } from './sizes'

const conditioned = (...all: Conditioning[]): NodeResult => ({
  values: all.map((conditioning) => ({ kind: 'conditioning', conditioning })),
})

const given = (args: Arguments, name: string): Conditioning => args.value(name, 'conditioning').conditioning

const edit = (names: readonly string[]): NodeClass => ({
  run: (args) => {
    const images = names.flatMap((name) => args.optional(name, 'image')?.images.slice(0, 1) ?? [])
    return conditioned({ text: args.text('prompt'), images })
  },
})

/** An empty latent of about `resolution`² pixels at the aspect of a picture; 0 keeps the picture's own size. */
function sizedLike(picture: Raster | undefined, resolution: number): Latent {
  const seen = picture ?? { width: resolution || 1024, height: resolution || 1024 }
  const size = sizeOfPixels(seen, resolution === 0 ? seen.width * seen.height : resolution ** 2, 32)
  return { ...size, batch: 1, source: null, mask: null, pictures: null }
}

const both = (args: Arguments, one: string, other: string): Conditioning => {
  const [first, second] = [given(args, one), given(args, other)]
  return { text: `${first.text} ${second.text}`.trim(), images: [...first.images, ...second.images] }
}

export const conditioning: Record<string, NodeClass> = {
  CLIPTextEncode: { run: (args) => conditioned({ text: args.text('text'), images: [] }) },
  ConditioningZeroOut: {
    run: (args) => conditioned({ text: '', images: given(args, 'conditioning').images }),
  },
  ConditioningCombine: { run: (args) => conditioned(both(args, 'conditioning_1', 'conditioning_2')) },
  ConditioningConcat: { run: (args) => conditioned(both(args, 'conditioning_to', 'conditioning_from')) },
  FluxGuidance: passes('conditioning'),
  FluxKontextMultiReferenceLatentMethod: passes('conditioning'),
  TextEncodeQwenImageEdit: edit(['image']),
  TextEncodeQwenImageEditPlus: edit(['image1', 'image2', 'image3']),
  TextEncodeQwenImage21: {
    run: (args) => {
      const images = args.every('images', 'image').flatMap((one) => one.images.slice(0, 1))
      const { values } = conditioned(
        { text: args.text('prompt'), images },
        { text: args.text('negative_prompt'), images },
      )
      return { values: [...values, { kind: 'latent', latent: sizedLike(images[0], args.number('resolution', 1024)) }] }
    },
  },
  ReferenceLatent: {
    run: (args) => {
      const { text, images } = given(args, 'conditioning')
      const source = args.optional('latent', 'latent')?.latent.source
      return conditioned({ text, images: source ? [...images, source] : images })
    },
  },
}
