import { describe, expect, test } from 'vitest'
import { encodePng } from '../../../electron/simulator/media/png'
import { decodeImage, type Raster } from '../../../electron/simulator/media/raster'
import sharp from 'sharp'
import { ask, comfyui, connect } from './support'

type Nodes = Record<string, { class_type: string; inputs: Record<string, unknown> }>

const side = 64
const node = (class_type: string, inputs: Record<string, unknown> = {}) => ({ class_type, inputs })

const loaders: Nodes = {
  model: node('UNETLoader', { unet_name: 'z_image_turbo_bf16.safetensors', weight_dtype: 'default' }),
  clip: node('CLIPLoader', { clip_name: 'qwen_3_4b.safetensors', type: 'lumina2' }),
  vae: node('VAELoader', { vae_name: 'ae.safetensors' }),
  words: node('CLIPTextEncode', { clip: ['clip', 0], text: 'a red fox' }),
  source: node('LoadImage', { image: 'source.png' }),
  other: node('LoadImage', { image: 'other.png' }),
  encoded: node('VAEEncode', { pixels: ['source', 0], vae: ['vae', 0] }),
}

const finish = (samples: unknown): Nodes => ({
  decode: node('VAEDecode', { samples, vae: ['vae', 0] }),
  save: node('SaveImage', { images: ['decode', 0], filename_prefix: 'made' }),
})

const sampler = (latent: unknown, more: Record<string, unknown> = {}): Nodes => ({
  sampler: node('KSampler', {
    ...{ model: ['model', 0], seed: 4, steps: 2, cfg: 1, sampler_name: 'euler', scheduler: 'simple', denoise: 1 },
    ...{ positive: ['words', 0], negative: ['words', 0], latent_image: latent, ...more },
  }),
  ...finish(['sampler', 0]),
})

const plain = (red: number): Raster => ({
  width: side,
  height: side,
  data: Uint8Array.from({ length: side * side * 3 }, (_, at) => (at % 3 === 0 ? red : 20)),
})

/** Transparent on the left: there `LoadImage` masks. */
const halfTransparent = () =>
  sharp({ create: { width: side, height: side, channels: 4, background: '#fff' } })
    .composite([
      {
        input: { create: { width: side / 2, height: side, channels: 4, background: '#000' } },
        blend: 'dest-out',
        left: 0,
        top: 0,
      },
    ])
    .png()
    .toBuffer()

/** A ComfyUI with pictures in its input folder. */
async function installed() {
  const simulator = await comfyui()
  const put = async (name: string, bytes: Uint8Array) => {
    const form = new FormData()
    form.append('image', new Blob([new Uint8Array(bytes)]), name)
    await ask(`${simulator.url}/upload/image`, { method: 'POST', body: form })
  }
  await put('source.png', await encodePng(plain(200)))
  await put('other.png', await encodePng(plain(90)))
  await put('mask.png', await halfTransparent())
  return simulator
}

/** Runs a graph, and gives its last picture and the steps that it was sampled in. */
async function play(url: string, nodes: Nodes): Promise<{ raster: Raster; steps: unknown }> {
  const client = await connect(url, 'graphs')
  const { json } = await ask(`${url}/prompt`, { body: { prompt: { ...loaders, ...nodes }, client_id: 'graphs' } })
  expect(json).toMatchObject({ node_errors: {} })
  const { prompt_id: id } = json as { prompt_id: string }
  await client.settled(id)
  const history = (await ask(`${url}/history/${id}`)).json as Record<
    string,
    { status: { status_str: string; messages: unknown }; outputs: Record<string, { images: { filename: string }[] }> }
  >
  expect(history[id]?.status).toMatchObject({ status_str: 'success' })
  const { filename = '' } = history[id]?.outputs['save']?.images.at(-1) ?? {}
  const answer = await fetch(`${url}/view?filename=${filename}`)
  const raster = decodeImage(Buffer.from(await answer.arrayBuffer()))
  if (!raster) throw new Error('no picture')
  const last = client.messages.findLast((message) => message.type === 'progress')
  return { raster, steps: last && 'data' in last ? last.data['max'] : null }
}

const run = async (url: string, nodes: Nodes) => (await play(url, nodes)).raster

