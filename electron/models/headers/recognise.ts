import type { ModelRole } from '../../../shared/contract'
import type { Tensors } from './safetensors'

/** What a file turned out to be; null where its header does not tell. */
export interface Told {
  role: ModelRole | null
  family: string | null
}

type Has = (name: string) => readonly number[] | undefined

/** How makers of checkpoints and of model files write the same names. */
const prefixes = ['', 'model.diffusion_model.', 'diffusion_model.', 'model.', 'net.']

interface Rule {
  family: string
  /** A tensor that only this family has. */
  key: string
  /** What its shape has to be like. */
  shape?: (shape: readonly number[]) => boolean
}

const dimension =
  (at: number, ...sizes: number[]) =>
  (shape: readonly number[]) =>
    sizes.includes(shape[at] ?? -1)

/** The networks that make pictures, the narrower rule first. By what ComfyUI's own `model_detection.py` looks at. */
const networks: readonly Rule[] = [
  { family: 'flux2', key: 'double_stream_modulation_img.lin.weight' },
  { family: 'chroma', key: 'distilled_guidance_layer.layers.0.in_layer.weight' },
  { family: 'chroma', key: 'distilled_guidance_layer.norms.0.scale' },
  { family: 'hunyuan-video', key: 'txt_in.individual_token_refiner.blocks.0.norm1.weight' },
  { family: 'flux', key: 'double_blocks.0.img_attn.norm.key_norm.scale' },
  { family: 'flux', key: 'double_blocks.0.img_attn.qkv.weight' },
  { family: 'flux', key: 'single_transformer_blocks.0.attn.norm_k.weight' },
  { family: 'qwen-image', key: 'transformer_blocks.0.attn.add_q_proj.weight', shape: dimension(0, 3072) },
  { family: 'qwen-image', key: 'transformer_blocks.0.img_mlp.net.0.proj.weight' },
  { family: 'sd3', key: 'joint_blocks.0.context_block.attn.qkv.weight' },
  { family: 'z-image', key: 'cap_embedder.1.weight', shape: dimension(0, 3840) },
  { family: 'lumina2', key: 'cap_embedder.1.weight' },
  { family: 'wan', key: 'blocks.0.cross_attn.norm_k.weight' },
  { family: 'hidream', key: 'caption_projection.0.linear.weight' },
  { family: 'auraflow', key: 'cond_seq_linear.weight' },
  { family: 'sdxl', key: 'input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight', shape: dimension(1, 2048) },
  { family: 'sd2', key: 'input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight', shape: dimension(1, 1024) },
  { family: 'sd15', key: 'input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight', shape: dimension(1, 768) },
]

const encoders: readonly Rule[] = [
  { family: 'qwen-vl', key: 'visual.blocks.0.attn.qkv.weight' },
  { family: 'qwen-vl', key: 'model.visual.blocks.0.attn.qkv.weight' },
  { family: 'qwen3', key: 'model.layers.0.self_attn.q_norm.weight' },
  { family: 't5', key: 'encoder.block.0.layer.0.SelfAttention.q.weight' },
  { family: 'clip', key: 'text_model.encoder.layers.0.self_attn.q_proj.weight' },
  { family: 'clip', key: 'text_model.encoder.layers.0.mlp.fc1.weight' },
  { family: 'llm', key: 'model.layers.0.self_attn.q_proj.weight' },
]

const vaes: readonly Rule[] = [
  // Of four dimensions: pictures; the first layer takes as many channels as a latent has.
  { family: 'vae-flux2', key: 'decoder.conv_in.weight', shape: dimension(1, 32) },
  { family: 'vae-flux', key: 'decoder.conv_in.weight', shape: dimension(1, 16) },
  { family: 'vae-sd', key: 'decoder.conv_in.weight', shape: dimension(1, 4) },
  { family: 'vae-qwen-wan', key: 'decoder.conv1.weight', shape: (shape) => shape.length === 5 },
  { family: 'vae-qwen-wan', key: 'decoder.middle.0.residual.0.gamma' },
]

const first = (rules: readonly Rule[], has: Has, before: readonly string[] = ['']): string | null =>
  rules.find(({ key, shape }) =>
    before.some((prefix) => {
      const found = has(prefix + key)
      return found !== undefined && (shape === undefined || shape(found))
    }),
  )?.family ?? null

/** What trainers say of a LoRA: https://github.com/Stability-AI/ModelSpec, and kohya's `ss_base_model_version`. */
function familyInNotes(notes: Tensors['notes']): string | null {
  const said = `${notes['modelspec.architecture'] ?? ''} ${notes['ss_base_model_version'] ?? ''}`.toLowerCase()
  if (/flux-?2/.test(said)) return 'flux2'
  if (/flux/.test(said)) return 'flux'
  if (/xl/.test(said)) return 'sdxl'
  if (/qwen/.test(said)) return 'qwen-image'
  if (/z-?image/.test(said)) return 'z-image'
  if (/wan/.test(said)) return 'wan'
  if (/stable-diffusion-v?3|sd3/.test(said)) return 'sd3'
  if (/sd_?v?1|stable-diffusion-v1/.test(said)) return 'sd15'
  return /sd_?v?2|stable-diffusion-v2/.test(said) ? 'sd2' : null
}

