import { randomUUID } from 'node:crypto'
import { unlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { encodePng, readPngTexts } from '../../../electron/simulator/media/png'
import { decodeImage } from '../../../electron/simulator/media/raster'
import { until } from '../../support/until'
import { ask, comfyui, connect, folder, sdxl, smoke, type Message } from './support'

const submit = (url: string, prompt: unknown, more: Record<string, unknown> = {}) =>
  ask(`${url}/prompt`, { body: { prompt, client_id: 'me', ...more } })

interface Entry {
  prompt: unknown[]
  outputs: Record<string, { images: { filename: string; subfolder: string; type: string }[] }>
  status: { status_str: string; completed: boolean; messages: [string, Record<string, unknown>][] }
  meta: Record<string, unknown>
}

const history = async (url: string, id: string) =>
  ((await ask(`${url}/history/${id}`)).json as Record<string, Entry>)[id]

/** Runs a prompt to its end and answers the messages since it was sent. */
async function run(url: string, prompt: unknown, flags?: Record<string, unknown>) {
  const id = randomUUID()
  const client = await connect(url, 'me', flags)
  const before = client.messages.length
  await submit(url, prompt, { prompt_id: id })
  await client.settled(id)
  client.socket.terminate()
  await client.closed
  return { id, client, story: client.story().slice(before), messages: client.messages.slice(before) }
}

const data = (messages: readonly Message[], type: string) =>
  messages.flatMap((m) => ('data' in m && m.type === type ? [m.data] : []))

const end = ['execution_success', 'status 0', 'executing null']

describe('the messages of a run, in order', () => {
  test('a normal run', async () => {
    const { url } = await comfyui()
    const { story } = await run(url, smoke())
    expect(story).toEqual([
      'status 1',
      'status 1',
      'execution_start',
      'cached []',
      'progress_state 1 running',
      'executing 1',
      'progress_state 1 finished',
      'progress_state 2 running',
      'executing 2',
      'executed 2',
      'progress_state 2 finished',
      ...end,
    ])
  })

  test('a fully cached run answers the original file names, and writes nothing', async () => {
    const at = folder()
    const { url } = await comfyui({ folder: at, withoutLogin: true })
    const first = await run(url, smoke())
    const shown = (await history(url, first.id))?.outputs['2']?.images[0]
    unlinkSync(path.join(at, 'output', shown?.subfolder ?? '', shown?.filename ?? ''))
    const second = await run(url, smoke())
    expect(second.story.slice(2)).toEqual([
      'execution_start',
      'cached ["1","2"]',
      'executed 2',
      'progress_state 2 finished',
      ...end,
    ])
    expect((await history(url, second.id))?.outputs['2']?.images[0]).toEqual(shown)
    expect((await ask(`${url}/view?filename=${shown?.filename ?? ''}&subfolder=smoke`)).status).toBe(404)
  })

  test('a partly cached run lists what it reuses and runs the rest', async () => {
    const { url } = await comfyui()
    await run(url, sdxl(1))
    const { story } = await run(url, sdxl(2))
    expect(story).toContain('cached ["1","2","3","4"]')
    expect(story.filter((line) => line.startsWith('executing'))).toEqual([
      'executing 5',
      'executing 6',
      'executing 7',
      'executing null',
    ])
  })

  test('freed memory is no cache', async () => {
    const { url } = await comfyui()
    await run(url, smoke())
    const freed = await ask(`${url}/free`, { body: { unload_models: true, free_memory: true } })
    expect([freed.status, freed.text]).toEqual([200, ''])
    expect((await run(url, smoke())).story).toContain('cached []')
  })

  test('sampling steps come with previews of type 1 after the progress', async () => {
    const { url } = await comfyui({ behaviour: { preview: 'jpeg' } })
    const { story, messages } = await run(url, sdxl(1, 2))
    const from = story.indexOf('executing 5')
    expect(story.slice(from, from + 8)).toEqual([
      'executing 5',
      'progress_state 5 running',
      'progress 1/2',
      'binary 1',
      'progress_state 5 running',
      'progress 2/2',
      'binary 1',
      'progress_state 5 finished',
    ])
    const [frame] = messages.flatMap((m) => ('bytes' in m ? [m.bytes] : []))
    expect([frame?.readUInt32BE(4), frame?.readUInt16BE(8)]).toEqual([1, 0xffd8])
  })

  test('a client that asked for it gets previews of type 4 before the progress', async () => {
    const { url } = await comfyui({ behaviour: { preview: 'png' } })
    const { id, story, messages } = await run(url, sdxl(1, 1), { supports_preview_metadata: true })
    const from = story.indexOf('executing 5')
    expect(story.slice(from, from + 4)).toEqual(['executing 5', 'progress_state 5 running', 'binary 4', 'progress 1/1'])
    const [frame] = messages.flatMap((m) => ('bytes' in m ? [m.bytes] : []))
    if (!frame) throw new Error('no preview')
    const length = frame.readUInt32BE(4)
    expect(JSON.parse(frame.toString('utf8', 8, 8 + length))).toEqual({
      node_id: '5',
      prompt_id: id,
      display_node_id: '5',
      parent_node_id: null,
      real_node_id: '5',
      image_type: 'image/png',
    })
    expect(frame.readUInt32BE(8 + length)).toBe(0x89504e47)
  })

  test('features are negotiated by the first text message only', async () => {
    const { url } = await comfyui({ behaviour: { preview: 'jpeg' } })
    const client = await connect(url, 'me')
    client.socket.send('hello')
    client.socket.send(JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } }))
    await submit(url, sdxl(1, 1), { prompt_id: 'p' })
    await client.settled('p')
    expect(client.story()).toContain('binary 1')
    expect(client.story()).not.toContain('feature_flags')
  })

  test('a node that runs out of memory', async () => {
    const { url } = await comfyui({ behaviour: { oomAtStep: 2 } })
    const { id, story, messages } = await run(url, sdxl())
    expect(story.slice(-3)).toEqual(['execution_error', 'status 0', 'executing null'])
    expect(story).not.toContain('execution_success')
    const [error] = data(messages, 'execution_error')
    expect(error).toMatchObject({
      prompt_id: id,
      node_id: '5',
      node_type: 'KSampler',
      executed: ['1', '2', '3', '4'],
      exception_type: 'torch.OutOfMemoryError',
    })
    expect(String(error?.['exception_message'])).toMatch(/^Allocation on device \n.*ran out of memory/)
    const entry = await history(url, id)
    expect([entry?.status.status_str, entry?.status.completed, entry?.status.messages.at(-1)?.[0]]).toEqual([
      'error',
      false,
      'execution_error',
    ])
  })

  test('a prefix that leaves the output folder fails while it runs', async () => {
    const { url } = await comfyui()
    const { messages } = await run(url, smoke(1, '../../escaped'))
    const [error] = data(messages, 'execution_error')
    expect(String(error?.['exception_message'])).toContain('Saving image outside the output folder is not allowed.')
  })

  test('an interrupt', async () => {
    const { url } = await comfyui({ behaviour: { stepMs: 5 } })
    const client = await connect(url, 'me')
    const other = await connect(url, 'other')
    await submit(url, sdxl(1, 1000), { prompt_id: 'p' })
    await client.receive((m) => m.type === 'progress')
    const answer = await ask(`${url}/interrupt`, { body: { prompt_id: 'p' } })
    expect([answer.status, answer.text]).toEqual([200, ''])
    await client.settled('p')
    expect(client.story().slice(-3)).toEqual(['execution_interrupted', 'status 0', 'executing null'])
    const [told] = data(client.messages, 'execution_interrupted')
    // Its owner alone is told; the reference said everybody, the real program says otherwise.
    expect(data(other.messages, 'execution_interrupted')).toEqual([])
    expect(told).toMatchObject({ prompt_id: 'p', node_id: '5', node_type: 'KSampler', executed: ['1', '2', '3', '4'] })
    const entry = await history(url, 'p')
    expect([entry?.status.status_str, entry?.status.messages.at(-1)?.[0]]).toEqual(['error', 'execution_interrupted'])
  })

  test('an interrupt that names another prompt, or comes to an idle server, does nothing', async () => {
    const { url } = await comfyui({ behaviour: { stepMs: 1 } })
    await ask(`${url}/interrupt`, { method: 'POST' })
    const client = await connect(url, 'me')
    await submit(url, sdxl(1, 20), { prompt_id: 'p' })
    await client.receive((m) => m.type === 'progress')
    await ask(`${url}/interrupt`, { body: { prompt_id: 'q' } })
    await client.settled('p')
    expect((await history(url, 'p'))?.status.status_str).toBe('success')
  })
})