const coloursOf = ({ data }: Raster, from: number, to: number) =>
  new Set(
    Array.from({ length: side * side }, (_, at) => at)
      .filter((at) => at % side >= from && at % side < to)
      .map((at) => data.subarray(at * 3, at * 3 + 3).join()),
  )

describe('a mask', () => {
  const masks: [name: string, nodes: Nodes, latent: unknown][] = [
    [
      'on a latent',
      {
        mask: node('LoadImageMask', { image: 'mask.png', channel: 'alpha' }),
        masked: node('SetLatentNoiseMask', { samples: ['encoded', 0], mask: ['mask', 0] }),
      },
      ['masked', 0],
    ],
    [
      'of a picture’s own transparency, turned over twice',
      {
        seen: node('LoadImage', { image: 'mask.png' }),
        not: node('InvertMask', { mask: ['seen', 1] }),
        mask: node('InvertMask', { mask: ['not', 0] }),
        masked: node('VAEEncodeForInpaint', {
          ...{ pixels: ['source', 0], vae: ['vae', 0], mask: ['mask', 0], grow_mask_by: 0 },
        }),
      },
      ['masked', 0],
    ],
    [
      'of an inpaint model',
      {
        seen: node('LoadImage', { image: 'mask.png' }),
        masked: node('InpaintModelConditioning', {
          ...{ positive: ['words', 0], negative: ['words', 0], vae: ['vae', 0], pixels: ['source', 0] },
          ...{ mask: ['seen', 1], noise_mask: true },
        }),
      },
      ['masked', 2],
    ],
  ]

  test.each(masks)('%s leaves the source as it is where it is black', async (_name, nodes, latent) => {
    const { url } = await installed()
    const made = await run(url, { ...nodes, ...sampler(latent) })
    expect([...coloursOf(made, side / 2, side)]).toEqual(['200,20,20'])
    expect(coloursOf(made, 0, side / 2).size).toBeGreaterThan(50)
    const otherwise = await run(url, { ...nodes, ...sampler(latent, { seed: 5 }) })
    expect(Buffer.from(made.data).equals(otherwise.data)).toBe(false)
  })
})

describe('what a picture depends on', () => {
  const edit = (third: string): Nodes => ({
    encode: node('TextEncodeQwenImage21', {
      ...{ clip: ['clip', 0], prompt: 'both together', negative_prompt: '', resolution: side, vae: ['vae', 0] },
      ...{ 'images.image_1': ['source', 0], 'images.image_2': ['other', 0], 'images.image_3': [third, 0] },
    }),
    ...sampler(['encode', 2], { positive: ['encode', 0], negative: ['encode', 1] }),
  })
  const referring = (second: string): Nodes => ({
    also: node('VAEEncode', { pixels: [second, 0], vae: ['vae', 0] }),
    one: node('ReferenceLatent', { conditioning: ['words', 0], latent: ['encoded', 0] }),
    two: node('ReferenceLatent', { conditioning: ['one', 0], latent: ['also', 0] }),
    empty: node('EmptyFlux2LatentImage', { width: side, height: side, batch_size: 1 }),
    ...sampler(['empty', 0], { positive: ['two', 0] }),
  })
  const lora = (weight: number): Nodes => ({
    lora: node('LoraLoaderModelOnly', {
      ...{ model: ['model', 0], lora_name: 'watercolour.safetensors', strength_model: weight },
    }),
    empty: node('EmptySD3LatentImage', { width: side, height: side, batch_size: 1 }),
    ...sampler(['empty', 0], { model: ['lora', 0] }),
  })

  test.each([
    ['the last of three pictures to edit', edit('source'), edit('other'), edit('source')],
    ['a reference in the latent', referring('source'), referring('other'), referring('source')],
    ['a LoRA’s weight', lora(0.4), lora(0.8), lora(0.4)],
  ])('%s', async (_name, one, two, again) => {
    const { url } = await installed()
    const pictures: string[] = []
    for (const nodes of [one, two, again]) pictures.push(Buffer.from((await run(url, nodes)).data).toString('base64'))
    expect(pictures[0]).toBe(pictures[2])
    expect(pictures[0]).not.toBe(pictures[1])
  })
})

