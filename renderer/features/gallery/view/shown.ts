import type { Generation } from '../../../../shared/contract'

/** Everything that is said of the image that is shown. */
export interface Shown {
  generation: Generation
  image: Generation['images'][number]
  index: number
  /** Where it is fetched from. */
  url: string
}
