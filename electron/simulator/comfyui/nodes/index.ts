import { conditioning } from './conditioning'
import { images } from './images'
import { latents } from './latents'
import { loaders } from './loaders'
import { masks } from './masks'
import type { NodeClass } from './node'
import { plain } from './plain'
import { samplers } from './samplers'

/** Every class that is played, by name. What each of them takes and gives is recorded: `recorded.ts`. */
export const nodeClasses: ReadonlyMap<string, NodeClass> = new Map(
  Object.entries({ ...loaders, ...conditioning, ...latents, ...samplers, ...images, ...masks, ...plain }),
)