describe('a schedule of its own', () => {
  const custom = (sigmas: unknown, more: Nodes): Nodes => ({
    ...more,
    noise: node('RandomNoise', { noise_seed: 3 }),
    guider: node('CFGGuider', { model: ['model', 0], positive: ['words', 0], negative: ['words', 0], cfg: 1 }),
    euler: node('KSamplerSelect', { sampler_name: 'euler' }),
    sampler: node('SamplerCustomAdvanced', {
      ...{ noise: ['noise', 0], guider: ['guider', 0], sampler: ['euler', 0], sigmas, latent_image: ['encoded', 0] },
    }),
    ...finish(['sampler', 1]),
  })
  const flux = node('Flux2Scheduler', { steps: 6, width: side, height: side })
  const basic = node('BasicScheduler', { model: ['model', 0], scheduler: 'simple', steps: 3, denoise: 0.2 })

  test.each([
    ['of a family', custom(['all', 0], { all: flux }), 6],
    ['by its numbers', custom(['all', 0], { all: node('ManualSigmas', { sigmas: '1.0, 0.7, .4, 0' }) }), 3],
    [
      'of which only the end is gone through',
      custom(['end', 1], { all: flux, end: node('SplitSigmas', { sigmas: ['all', 0], step: 4 }) }),
      2,
    ],
    ['that changes a fifth', custom(['all', 0], { all: basic }), 3],
  ])('%s has its steps', async (_name, nodes, steps) => {
    const { url } = await installed()
    const made = await play(url, nodes)
    expect([made.steps, made.raster.width]).toEqual([steps, side])
  })
})

describe('validation of new kinds of inputs', () => {
  // As 0.33.0 answers, word for word but for the order of a node's faults.
  const faults = async (nodes: Nodes) => {
    const { url } = await comfyui()
    const body = { prompt: { save: node('SaveImage', { images: ['picture', 0] }), ...nodes } }
    const { json } = await ask(`${url}/prompt`, { body })
    const { node_errors: errors } = json as {
      node_errors: Record<string, { errors: { type: string; details: string }[] }>
    }
    return Object.entries(errors).flatMap(([id, about]) =>
      about.errors.map(({ type, details }) => `${id}: ${type}: ${details}`),
    )
  }
  const picture = node('EmptyImage', { width: 64, height: 64, batch_size: 1, color: 1 })

  test('a choice, and inputs that grow', async () => {
    const nodes: Nodes = {
      cache: node('QwenImage21Cache', { model: ['words', 0], device: 'moon', dtype: 'default' }),
      words: node('TextEncodeQwenImage21', {
        ...{ clip: ['clip', 0], prompt: 'x', negative_prompt: '', resolution: 8192 },
        ...{ 'images.image_1': ['clip', 0], 'images.image_2': ['flat', 0], 'images.image_17': ['clip', 0] },
      }),
      clip: node('CLIPLoader', { clip_name: 'qwen_3_4b.safetensors', type: 'qwen_image' }),
      flat: picture,
      picture: node('VAEDecode', { samples: ['sampler', 0], vae: ['vae', 0] }),
      vae: node('VAELoader', { vae_name: 'pixel_space' }),
      sampler: node('KSampler', {
        ...{ model: ['cache', 0], seed: 1, steps: 2, cfg: 1, sampler_name: 'euler', scheduler: 'simple', denoise: 1 },
        ...{ positive: ['words', 0], negative: ['words', 1], latent_image: ['words', 2] },
      }),
    }
    expect(await faults(nodes)).toEqual([
      'cache: return_type_mismatch: model, received_type(CONDITIONING) mismatch input_type(MODEL)',
      "cache: value_not_in_list: device: 'moon' not in ['auto', 'gpu', 'cpu', 'off']",
      'words: value_bigger_than_max: resolution',
      'words: return_type_mismatch: images.image_1, received_type(CLIP) mismatch input_type(IMAGE)',
      'save: required_input_missing: filename_prefix',
    ])
  })

  test('an output that is whatever goes in', async () => {
    const nodes: Nodes = {
      flat: picture,
      picture: node('ComfySwitchNode', { switch: false, on_false: ['flat', 0], on_true: ['vae', 0] }),
      vae: node('VAELoader', { vae_name: 'pixel_space' }),
    }
    expect(await faults(nodes)).toEqual(['save: required_input_missing: filename_prefix'])
  })
})
