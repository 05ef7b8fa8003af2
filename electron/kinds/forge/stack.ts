import path from 'node:path'
import type { KindDemo, KindStack } from '../stack'
import { forgeTorch } from '../torch'

export const forgeStack: KindStack = {
  id: 'forge-turbo',
  version: 'dfdcbab6-2',
  usualPort: 17_861,
  portKey: 'FORGE_PORT',
  withoutGpu: { key: 'FORGE_ARGS', value: '--always-cpu --skip-torch-cuda-test' },
  moreFiles: [],
  folders: ['settings'],
  // The environment of a container is fixed when it is made.
  sinks: [
    { type: 'env', file: '.env', key: 'FORGE_USER', field: 'username', requires: 'recreate' },
    { type: 'env', file: '.env', key: 'FORGE_PASSWORD', field: 'password', requires: 'recreate' },
  ],
  models: ['Stable-diffusion/sd_xl_turbo_1.0_fp16.safetensors'],
  modelsGiB: 7,
  modelsAtOnceGiB: 7,
  imageGiB: 9,
  releaseNotes: 'https://github.com/lllyasviel/stable-diffusion-webui-forge/commits/main',
  torch: forgeTorch,
  sharesModels: false,
  offersManager: false,
  isUnmaintained: true,
}

export const forgeDemo: KindDemo = {
  id: 'forge-demo',
  fromPort: 16_860,
  sinks: (folder) => [
    { type: 'env', path: path.join(folder, '.env'), key: 'FORGE_USER', field: 'username' },
    { type: 'env', path: path.join(folder, '.env'), key: 'FORGE_PASSWORD', field: 'password' },
  ],
}
