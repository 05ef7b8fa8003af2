import type { Family } from '../../../../shared/contract'

type Sizes = Family['sizes']

const of = (...sides: [width: number, height: number][]): Sizes => sides.map(([width, height]) => ({ width, height }))

/** About a megapixel, as SDXL was trained. */
export const megapixel = of([1024, 1024], [1152, 896], [896, 1152], [1216, 832], [832, 1216], [1344, 768], [768, 1344])

/** As Qwen-Image was trained. */
export const qwenSizes = of(
  [1328, 1328],
  [1664, 928],
  [928, 1664],
  [1472, 1104],
  [1104, 1472],
  [1584, 1056],
  [1056, 1584],
)

/** About 512², as SD 1.5 was trained. */
export const small = of([512, 512], [640, 512], [512, 640], [768, 512], [512, 768])

/** SDXL Turbo's own size, and those at which it still composes. */
export const turboSizes = of([512, 512], [768, 512], [512, 768], [768, 768])
