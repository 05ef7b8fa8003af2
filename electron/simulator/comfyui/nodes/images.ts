import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { decodeImage, resize } from '../../media/raster'
import { existingFile, saveImages } from '../files'
import { NodeException } from '../values'
import { int, type InputSpec, type NodeClass } from './node'

const hidden = { prompt: 'PROMPT', extra_pnginfo: 'EXTRA_PNGINFO' }
const image: InputSpec = ['IMAGE', { tooltip: 'The images to save.' }]

export const images: Record<string, NodeClass> = {
  LoadImage: {
    displayName: 'Load Image',
    category: 'image',
    module: 'nodes',
    outputNode: false,
    outputs: ['IMAGE', 'MASK'],
    inputs: ({ inputImages }) => ({ required: { image: [inputImages, { image_upload: true }] } }),
    check: {
      input: 'image',
      complain: (value, folder) =>
        existingFile(folder, String(value)) === null ? `Invalid image file: ${String(value)}` : null,
    },
    changed: (inputs, folder) => {
      const file = existingFile(folder, String(inputs['image']))
      return file === null ? '' : createHash('sha256').update(readFileSync(file)).digest('hex')
    },
    run: async (args, { folder }) => {
      const file = existingFile(folder, args.text('image'))
      const raster = file === null ? null : decodeImage(await readFile(file))
      if (!raster) throw new NodeException('PIL.UnidentifiedImageError', `cannot identify image file '${file ?? ''}'`)
      return { values: [{ kind: 'image', images: [raster] }, { kind: 'mask' }] }
    },
  },
  ImageScale: {
    displayName: 'Upscale Image',
    category: 'image/upscaling',
    module: 'nodes',
    outputNode: false,
    outputs: ['IMAGE'],
    inputs: () => ({
      required: {
        image: ['IMAGE'],
        upscale_method: [['nearest-exact', 'bilinear', 'area', 'bicubic', 'lanczos']],
        width: int(512, 0, 16384, 1),
        height: int(512, 0, 16384, 1),
        crop: [['disabled', 'center']],
      },
    }),
    run: (args) => {
      const scaled = args.value('image', 'image').images.map((raster) => {
        const [w, h] = [args.number('width'), args.number('height')]
        // 0 keeps the aspect; both 0 keep the picture.
        const width = w || Math.max(1, Math.round((raster.width * (h || raster.height)) / raster.height))
        const height = h || Math.max(1, Math.round((raster.height * width) / raster.width))
        return resize(raster, width, height, args.text('crop') === 'center')
      })
      return { values: [{ kind: 'image', images: scaled }] }
    },
  },
  EmptyImage: {
    displayName: 'EmptyImage',
    category: 'image',
    module: 'nodes',
    outputNode: false,
    outputs: ['IMAGE'],
    inputs: () => ({
      required: {
        width: int(512, 1, 16384, 1),
        height: int(512, 1, 16384, 1),
        batch_size: int(1, 1, 4096),
        color: ['INT', { default: 0, min: 0, max: 16777215, step: 1, display: 'color' }],
      },
    }),
    run: (args) => {
      const [width, height, color] = [args.number('width'), args.number('height'), args.number('color')]
      const data = new Uint8Array(width * height * 3)
      for (let i = 0; i < data.length; i++) data[i] = (color >> (16 - (i % 3) * 8)) & 255
      return {
        values: [
          { kind: 'image', images: Array.from({ length: args.number('batch_size') }, () => ({ width, height, data })) },
        ],
      }
    },
  },
  SaveImage: {
    displayName: 'Save Image',
    category: 'image',
    module: 'nodes',
    outputNode: true,
    outputs: [],
    inputs: () => ({
      required: { images: image, filename_prefix: ['STRING', { default: 'ComfyUI' }] },
      hidden,
    }),
    run: async (args, { folder, texts }) => ({
      values: [],
      shown: await saveImages(args.value('images', 'image').images, {
        folder,
        type: 'output',
        prefix: args.text('filename_prefix'),
        texts,
      }),
    }),
  },
  PreviewImage: {
    displayName: 'Preview Image',
    category: 'image',
    module: 'nodes',
    outputNode: true,
    outputs: [],
    inputs: () => ({ required: { images: ['IMAGE'] }, hidden }),
    run: async (args, { folder, texts }) => ({
      values: [],
      shown: await saveImages(args.value('images', 'image').images, {
        folder,
        type: 'temp',
        prefix: `ComfyUI_temp_${Math.random().toString(36).slice(2, 7)}`,
        texts,
      }),
    }),
  },
}
