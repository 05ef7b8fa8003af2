import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'

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

const installed: Partial<ModelLists> = {
  checkpoints: ['sd_xl_base_1.0.safetensors', 'sd_xl_turbo_1.0_fp16.safetensors'],
  diffusion_models: ['qwen_image_edit_2509_fp8_e4m3fn.safetensors', 'qwen_image_fp8_e4m3fn.safetensors'],
  text_encoders: ['qwen_2.5_vl_7b_fp8_scaled.safetensors'],
  vae: ['qwen_image_vae.safetensors'],
  loras: ['Qwen-Image-Lightning-4steps-V1.0.safetensors'],
}

/** Bytes of the files that are only said to be there: those of the real ones, about. */
function sizeOf(name: string): number {
  if (/^sd_xl/.test(name)) return 6_938_078_334
  return /^qwen_image.*fp8/.test(name) ? 20_430_635_136 : 1_200_000_000
}

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
export async function readModels(folder: string, withInstalled: boolean): Promise<ModelLists> {
  const lists = await Promise.all(
    modelFolders.map(async (kind) => {
      // A folder that is not there holds no models.
      const files = await readdir(path.join(folder, 'models', kind)).catch(() => [])
      const added = files.filter((file) => /\.(safetensors|ckpt|pt|pth|sft|gguf)$/.test(file))
      return [kind, [...new Set([...(withInstalled ? (installed[kind] ?? []) : []), ...added])].sort()] as const
    }),
  )
  return Object.fromEntries(lists) as ModelLists // one entry for every folder
}
