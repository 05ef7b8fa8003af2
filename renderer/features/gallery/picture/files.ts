import type { Generation } from '../../../../shared/contract'
import { imageFileName } from '../../../../shared/file-names'
import type { LightboxImage } from './Lightbox'

/** The images of a generation for the lightbox. */
export const lightboxImages = (generation: Generation): LightboxImage[] =>
  generation.images.map(({ id }, index) => ({
    id,
    alt: generation.params.prompt,
    simulated: generation.simulated,
    fileName: imageFileName(generation, index),
  }))
