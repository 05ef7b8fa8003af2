import type { Generation } from '../../../../shared/contract'
import { mediaOf, pixelsOf } from '../../../../shared/media'
import { imageUrl, thumbnailUrl } from '../../../api/images'

type Image = Generation['images'][number]

/** The side of the tile that stands for what is no image, in px. */
const tile = 384

/** Whether a browser shows it as an image, which can be enlarged, compared and generated from. */
export const isPicture = ({ mime }: Pick<Image, 'mime'>): boolean => mediaOf(mime).shown === 'image'

/** What stands for a file where images stand side by side, with its size in pixels: itself, or the tile that names it. */
export function stillOf(image: Image): { src: string; width: number; height: number } {
  const size = pixelsOf(image)
  if (!isPicture(image)) return { src: thumbnailUrl(image.id), width: tile, height: tile }
  return { src: imageUrl(image.id), ...(size ?? { width: tile, height: tile }) }
}

/** CSS aspect ratio of a file; square where its size is not known or would leave nothing to be seen. */
export function ratioOf(image: Pick<Image, 'width' | 'height'>): number {
  const size = pixelsOf(image)
  return size ? Math.min(32, Math.max(1 / 32, size.width / size.height)) : 1
}
