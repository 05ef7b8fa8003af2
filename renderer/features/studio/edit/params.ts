import type { Family, GenerationParams, Size, Task } from '../../../../shared/contract'
import { ignoresNegative } from '../families'
import type { StudioForm } from '../form'

type Pixels = Exclude<Size, 'own'>

const between = (least: number, most: number, value: number) => Math.min(most, Math.max(least, value))

/** The size of a picture's ratio that has about as many pixels as a family's own, in its multiples. */
export function sizeLike({ width, height }: Pixels, { defaults, sizeMultiple }: Family): Pixels {
  const scale = Math.sqrt((defaults.width * defaults.height) / (width * height))
  const side = (value: number) =>
    between(
      Math.ceil(64 / sizeMultiple) * sizeMultiple,
      Math.floor(2048 / sizeMultiple) * sizeMultiple,
      Math.round((value * scale) / sizeMultiple) * sizeMultiple,
    )
  return { width: side(width), height: side(height) }
}

/** The size that a result has; null where an edit keeps that of its source. */
export const resultSize = (size: Size, task: Task, source: Pixels, family: Family): Pixels | null =>
  task === 'edit' ? null : size === 'own' ? sizeLike(source, family) : size

/** What is asked of a family. `mask`: the one that was given for `inpaint`. */
export function editParams(
  form: StudioForm,
  { family, task, source, mask }: { family: Family; task: Task; source: Pixels; mask: string | null },
): GenerationParams {
  const { edit } = form
  const { loras = [], ...params } = edit.params
  const negativePrompt = ignoresNegative(family, params.cfg) ? '' : form.negativePrompt.trim()
  const isPartial = task === 'image' || task === 'inpaint'
  const strength = edit.strength ?? family.defaults.strength
  return {
    ...{ prompt: form.prompt.trim(), seed: form.seed, batch: form.images, workflow: family.id, task },
    ...(negativePrompt === '' ? {} : { negativePrompt }),
    images: edit.pictures.slice(0, task === 'edit' ? family.mostImages : 1),
    ...(task === 'inpaint' && mask !== null ? { mask } : {}),
    ...(isPartial && strength !== null ? { strength } : {}),
    ...resultSize(edit.size, task, source, family),
    ...params,
    ...(family.takesLoras && loras.length > 0 ? { loras } : {}),
  }
}
