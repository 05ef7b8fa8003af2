import type { Need } from '../../../../shared/contract'
import { classIn, type NodeClasses } from '../class-inputs'
import type { DrawnNode, FileNeed, ModelHints } from './types'

type FileNeedOf = Extract<Need, { type: 'file' }>

/** Where ComfyUI's own loaders look, by their input; `Class.input` where the name alone does not tell. */
const folders: ReadonlyMap<string, string> = new Map([
  ['ckpt_name', 'checkpoints'],
  ['unet_name', 'diffusion_models'],
  ['vae_name', 'vae'],
  ['lora_name', 'loras'],
  ['control_net_name', 'controlnet'],
  ['style_model_name', 'style_models'],
  ['gligen_name', 'gligen'],
  ['hypernetwork_name', 'hypernetworks'],
  ['clip_name', 'text_encoders'],
  ['clip_name1', 'text_encoders'],
  ['clip_name2', 'text_encoders'],
  ['clip_name3', 'text_encoders'],
  ['clip_name4', 'text_encoders'],
  ['text_encoder', 'text_encoders'],
  ['photomaker_model_name', 'photomaker'],
  ['audio_encoder_name', 'audio_encoders'],
  ['CLIPVisionLoader.clip_name', 'clip_vision'],
  ['UpscaleModelLoader.model_name', 'upscale_models'],
  ['LatentUpscaleModelLoader.model_name', 'latent_upscale_models'],
  ['ModelPatchLoader.name', 'model_patches'],
  ['DiffusersLoader.model_path', 'diffusers'],
  ['conditioning_name', 'embeddings'],
  ['bg_removal_name', 'background_removal'],
  ['LoadMoGeModel.model_name', 'geometry_estimation'],
  ['LoadDA3Model.model_name', 'geometry_estimation'],
  ['FrameInterpolationModelLoader.model_name', 'frame_interpolation'],
  ['OpticalFlowLoader.model_name', 'optical_flow'],
])

const roles: ReadonlyMap<string, FileNeedOf['role']> = new Map([
  ['checkpoints', 'checkpoint'],
  ['diffusion_models', 'diffusion-model'],
  ['text_encoders', 'text-encoder'],
  ['vae', 'vae'],
  ['loras', 'lora'],
  ['controlnet', 'controlnet'],
  ['model_patches', 'controlnet'],
  ['upscale_models', 'upscaler'],
])

/** Older names of folders, which ComfyUI maps itself. */
const renamed: ReadonlyMap<string, string> = new Map([
  ['unet', 'diffusion_models'],
  ['clip', 'text_encoders'],
])

const isModelFile = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length <= 1000 &&
  /\.(?:safetensors|sft|ckpt|pt2?|pth|bin|gguf|onnx|pkl|engine)$/i.test(value)

const baseName = (file: string): string => file.split(/[\\/]/).at(-1) ?? file

/** The folder that a file belongs in, as people know it. What the file of the workflow says goes first. */
function folderOf(type: string, input: string, file: string, hints: ModelHints): string {
  const name = input.slice(input.lastIndexOf('.') + 1)
  const said = hints.get(file)?.folder ?? hints.get(baseName(file))?.folder ?? undefined
  const folder = folders.get(`${type}.${name}`) ?? said ?? folders.get(name)
  return folder === undefined ? 'models' : `models/${renamed.get(folder) ?? folder}`
}

const roleOf = (folder: string): FileNeedOf['role'] => roles.get(folder.slice('models/'.length)) ?? 'other'

/** Rows by what is needed, each with the nodes that want it. */
class Rows {
  readonly #rows = new Map<string, FileNeed>()

  add(need: Need, node: string, url: string | null): void {
    const key = JSON.stringify([need.type, need.name, need.type === 'file' ? need.folder : ''])
    const known = this.#rows.get(key)
    if (!known) this.#rows.set(key, { need, nodes: [node], bytes: null, url })
    else if (known.nodes.at(-1) !== node) known.nodes.push(node)
  }

  all(): FileNeed[] {
    return [...this.#rows.values()]
  }
}

/**
 * What a graph needs: classes that are unknown to the service, or that custom nodes bring, the unknown ones first; then
 * every model file, by name and folder. Where the file says that a model can be had is told, and never followed.
 */
export function needsOf(nodes: ReadonlyMap<string, DrawnNode>, classes: NodeClasses, hints: ModelHints): FileNeed[] {
  const [unknown, custom, files] = [new Rows(), new Rows(), new Rows()]
  for (const [id, { type, inputs }] of nodes) {
    const known = classIn(classes, type)
    const need: Need = { type: 'node', name: type }
    if (!known) unknown.add(need, id, null)
    else if (known.python_module?.startsWith('custom_nodes.') === true) custom.add(need, id, null)
    for (const [input, value] of inputs) {
      if (!isModelFile(value)) continue
      const folder = folderOf(type, input, value, hints)
      const url = hints.get(value)?.url ?? hints.get(baseName(value))?.url ?? null
      files.add({ type: 'file', name: value, folder, role: roleOf(folder) }, id, url)
    }
  }
  return [...unknown.all(), ...custom.all(), ...files.all()]
}
