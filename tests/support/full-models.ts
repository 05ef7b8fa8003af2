import { link, truncate, utimes } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import path from 'node:path'
import { nodeOf, textToImageBoard } from '../unit/kinds/convert/board'
import type { httpServer, Taken } from './alerts'
import type { HeadlessPanel } from './headless'
import { gguf, putModel, safetensors, shapesOf } from './model-files'
import { until } from './until'

/** How large files look, as holes on the disk: no more than one is read of each. */
interface Sizes {
  /** In bytes, behind what a header says. */
  behind: number
}

const kinds = {
  'comfyui-qwen': 'comfyui',
  'comfyui-video': 'comfyui',
  'forge-turbo': 'forge',
  'forge-neo': 'forge-neo',
} as const

const missingFile = 'flux1-dev-kontext_fp8_scaled.safetensors'

/** A workflow that wants a file of which it tells the address, and one of which it tells nothing. */
function workflowFile(): File {
  const board = textToImageBoard()
  const loader = nodeOf(board, 4)
  loader.widgets_values = [missingFile]
  loader.properties = {
    models: [
      {
        name: missingFile,
        url: `https://huggingface.co/Comfy-Org/x/resolve/main/${missingFile}`,
        directory: 'checkpoints',
      },
    ],
  }
  return new File([JSON.stringify(board.file())], 'portrait.json', { type: 'application/json' })
}

/**
 * Four native programs that never run with everything that the page of models can show: families of every format,
 * duplicates, shared names, files that run code, one that is cut short, some that nothing has used for long, and some that
 * a workflow, a preset and a golden check name and no folder has.
 */
export async function fillModels(panel: HeadlessPanel, { behind }: Sizes): Promise<string> {
  const root = path.join(panel.data, 'machine')
  const put = async (name: string, bytes: Uint8Array, times = 1) => {
    const file = await putModel(root, name, bytes)
    await truncate(file, bytes.length + Math.round(behind * times))
    return file
  }
  const old = new Date(Date.now() - 200 * 24 * 3_600_000)
  const sdxl = safetensors(shapesOf.sdxl)
  await put('comfyui-qwen/models/checkpoints/juggernautXL_v9.safetensors', sdxl, 0.4)
  await put(
    'comfyui-qwen/models/diffusion_models/qwen_image_2512_fp8_e4m3fn.safetensors',
    safetensors(shapesOf.qwen),
    1.2,
  )
  await put('comfyui-qwen/models/diffusion_models/z_image_turbo_bf16.safetensors', safetensors(shapesOf.zImage), 0.7)
  await put('comfyui-qwen/models/unet/flux1-dev-Q8_0.gguf', gguf('flux'), 0.8)
  await put('comfyui-qwen/models/text_encoders/qwen_3_4b.safetensors', safetensors(shapesOf.qwen3), 0.5)
  const vae = await put('comfyui-qwen/models/vae/ae.safetensors', safetensors(shapesOf.vaeFlux), 0.02)
  for (let at = 1; at <= 12; at += 1)
    await put(
      `comfyui-qwen/models/loras/style/film-grain-${at}.safetensors`,
      safetensors(shapesOf.loraSdxl, { seed: at }),
      0.01,
    )
  await put('comfyui-video/models/checkpoints/realvisXL_v5.safetensors', safetensors(shapesOf.sdxl, { seed: 2 }), 0.4)
  await put('comfyui-video/models/loras/film-grain-1.safetensors', safetensors(shapesOf.loraSdxl, { seed: 1 }), 0.01)
  await put('forge-turbo/models/Stable-diffusion/juggernautXL_v9.safetensors', sdxl, 0.4)
  for (const name of ['v1-5-pruned.ckpt', 'dreamshaper_8.safetensors'])
    await utimes(
      await put(`forge-turbo/models/Stable-diffusion/${name}`, safetensors(shapesOf.sd15, { seed: name.length }), 0.25),
      ...([old, old] as const),
    )
  await putModel(root, 'forge-turbo/models/Stable-diffusion/torn-download.safetensors', sdxl.subarray(0, 60))
  await putModel(root, 'forge-turbo/models/VAE/placeholder.txt', Buffer.from(''))
  await link(vae, path.join(root, 'forge-turbo/models/VAE/ae.safetensors'))
  await put(
    'forge-neo/models/Stable-diffusion/a name that goes on, and on: an experiment of a merge, epoch 12 (final) v2.safetensors',
    safetensors(shapesOf.sdxl, { seed: 9 }),
    0.4,
  )
  await put('forge-neo/models/Lora/film-grain-1.safetensors', safetensors(shapesOf.loraSdxl, { seed: 1 }), 0.01)
  for (const [id, kind] of Object.entries(kinds))
    await panel.client.services.create({
      ...{ id, kind, runtime: 'process', url: 'http://127.0.0.1:1' },
      process: { command: 'python', args: ['main.py'], cwd: path.join(root, id) },
    })
  await panel.client.workflows.import({ file: workflowFile(), name: 'Portrait in two passes' })
  await panel.client.presets.save({
    name: 'Product shots',
    content: {
      ...{ prompt: 'a bowl', negativePrompt: '', services: ['forge-turbo'], size: 'own', images: 1, seed: null },
      perService: { 'forge-turbo': { checkpoint: 'sd_xl_turbo_1.0_fp16.safetensors' } },
    },
  })
  await panel.client.modelLibrary.scan()
  await until('all headers are read', async () => (await panel.client.modelLibrary.overview()).unreadHeaders === 0)
  return root
}

/** Hashes all files, so that copies are known. */
export async function hashModels({ client }: HeadlessPanel): Promise<void> {
  await client.modelLibrary.hash()
  await until('all is hashed', async () => (await client.modelLibrary.overview()).hashing.state === 'idle')
}

const fetched = 'umt5_xxl_fp8_e4m3fn_scaled.safetensors'

/** A server that sends half of a file, and then waits with the rest until it ends. */
function half(response: ServerResponse, { headers }: Pick<Taken, 'headers'>): void {
  const size = 60_000_000
  const isLook = headers.range === 'bytes=0-0'
  response.writeHead(isLook ? 206 : 200, {
    ...{ etag: '"1"', 'content-length': isLook ? 1 : size },
    ...(isLook && { 'content-range': `bytes 0-0/${size}` }),
  })
  if (isLook) response.end('x')
  else response.write(Buffer.alloc(size / 2))
}

/** Begins a download that comes half, and one that a server refuses later. The panel has to trust the server's authority. */
export async function halfFetch({ client }: HeadlessPanel, hub: Awaited<ReturnType<typeof httpServer>>): Promise<void> {
  hub.does.answer = half
  const { folders } = await client.modelLibrary.overview()
  const folder = folders.find((one) => one.folder === 'text_encoders' && one.writable)
  if (!folder) throw new Error('no folder for text encoders')
  const begin = async (name: string) => {
    const wanted = { address: `https://localhost:${hub.port}/${name}`, folderId: folder.id, allowPrivate: true }
    const plan = await client.modelLibrary.plan(wanted)
    return client.modelLibrary.download({ ...wanted, confirm: { bytes: plan.bytes, name: plan.name } })
  }
  const one = await begin(fetched)
  const paused = await begin('clip_l.safetensors')
  const doneOf = async (id: string) =>
    (await client.modelLibrary.downloads()).find((each) => each.id === id)?.doneBytes ?? 0
  await until(
    'half of both has come',
    async () => (await doneOf(one.id)) > 20_000_000 && (await doneOf(paused.id)) > 20_000_000,
  )
  await client.modelLibrary.pause({ id: paused.id })
}