describe('who is told what', () => {
  test('without a client id only progress goes out, and it goes to everybody', async () => {
    const { url } = await comfyui({ behaviour: { preview: 'jpeg' } })
    const client = await connect(url, 'me')
    await ask(`${url}/prompt`, { body: { prompt: sdxl(1, 1), prompt_id: 'p' } })
    await until('the history', () => history(url, 'p'))
    await client.receive((m) => m.type === 'status' && client.story().at(-1) === 'status 0')
    const kinds = new Set(client.story().map((line) => line.split(' ')[0]))
    expect(kinds).toEqual(new Set(['status', 'progress_state', 'progress', 'binary']))
  })

  test('another client’s prompt is invisible but for the queue', async () => {
    const { url } = await comfyui()
    const other = await connect(url, 'other')
    await run(url, smoke())
    await until('the queue to empty', () => other.story().filter((line) => line === 'status 0').length > 1)
    expect(new Set(other.story().map((line) => line.split(' ')[0]))).toEqual(new Set(['status']))
  })

  test('the first frame names the session, and a second one the node that runs', async () => {
    const { url } = await comfyui({ behaviour: { hangAtStep: 1 } })
    const first = await connect(url, 'me')
    await submit(url, sdxl(), { prompt_id: 'p' })
    await first.receive((m) => 'data' in m && m.type === 'executing' && m.data['node'] === '5')
    first.socket.terminate()
    await first.closed
    const again = await connect(url, 'me')
    const second = await again.receive((m) => m.type === 'executing')
    expect(again.messages[0]).toEqual({
      type: 'status',
      data: { status: { exec_info: { queue_remaining: 1 } }, sid: 'me' },
    })
    expect(second).toEqual({ type: 'executing', data: { node: '5' } })
  })

  test('a client id of its own is made up for who brings none', async () => {
    const { url } = await comfyui()
    const client = await connect(url, '')
    const [first] = client.messages
    expect(first && 'data' in first ? first.data['sid'] : '').toMatch(/^[0-9a-f]{32}$/)
  })

  test('closing a replaced socket silences the one that took its id', async () => {
    const { url } = await comfyui()
    const old = await connect(url, 'me')
    const renewed = await connect(url, 'me')
    const finish = async (color: number) => {
      const id = randomUUID()
      await submit(url, smoke(color), { prompt_id: id })
      await until('the history', () => history(url, id))
      return id
    }
    await renewed.settled(await finish(1))
    old.socket.terminate()
    await old.closed
    await until('silence', async () => {
      const before = renewed.messages.length
      const witness = await connect(url, randomUUID())
      await finish(Math.floor(Math.random() * 1e6))
      await witness.receive((m) => witness.messages.indexOf(m) > 0 && witness.story().at(-1) === 'status 0')
      return renewed.messages.length === before
    })
    expect(renewed.socket.readyState).toBe(renewed.socket.OPEN)
  })

  test('a socket cut in the middle of a job does not stop the job', async () => {
    const { url } = await comfyui({ behaviour: { dropSocketAtStep: 2 } })
    const client = await connect(url, 'me')
    await submit(url, sdxl(), { prompt_id: 'p' })
    await client.closed
    const entry = await until('the history', () => history(url, 'p'))
    expect(entry.status.status_str).toBe('success')
    expect(client.story()).not.toContain('execution_success')
  })

  test('log lines go to who subscribed', async () => {
    const { url } = await comfyui()
    const client = await connect(url, 'me')
    await ask(`${url}/internal/logs/subscribe`, { method: 'PATCH', body: { clientId: 'me', enabled: true } })
    await submit(url, smoke())
    const line = await client.receive((m) => m.type === 'logs')
    expect('data' in line ? line.data['entries'] : null).toMatchObject([{ m: 'got prompt\n' }])
  })
})

