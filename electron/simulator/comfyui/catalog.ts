import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Behaviour } from '../behaviour'

/** Folders that `/models` names, in ComfyUI's order. */
export const modelFolders = [
  'checkpoints',
  'configs',
  'loras',
  'vae',
  'text_encoders',
  'diffusion_models',
  'clip_vision',
  'style_models',
  'embeddings',
  'diffusers',
  'vae_approx',
  'controlnet',
  'gligen',
  'upscale_models',
  'custom_nodes',
  'hypernetworks',
  'photomaker',
  'classifiers',
  'model_patches',
  'audio_encoders',
] as const

export type ModelFolder = (typeof modelFolders)[number]

/** Model files by folder, as the drop-downs of `/object_info` list them. */
export type ModelLists = Record<ModelFolder, string[]>

type Installed = Partial<ModelLists>

const checkpoints = ['sd_xl_base_1.0.safetensors', 'sd_xl_turbo_1.0_fp16.safetensors']

/** What is said to be installed: what people have today, or what they had in August 2025. */
const installed: Record<'default' | 'former', Installed> = {
  default: {
    checkpoints,
    diffusion_models: [
      'flux-2-klein-4b.safetensors',
      'qwen_image_2.1_int8_convrot.safetensors',
      'qwen_image_edit_2511_fp8mixed.safetensors',
      'z_image_turbo_bf16.safetensors',
    ],
    text_encoders: [
      'qwen3vl_8b_int8_convrot.safetensors',
      'qwen_2.5_vl_7b_fp8_scaled.safetensors',
      'qwen_3_4b.safetensors',
    ],
    vae: [
      'ae.safetensors',
      'flux2-vae.safetensors',
      'qwen_image_2.1_vae_bf16.safetensors',
      'qwen_image_vae.safetensors',
    ],
    loras: [
      'Qwen-Image-Edit-2511-Lightning-4steps-V1.0-bf16.safetensors',
      'film_grain.safetensors',
      'watercolour.safetensors',
    ],
  },
  former: {
    checkpoints,
    diffusion_models: ['qwen_image_edit_2509_fp8_e4m3fn.safetensors', 'qwen_image_fp8_e4m3fn.safetensors'],
    text_encoders: ['qwen_2.5_vl_7b_fp8_scaled.safetensors'],
    vae: ['qwen_image_vae.safetensors'],
    loras: ['Qwen-Image-Lightning-4steps-V1.0.safetensors'],
  },
}

/** Sizes of the files that are only said to be there, in GB: those of the real ones, about. */
const sizes: readonly [name: RegExp, gigabytes: number][] = [
  [/^sd_xl/, 6.94],
  [/^qwen_image_(?:2\.1_int8|edit_|fp8)/, 20.4],
  [/^(?:z_image_turbo|qwen3vl_8b)/, 12.3],
  [/^(?:qwen_2\.5_vl|qwen_3_4b|flux-2-klein-4b)/, 8],
]

const sizeOf = (name: string) => Math.round((sizes.find(([pattern]) => pattern.test(name))?.[1] ?? 0.6) * 1e9)

/** A folder's models with their sizes, as `/experiment/models/{folder}` tells them. */
export async function describeModels(folder: string, kind: ModelFolder, names: readonly string[]) {
  return Promise.all(
    names.map(async (name) => {
      const file = await stat(path.join(folder, 'models', kind, name)).catch(() => null)
      const modified = (file?.mtimeMs ?? 1.79e12) / 1000
      return { name, pathIndex: 0, modified, created: modified, size: file?.size ?? sizeOf(name) }
    }),
  )
}

/** What is installed, and what lies in `<folder>/models/<kind>` besides. */
export async function readModels(folder: string, which: Behaviour['models']): Promise<ModelLists> {
  const there: Installed = which === 'none' ? {} : installed[which]
  // A folder that is not there holds no models, and is not asked: most are not, and each prompt wants these lists.
  const present = await readdir(path.join(folder, 'models')).catch((): string[] => [])
  const lists = await Promise.all(
    modelFolders.map(async (kind) => {
      const files = present.includes(kind) ? await readdir(path.join(folder, 'models', kind)).catch(() => []) : []
      const added = files.filter((file) => /\.(safetensors|ckpt|pt|pth|sft|gguf)$/.test(file))
      return [kind, [...new Set([...(there[kind] ?? []), ...added])].sort()] as const
    }),
  )
  return Object.fromEntries(lists) as ModelLists // one entry for every folder
}
