import { createForge } from '../forge'
import { forge } from '../forge/kind'
import { forgeNeoModels } from '../forge/model-folders'
import type { Kind } from '../kind'
import { forgeNeoStack } from './stack'

/**
 * Forge Neo: the fork of Forge that is developed on. Its authentication, its pages and the routes that Regie asks are
 * Forge's (read in its source, 2026-11), and so are all parts of this kind but the ones by which it is known.
 */
export const forgeNeo: Kind = {
  ...forge,
  id: 'forge-neo',
  createBackend: (target, timing) => createForge(target, timing, true),
  simulator: [...forge.simulator, '--neo'],
  recognition: {
    ...forge.recognition,
    name: /forge[-_. ]?neo|neo[-_. ]?forge|forge-classic[-_:@/]neo/i,
    // Its own flags; `--cpu`, in place of Forge's `--always-cpu`, is ComfyUI's too.
    argument: /^--(?:forge-ref-comfy-home|forge-ref-comfy-yaml|model-ref|ckpt-dirs)(?:=|$)/,
    variantOf: 'forge',
  },
  models: forgeNeoModels,
  stack: forgeNeoStack,
  demo: null,
}
