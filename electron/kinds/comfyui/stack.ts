import path from 'node:path'
import { kinds } from '../../../shared/kinds'
import type { KindDemo, KindStack } from '../stack'
import { torchByCard } from '../torch'

export const comfyuiStack: KindStack = {
  id: 'comfyui-qwen',
  version: '0.38.1',
  usualPort: kinds.comfyui.port.real,
  portKey: 'COMFYUI_PORT',
  withoutGpu: { key: 'COMFYUI_ARGS', value: '--cpu' },
  moreFiles: ['constraints.txt', 'guard.py', 'own_nodes.yaml'],
  folders: ['login', 'user', 'input', 'custom_nodes'],
  // Read at start; the container mounts the folder, so a restart sees the new file.
  sinks: [
    { type: 'comfyui-login', file: path.join('login', 'PASSWORD'), requires: 'restart' },
    // The image links the plugin's own file to this one: with it a rotation ends browser sessions too.
    { type: 'session-key', file: path.join('login', '.secret-key.txt'), requires: 'restart' },
  ],
  models: [
    'diffusion_models/qwen_image_fp8_e4m3fn.safetensors',
    'text_encoders/qwen_2.5_vl_7b_fp8_scaled.safetensors',
    'vae/qwen_image_vae.safetensors',
  ],
  modelsGiB: 30,
  modelsAtOnceGiB: 30,
  imageGiB: 10,
  releaseNotes: 'https://github.com/Comfy-Org/ComfyUI/releases',
  torch: torchByCard('2.14.1'),
  sharesModels: false,
  offersManager: true,
  isUnmaintained: false,
}

export const comfyuiDemo: KindDemo = {
  id: 'comfyui-demo',
  fromPort: 18_188,
  sinks: (folder) => [
    { type: 'comfyui-login', path: path.join(folder, 'login', 'PASSWORD') },
    { type: 'env', path: path.join(folder, 'clients.env'), key: 'COMFYUI_API_TOKEN', requires: 'nothing' },
  ],
}
