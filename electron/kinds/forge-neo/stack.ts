import { forgeStack } from '../forge/stack'
import type { KindStack } from '../stack'
import { torchByCard } from '../torch'

/** Its files are its own; what it is asked and where its secret stands is as with Forge. */
export const forgeNeoStack: KindStack = {
  ...forgeStack,
  id: 'forge-neo',
  version: '2.28.1',
  usualPort: 17_862,
  withoutGpu: { key: 'FORGE_ARGS', value: '--cpu --skip-torch-cuda-test' },
  moreFiles: ['constraints.txt'],
  folders: ['settings', 'extensions', 'comfyui'],
  imageGiB: 10,
  releaseNotes: 'https://github.com/Haoming02/sd-webui-forge-classic/releases',
  torch: torchByCard('2.11.0'),
  sharesModels: true,
  isUnmaintained: false,
}
