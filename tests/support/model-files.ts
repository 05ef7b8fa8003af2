import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

type Shapes = Readonly<Record<string, readonly number[]>>

/** The header of a safetensors file, and as many bytes behind it as it says; of half numbers, all zero but for `seed`. */
export function safetensors(
  shapes: Shapes,
  { notes, seed = 0 }: { notes?: Record<string, string>; seed?: number } = {},
) {
  let at = 0
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const begin = at
    // What stands behind a header is not looked at: a few bytes a tensor do.
    at += 4
    return [name, { dtype: 'F16', shape, data_offsets: [begin, at] }]
  })
  const header = Buffer.from(JSON.stringify({ ...(notes && { __metadata__: notes }), ...Object.fromEntries(entries) }))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  return Buffer.concat([length, header, Buffer.alloc(at, seed)])
}

/** A GGUF file that names its architecture, behind as many other entries. */
export function gguf(architecture: string, before = 0): Buffer {
  const u64 = (value: number) => {
    const buffer = Buffer.alloc(8)
    buffer.writeBigUInt64LE(BigInt(value))
    return buffer
  }
  const u32 = (value: number) => {
    const buffer = Buffer.alloc(4)
    buffer.writeUInt32LE(value)
    return buffer
  }
  const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)])
  const entry = (name: string, value: string) => Buffer.concat([text(name), u32(8), text(value)])
  const others = Array.from({ length: before }, (_, index) => entry(`other.${index}`, 'x'))
  return Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(0),
    u64(before + 1),
    ...others,
    entry('general.architecture', architecture),
  ])
}

/** What of a family is looked at, as its makers name it. */
export const shapesOf = {
  sdxl: {
    'model.diffusion_model.input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight': [640, 2048],
    'first_stage_model.decoder.conv_in.weight': [512, 4, 3, 3],
  },
  sd15: {
    'model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight': [320, 768],
    'first_stage_model.decoder.conv_in.weight': [512, 4, 3, 3],
  },
  flux: { 'double_blocks.0.img_attn.norm.key_norm.scale': [128], 'img_in.weight': [3072, 64] },
  flux2: { 'double_stream_modulation_img.lin.weight': [18_432, 3072] },
  qwen: { 'transformer_blocks.0.attn.add_q_proj.weight': [3072, 3072], 'img_in.weight': [3072, 64] },
  zImage: { 'model.diffusion_model.cap_embedder.1.weight': [3840, 2560] },
  qwen3: { 'model.layers.0.self_attn.q_norm.weight': [128], 'model.norm.weight': [2560] },
  vaeFlux: { 'decoder.conv_in.weight': [512, 16, 3, 3] },
  loraSdxl: {
    'lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.lora_down.weight': [8, 2048],
    'lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.lora_up.weight': [640, 8],
  },
} as const satisfies Record<string, Shapes>

/** Writes a file of a model, with its folders. */
export async function putModel(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, bytes)
  return file
}
