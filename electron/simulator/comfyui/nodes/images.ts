import { composite, inverted, mapPixels, resize, type Raster } from '../../media/raster'
import { saveImages, saveSamples } from '../files'
import { openPicture, named, transparencyOf } from './loading'
import type { Arguments, NodeClass, NodeResult } from './node'
import { nearMultiple, sizeOfPixels } from './sizes'

const shown = (images: readonly Raster[]): NodeResult => ({ values: [{ kind: 'image', images }] })
const imagesOf = (args: Arguments): readonly Raster[] => args.value('image', 'image').images

/** A class that gives each picture another size. */
const scales = (
  sizeOf: (raster: Raster, args: Arguments) => { width: number; height: number },
  crops: (args: Arguments) => boolean = () => false,
): NodeClass => ({
  run: (args) =>
    shown(
      imagesOf(args).map((raster) => {
        const { width, height } = sizeOf(raster, args)
        return resize(raster, width, height, crops(args))
      }),
    ),
})

const megapixel = 1024 * 1024

const scaling: Record<string, NodeClass> = {
  ImageScale: scales(
    (raster, args) => {
      const [w, h] = [args.number('width'), args.number('height')]
      // 0 keeps the aspect; both 0 keep the picture.
      const width = w || Math.max(1, Math.round((raster.width * (h || raster.height)) / raster.height))
      return { width, height: h || Math.max(1, Math.round((raster.height * width) / raster.width)) }
    },
    (args) => args.text('crop') === 'center',
  ),
  ImageScaleBy: scales(({ width, height }, args) => {
    const scale = args.number('scale_by', 1)
    return { width: nearMultiple(width * scale, 1), height: nearMultiple(height * scale, 1) }
  }),
  ImageScaleToTotalPixels: scales((raster, args) =>
    sizeOfPixels(raster, args.number('megapixels', 1) * megapixel, args.number('resolution_steps', 1)),
  ),
  ImageScaleToMaxDimension: scales(({ width, height }, args) => {
    const scale = args.number('largest_size') / Math.max(width, height)
    return { width: nearMultiple(width * scale, 1), height: nearMultiple(height * scale, 1) }
  }),
  // The real one takes the nearest of seventeen sizes: each about a megapixel, in sixteens.
  FluxKontextImageScale: scales((raster) => sizeOfPixels(raster, megapixel, 16)),
}

const saving = (type: 'output' | 'temp', prefixOf: (args: Arguments) => string): NodeClass => ({
  run: async (args, { folder, texts, behaviour }) => {
    const { images } = args.value('images', 'image')
    const files = await saveImages(images, { folder, type, prefix: prefixOf(args), texts })
    const others = type === 'output' ? await saveSamples(behaviour.alsoSaves, files[0], folder) : []
    return { ...shown(images), shown: [...files, ...others] }
  },
})

export const images: Record<string, NodeClass> = {
  ...scaling,
  LoadImage: {
    ...named,
    run: async (args, { folder }) => {
      const { file, raster } = await openPicture(folder, args.text('image'))
      return {
        values: [
          { kind: 'image', images: [raster] },
          { kind: 'mask', mask: await transparencyOf(file) },
        ],
      }
    },
  },
  EmptyImage: {
    run: (args) => {
      const [width, height, color] = [args.number('width'), args.number('height'), args.number('color')]
      const data = new Uint8Array(width * height * 3)
      for (let i = 0; i < data.length; i++) data[i] = (color >> (16 - (i % 3) * 8)) & 255
      return shown(Array.from({ length: args.number('batch_size') }, () => ({ width, height, data })))
    },
  },
  ImageInvert: {
    run: (args) => shown(imagesOf(args).map(inverted)),
  },
  GetImageSize: {
    run: (args) => {
      const all = imagesOf(args)
      return { values: [all[0]?.width ?? 0, all[0]?.height ?? 0, all.length] }
    },
  },
  RepeatImageBatch: {
    run: (args) => shown(Array.from({ length: args.number('amount') }, () => imagesOf(args)).flat()),
  },
  ImageCompositeMasked: {
    run: (args) => {
      const sources = args.value('source', 'image').images
      const mask = args.optional('mask', 'mask')?.mask ?? null
      const place = { x: args.number('x'), y: args.number('y') }
      return shown(
        args.value('destination', 'image').images.map((below, index) => {
          const source = sources[index % sources.length] ?? below
          const above = args.any('resize_source') === true ? resize(source, below.width, below.height) : source
          return composite(below, above, mask ?? mapPixels(above, () => 255), place)
        }),
      )
    },
  },
  SaveImage: saving('output', (args) => args.text('filename_prefix')),
  PreviewImage: saving('temp', () => `ComfyUI_temp_${Math.random().toString(36).slice(2, 7)}`),
}
