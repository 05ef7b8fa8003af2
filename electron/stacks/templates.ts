import path from 'node:path'
import type { Scheme, ServiceKind, SinkInput, StackId } from '../../shared/contract'

/** What Regie knows of one of its ready-made stacks; the files themselves lie in `resources/stacks/<id>`. */
export interface StackTemplate {
  id: StackId
  kind: ServiceKind
  scheme: Scheme
  /** Copied as they are, but for `.env`, which is made from `.env.example`. */
  files: readonly string[]
  usualPort: number
  /** Key of the `.env` for the port on this machine. */
  portKey: string
  /** What it runs with where there is no GPU. */
  withoutGpu: { key: string; value: string }
  /** Folders beside the files that the container writes to. */
  folders: readonly string[]
  /** Where the secret must stand, below the folder of the stack. */
  sinks: readonly (Omit<SinkInput, 'path'> & { file: string })[]
  models: readonly string[]
  modelsGiB: number
  imageGiB: number
}

const files = ['compose.yaml', 'Dockerfile', 'serve.py', 'healthcheck.py', '.env.example', 'README.md'] as const

export const templates: readonly StackTemplate[] = [
  {
    id: 'comfyui-qwen',
    kind: 'comfyui',
    scheme: 'comfyui-login',
    files,
    usualPort: 8188,
    portKey: 'COMFYUI_PORT',
    withoutGpu: { key: 'COMFYUI_ARGS', value: '--cpu' },
    folders: ['login', 'user', 'input'],
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
    imageGiB: 10,
  },
  {
    id: 'forge-turbo',
    kind: 'forge',
    scheme: 'basic',
    files,
    usualPort: 17_861,
    portKey: 'FORGE_PORT',
    withoutGpu: { key: 'FORGE_ARGS', value: '--always-cpu --skip-torch-cuda-test' },
    folders: ['settings'],
    // The environment of a container is fixed when it is made.
    sinks: [
      { type: 'env', file: '.env', key: 'FORGE_USER', field: 'username', requires: 'recreate' },
      { type: 'env', file: '.env', key: 'FORGE_PASSWORD', field: 'password', requires: 'recreate' },
    ],
    models: ['Stable-diffusion/sd_xl_turbo_1.0_fp16.safetensors'],
    modelsGiB: 7,
    imageGiB: 9,
  },
]

export function templateOf(id: StackId): StackTemplate {
  const template = templates.find((one) => one.id === id)
  if (!template) throw new Error(`the contract names a stack ${id} that has no template`)
  return template
}
