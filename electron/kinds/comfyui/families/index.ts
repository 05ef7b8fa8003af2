import { sd15, sdxl, sdxlTurbo } from './checkpoint'
import type { ComfyFamily } from './family'
import { kleins } from './klein'
import { qwenImage, qwenImage2512, qwenImage2512Lightning, qwenImageEdit, qwenImageEditLightning } from './qwen-image'
import { qwenImage21, qwenImage21Turbo } from './qwen-image-2.1'
import { zImageTurbo } from './z-image'

export type { ComfyFamily, FamilyJob } from './family'
export { smoke } from './smoke'

/**
 * Every family, in the order in which it is taken where nobody names one: what most people open first, by how often
 * ComfyUI's templates are (docs/workflows.md has their figures).
 */
export const families: readonly ComfyFamily[] = [
  zImageTurbo,
  qwenImage21,
  qwenImage21Turbo,
  ...kleins,
  qwenImage2512,
  qwenImage2512Lightning,
  qwenImageEdit,
  qwenImageEditLightning,
  qwenImage,
  sdxl,
  sdxlTurbo,
  sd15,
]
