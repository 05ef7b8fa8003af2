import { createDrawing } from '../graph'
import type { ComfyFamily } from './family'

/** A colour of 24 bits that differs much between neighbouring seeds (Knuth's multiplicative hash). */
export const colourOf = (seed: number) => (Math.imul(seed % 2 ** 32, 2_654_435_761) >>> 8) & 0xffffff

/**
 * A plain colour, which needs no model and shows that a job runs. It is made only where it is named, by its promised id:
 * nobody who asks for a picture is given a colour.
 */
export const smoke: ComfyFamily = {
  id: 'smoke',
  title: 'Smoke test',
  tasks: ['text'],
  mostImages: 0,
  takesNegativePrompt: false,
  sizes: [{ width: 512, height: 512 }],
  sizeMultiple: 8,
  parts: [],
  defaults: {
    ...{ steps: 1, cfg: 1, width: 512, height: 512, sampler: 'euler', scheduler: 'simple' },
    ...{ strength: null, negativePrompt: '' },
  },
  filesMiB: 0,
  build({ params: { width, height, batch, seed } }) {
    const d = createDrawing()
    const images = d.add('EmptyImage', { width, height, batch_size: batch, color: colourOf(seed) }, 'Plain colour')
    d.add('SaveImage', { images, filename_prefix: 'regie/smoke' }, 'Save')
    return d.graph
  },
}