describe('the history', () => {
  test('keeps the item, its outputs and its messages, without the keys of other services', async () => {
    const { url } = await comfyui()
    const client = await connect(url, 'me')
    await submit(url, smoke(), { prompt_id: 'p', extra_data: { api_key_comfy_org: 'secret', note: 1 } })
    await client.settled('p')
    const entry = await history(url, 'p')
    expect(entry?.prompt).toEqual([0, 'p', smoke(), { note: 1, client_id: 'me' }, ['2']])
    expect(entry?.outputs).toEqual({
      '2': { images: [{ filename: 'check_00001_.png', subfolder: 'smoke', type: 'output' }] },
    })
    expect(entry?.meta).toEqual({ '2': { node_id: '2', display_node: '2', parent_node: null, real_node_id: '2' } })
    expect(entry?.status.messages.map(([type]) => type)).toEqual([
      'execution_start',
      'execution_cached',
      'execution_success',
    ])
    expect(Object.keys(entry?.status ?? {})).toEqual(['status_str', 'completed', 'messages'])
  })

  test('is there when the worker has closed the prompt, and can be paged and cleared', async () => {
    const { url } = await comfyui()
    const ids: string[] = []
    for (let i = 0; i < 4; i++) ids.push((await run(url, smoke(i))).id)
    const keys = async (query: string) => Object.keys((await ask(`${url}/history${query}`)).json as object)
    expect(await keys('')).toEqual(ids)
    expect(await keys('?max_items=2')).toEqual(ids.slice(2))
    expect(await keys('?max_items=2&offset=1')).toEqual(ids.slice(1, 3))
    expect((await ask(`${url}/history?max_items=x`)).status).toBe(500)
    await ask(`${url}/history`, { body: { delete: [ids[0]] } })
    expect(await keys('')).toEqual(ids.slice(1))
    await ask(`${url}/history`, { body: { clear: true } })
    expect(await keys('')).toEqual([])
    expect((await ask(`${url}/history/unknown`)).json).toEqual({})
  })
})