const isOfLora = (name: string) =>
  /\.(?:lora_(?:a|b|up|down)\b|lora\.|hada_w1|lokr_w1|dora_scale)|\.lora_[AB]\./i.test(name)

/** Names of layers that a LoRA changes, as its trainers write them. */
const loraLayers: readonly { family: string; layer: RegExp }[] = [
  { family: 'flux2', layer: /double_stream_modulation|single_transformer_blocks.*to_qkv_mlp_proj/ },
  { family: 'flux', layer: /double_blocks|single_transformer_blocks|lora_unet_single_blocks/ },
  { family: 'qwen-image', layer: /transformer_blocks[._]\d+[._](?:attn[._]add_|img_m|txt_m)/ },
  { family: 'z-image', layer: /(?:noise_refiner|context_refiner|layers[._]\d+[._](?:attention|feed_forward|adaLN))/ },
  { family: 'wan', layer: /blocks[._]\d+[._](?:self_attn|cross_attn)/ },
  { family: 'sd3', layer: /joint_blocks/ },
]

function loraFamily(name: string, shape: readonly number[]): string | null {
  const known = loraLayers.find(({ layer }) => layer.test(name))
  if (known) return known.family
  if (/lora_te2_|text_encoder_2/.test(name)) return 'sdxl'
  // What the layer takes from the words is as wide as the text encoder: 768, 1024, or 2048.
  if (!/attn2[._]to_k\b.*(?:down|lora_a|lora\.down)/i.test(name)) return null
  return { 768: 'sd15', 1024: 'sd2', 2048: 'sdxl' }[shape.at(-1) ?? 0] ?? null
}

/** A LoRA by its layers; what its makers say counts first. */
function loraOf({ shapes, notes }: Tensors): Told {
  const said = familyInNotes(notes)
  if (said !== null) return { role: 'lora', family: said }
  for (const [name, shape] of shapes) {
    const family = loraFamily(name, shape)
    if (family !== null) return { role: 'lora', family }
  }
  return { role: 'lora', family: null }
}

const isCheckpoint = (has: Has, shapes: Tensors['shapes']) =>
  has('first_stage_model.decoder.conv_in.weight') !== undefined ||
  has('cond_stage_model.transformer.text_model.embeddings.position_embedding.weight') !== undefined ||
  [...shapes.keys()].some((name) =>
    /^(?:first_stage_model|vae|conditioner|text_encoders|cond_stage_model)\./.test(name),
  )

/** Tells a file by the names and shapes of what is in it: in proportion to their number. */
export function recogniseTensors(tensors: Tensors): Told {
  const { shapes } = tensors
  const has: Has = (name) => shapes.get(name)
  const names = [...shapes.keys()]
  if (names.some(isOfLora)) return loraOf(tensors)
  if (names.some((name) => /^(?:control_model\.|controlnet_cond_embedding\.|controlnet_x_embedder)/.test(name)))
    return { role: 'controlnet', family: first(networks, has, ['control_model.', '']) }
  const network = first(networks, has, prefixes)
  if (network !== null) return { role: isCheckpoint(has, shapes) ? 'checkpoint' : 'diffusion-model', family: network }
  const vae = first(vaes, has, ['', 'first_stage_model.', 'vae.'])
  if (vae !== null) return { role: 'vae', family: vae }
  const encoder = first(encoders, has)
  if (encoder !== null) return { role: 'text-encoder', family: encoder }
  if (has('emb_params') !== undefined || (shapes.size <= 2 && (has('clip_l') ?? has('clip_g')) !== undefined))
    return { role: 'embedding', family: has('clip_g') === undefined ? 'sd15' : 'sdxl' }
  return { role: null, family: null }
}

/** Architectures as the converters of GGUF files name them. */
const architectures: Readonly<Record<string, Told>> = {
  flux: { role: 'diffusion-model', family: 'flux' },
  flux2: { role: 'diffusion-model', family: 'flux2' },
  qwen_image: { role: 'diffusion-model', family: 'qwen-image' },
  lumina2: { role: 'diffusion-model', family: 'z-image' },
  sd3: { role: 'diffusion-model', family: 'sd3' },
  sdxl: { role: 'diffusion-model', family: 'sdxl' },
  sd1: { role: 'diffusion-model', family: 'sd15' },
  wan: { role: 'diffusion-model', family: 'wan' },
  hyvid: { role: 'diffusion-model', family: 'hunyuan-video' },
  hidream: { role: 'diffusion-model', family: 'hidream' },
  aura: { role: 'diffusion-model', family: 'auraflow' },
  t5: { role: 'text-encoder', family: 't5' },
  t5encoder: { role: 'text-encoder', family: 't5' },
  qwen2vl: { role: 'text-encoder', family: 'qwen-vl' },
  qwen3vl: { role: 'text-encoder', family: 'qwen-vl' },
  qwen3: { role: 'text-encoder', family: 'qwen3' },
  llama: { role: 'text-encoder', family: 'llm' },
}

export const recogniseArchitecture = (name: string | null): Told =>
  (name === null ? undefined : architectures[name.toLowerCase()]) ?? { role: null, family: null }
