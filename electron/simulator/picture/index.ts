import { composite, resize, type Raster } from '../media/raster'
import { drive, type Sliced } from '../slices'
import { createCanvas, type Canvas } from './canvas'
import { hash, noiseFrom, randomFrom, type Random } from './random'
import { painters, sceneOf } from './scenes'
import { drawTag } from './tag'

/** What a picture depends on: the same request gives the same bytes. */
export interface PictureRequest {
  prompt: string
  seed: number
  /** The model's name, and what is put on it: two models draw the same prompt and seed differently. */
  model?: string
  width: number
  height: number
  /**
   * Image-to-image: the source shows through the less, the nearer `denoise` is to 1. With a mask it stays as it is where
   * that is black.
   */
  source?: { raster: Raster; denoise: number; mask?: Raster | null }
}

/** Darkens the corners and mirrors every other picture, so that seeds differ in composition. */
function finish(canvas: Canvas, mirrored: boolean, random: Random) {
  const { width, height, data } = canvas
  for (let y = 0; y < height; y++) {
    const dy = (y / height - 0.5) * 1.15
    for (let x = 0; x < (mirrored ? width / 2 : 0); x++) {
      const a = (y * width + x) * 3
      const b = (y * width + width - 1 - x) * 3
      for (let c = 0; c < 3; c++) {
        const kept = data[a + c] ?? 0
        data[a + c] = data[b + c] ?? 0
        data[b + c] = kept
      }
    }
    for (let x = 0; x < width; x++) {
      const dx = (x / width - 0.5) * 1.15
      const shade = 1 - 0.42 * Math.max(0, Math.min(1, (dx * dx + dy * dy - 0.17) * 2.1))
      const grain = (random() - 0.5) * 3.2
      const at = (y * width + x) * 3
      for (let c = 0; c < 3; c++) data[at + c] = (data[at + c] ?? 0) * shade + grain
    }
  }
}

function toRaster({ width, height, data }: Canvas): Raster {
  const bytes = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? 0
    bytes[i] = value <= 0 ? 0 : value >= 255 ? 255 : value + 0.5
  }
  return { width, height, data: bytes }
}

function* paint(request: PictureRequest): Sliced<Raster> {
  const { prompt, seed, model = '', width, height, source } = request
  const random = randomFrom(hash(`${prompt}\n${seed}\n${model}`))
  const canvas = createCanvas(width, height)
  const scene = painters[sceneOf(prompt)]
  yield* scene({ canvas, w: width, h: height, u: Math.min(width, height), random, noise: noiseFrom(random) })
  finish(canvas, random() < 0.5, random)
  yield
  const below = source && resize(source.raster, width, height)
  if (below) blendSource(canvas, below, source.denoise)
  yield
  drawTag(canvas)
  const painted = toRaster(canvas)
  return below && source.mask ? composite(below, painted, resize(source.mask, width, height), { x: 0, y: 0 }) : painted
}

/** Lets the source show through: with a low denoise it only takes on the new picture's colours. */
function blendSource(canvas: Canvas, source: Raster, denoise: number) {
  const keep = 1 - Math.max(0, Math.min(1, denoise)) * 0.72
  for (let i = 0; i < canvas.data.length; i++) {
    const painted = canvas.data[i] ?? 0
    canvas.data[i] = painted + ((source.data[i] ?? 0) - painted) * keep
  }
}

/** Paints a picture in slices, so that the event loop stays free. */
export const paintPicture = (request: PictureRequest): Promise<Raster> => drive(paint(request))

/**
 * The look of a half-denoised latent, from a small finished picture: noise at 0, the picture at 1.
 * The same `seed` gives the same noise.
 */
export function denoise(finished: Raster, fraction: number, seed: number): Raster {
  const random = randomFrom(seed)
  const t = Math.max(0, Math.min(1, fraction))
  const clear = t * t * (3 - 2 * t)
  const coarse = resize(
    finished,
    Math.max(4, Math.round(finished.width * (0.12 + 0.88 * t))),
    Math.max(4, Math.round(finished.height * (0.12 + 0.88 * t))),
  )
  const base = resize(coarse, finished.width, finished.height)
  const data = new Uint8Array(base.data.length)
  for (let i = 0; i < data.length; i++) {
    const value =
      (base.data[i] ?? 0) * (0.35 + 0.65 * clear) +
      74 * (1 - clear) * 0.65 +
      (random() - 0.5) * 150 * (1 - clear) ** 1.3
    data[i] = value <= 0 ? 0 : value >= 255 ? 255 : value
  }
  return { width: base.width, height: base.height, data }
}
