import type { Generation } from '../../../../shared/contract'
import type { LightboxImage } from './Lightbox'

const extensions: Record<string, string> = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp' }

/** A name to save an image under: the first words of its prompt, the seed, and its number if there are several. */
export function fileNameOf({ params, images, id }: Generation, index: number): string {
  const words = params.prompt
    .normalize('NFKC')
    // Letters and digits of any script; the rest is not safe in file names everywhere.
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 48)
    .replace(/-$/, '')
  const number = images.length > 1 ? `-${index + 1}` : ''
  const extension = extensions[images[index]?.mime ?? ''] ?? 'png'
  return `${words || id}-${params.seed ?? id}${number}.${extension}`
}

/** The images of a generation for the lightbox. */
export const lightboxImages = (generation: Generation): LightboxImage[] =>
  generation.images.map(({ id }, index) => ({
    id,
    alt: generation.params.prompt,
    simulated: generation.simulated,
    fileName: fileNameOf(generation, index),
  }))