describe('what a saved picture carries', () => {
  test('the graph and every key of extra_pnginfo, in ASCII', async () => {
    const { url } = await comfyui()
    const client = await connect(url, 'me')
    const graph = { ...sdxl(), '2': { ...sdxl()['2'], inputs: { clip: ['1', 1], text: 'été à l’aube 🌅' } } }
    await submit(url, graph, { prompt_id: 'p', extra_data: { extra_pnginfo: { workflow: { nodes: [] } } } })
    await client.settled('p')
    const response = await fetch(`${url}/view?filename=img_00001_.png&subfolder=sdxl`)
    const texts = readPngTexts(new Uint8Array(await response.arrayBuffer()))
    expect(Object.keys(texts)).toEqual(['prompt', 'workflow'])
    expect(texts['prompt']).toMatch(/^[ -~]*$/)
    expect(JSON.parse(texts['prompt'] ?? '')).toEqual(graph)
  })

  test('previews are numbered too, and lie in the temporary folder', async () => {
    const { url } = await comfyui()
    const graph = { ...smoke(), '2': { class_type: 'PreviewImage', inputs: { images: ['1', 0] } } }
    const { id } = await run(url, graph)
    const shown = (await history(url, id))?.outputs['2']?.images[0]
    expect(shown).toMatchObject({ type: 'temp', subfolder: '' })
    expect(shown?.filename).toMatch(/^ComfyUI_temp_\w+_00001_\.png$/)
  })

  test('a batch has one file an image', async () => {
    const { url } = await comfyui()
    const graph = smoke()
    const { id } = await run(url, { ...graph, '1': { ...graph['1'], inputs: { ...graph['1'].inputs, batch_size: 3 } } })
    const names = (await history(url, id))?.outputs['2']?.images.map(({ filename }) => filename)
    expect(names).toEqual(['check_00001_.png', 'check_00002_.png', 'check_00003_.png'])
  })
})

describe('the graphs of the model makers', () => {
  const loaders = (unet: string) => ({
    '1': { class_type: 'UNETLoader', inputs: { unet_name: unet, weight_dtype: 'default' } },
    '2': {
      class_type: 'CLIPLoader',
      inputs: { clip_name: 'qwen_2.5_vl_7b_fp8_scaled.safetensors', type: 'qwen_image' },
    },
    '3': { class_type: 'VAELoader', inputs: { vae_name: 'qwen_image_vae.safetensors' } },
    '4': { class_type: 'ModelSamplingAuraFlow', inputs: { model: ['1', 0], shift: 3.1 } },
  })
  const sampler = (inputs: Record<string, unknown>) => ({
    class_type: 'KSampler',
    inputs: { seed: 42, steps: 2, cfg: 2.5, sampler_name: 'euler', scheduler: 'simple', denoise: 1, ...inputs },
  })
  const finish = (latent: string) => ({
    decode: { class_type: 'VAEDecode', inputs: { samples: [latent, 0], vae: ['3', 0] } },
    save: { class_type: 'SaveImage', inputs: { images: ['decode', 0], filename_prefix: 'qwen/%width%x%height%' } },
  })

  test('Qwen-Image makes a picture of the size that was asked for', async () => {
    const { url } = await comfyui({ behaviour: { models: 'former' } })
    const { id } = await run(url, {
      ...loaders('qwen_image_fp8_e4m3fn.safetensors'),
      '5': { class_type: 'CLIPTextEncode', inputs: { clip: ['2', 0], text: 'a lighthouse at dawn, watercolour' } },
      '6': { class_type: 'ConditioningZeroOut', inputs: { conditioning: ['5', 0] } },
      '7': { class_type: 'EmptySD3LatentImage', inputs: { width: 128, height: 64, batch_size: 1 } },
      '8': sampler({ model: ['4', 0], positive: ['5', 0], negative: ['6', 0], latent_image: ['7', 0] }),
      ...finish('8'),
    })
    expect((await history(url, id))?.outputs['save']?.images[0]?.filename).toBe('128x64_00001_.png')
  })

  test('Qwen-Image-Edit changes an uploaded picture and keeps what it shows', async () => {
    const { url } = await comfyui({ behaviour: { models: 'former' } })
    const source = { width: 80, height: 60, data: new Uint8Array(80 * 60 * 3).fill(240) }
    const form = new FormData()
    form.append('image', new Blob([new Uint8Array(await encodePng(source))]), 'source.png')
    await ask(`${url}/upload/image`, { method: 'POST', body: form })
    const encode = (prompt: string) => ({
      class_type: 'TextEncodeQwenImageEditPlus',
      inputs: { clip: ['2', 0], vae: ['3', 0], image1: ['7', 0], prompt },
    })
    const scale = { image: ['6', 0], upscale_method: 'lanczos', width: 64, height: 64, crop: 'center' }
    const { id } = await run(url, {
      ...loaders('qwen_image_edit_2509_fp8_e4m3fn.safetensors'),
      '5': { class_type: 'CFGNorm', inputs: { model: ['4', 0], strength: 1 } },
      '6': { class_type: 'LoadImage', inputs: { image: 'source.png' } },
      '7': { class_type: 'ImageScale', inputs: scale },
      '8': encode('make it night'),
      '9': encode(''),
      '10': { class_type: 'VAEEncode', inputs: { pixels: ['7', 0], vae: ['3', 0] } },
      '11': sampler({ model: ['5', 0], positive: ['8', 0], negative: ['9', 0], latent_image: ['10', 0] }),
      ...finish('11'),
    })
    expect((await history(url, id))?.status.status_str).toBe('success')
    const response = await fetch(`${url}/view?filename=64x64_00001_.png&subfolder=qwen`)
    const edited = decodeImage(Buffer.from(await response.arrayBuffer()))
    const mean = (edited?.data ?? new Uint8Array()).reduce((sum, value) => sum + value, 0) / (64 * 64 * 3)
    // Between the white source and the dark picture that the words alone would give.
    expect([mean > 100, mean < 235]).toEqual([true, true])
  })
})

describe('a planned crash', () => {
  test('takes the whole server away in the middle of a job', async () => {
    const { url } = await comfyui({ behaviour: { crashAtStep: 2 } })
    const client = await connect(url, 'me')
    await submit(url, sdxl(), { prompt_id: 'p' })
    await client.closed
    await expect(ask(`${url}/system_stats`)).rejects.toThrow()
    expect(client.story()).toContain('progress 1/4')
    expect(client.story()).not.toContain('execution_success')
  })
})
