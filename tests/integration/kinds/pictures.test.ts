import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import net from 'node:net'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { GenerationParams } from '../../../shared/contract'
import { readPngTexts } from '../../../electron/simulator/media/png'
import { decodeImage } from '../../../electron/simulator/media/raster'
import { backendAt, comfyui, comfyuiSecret, forge, generate, storyOf } from './simulators'

const now = () => AbortSignal.timeout(10_000)
const inputsOf = async (folder: string) => (await readdir(path.join(folder, 'input', 'regie')).catch(() => [])).sort()

/** A way to a port that holds until the body of an upload begins. */
async function cuttingUploads(port: number) {
  const server = net.createServer((client) => {
    const there = net.connect(port, '127.0.0.1')
    const cut = () => {
      client.destroy()
      there.destroy()
    }
    client.on('data', (bytes: Buffer) => {
      if (bytes.includes('/upload/image')) cut()
      else there.write(bytes)
    })
    there.on('data', (bytes: Buffer) => client.write(bytes))
    for (const socket of [client, there]) socket.on('error', cut).on('close', cut)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: own } = server.address() as net.AddressInfo // it listens on a port
  return {
    url: `http://127.0.0.1:${own}`,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

describe('a picture that a job begins with', () => {
  it('is put beside nobody else’s in ComfyUI, once, and never over another file', async () => {
    await using service = await comfyui()
    const params: GenerationParams = {
      prompt: 'a fox',
      task: 'image',
      images: ['a'],
      strength: 0.5,
      workflow: 'sdxl-checkpoint',
    }

    expect(storyOf(await generate(service.backend, { ...params, seed: 1 })).at(-1)).toBe('done')
    await generate(service.backend, { ...params, seed: 2 })
    const [name = ''] = await inputsOf(service.folder)
    expect(await inputsOf(service.folder)).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.png$/)])

    await writeFile(path.join(service.folder, 'input', 'regie', name), 'of somebody else')
    expect(storyOf(await generate(service.backend, { ...params, seed: 3 })).at(-1)).toBe('done')
    expect(await inputsOf(service.folder)).toHaveLength(2)
  })

  it('that is given up on its way queues nothing', async () => {
    await using service = await comfyui()
    const abort = new AbortController()
    const params: GenerationParams = { prompt: 'x', task: 'image', images: ['a'], workflow: 'sdxl-checkpoint' }
    const resolved = await service.backend.resolve(params, now())
    abort.abort()
    const events = []
    for await (const event of service.backend.generate(crypto.randomUUID(), resolved, abort.signal)) events.push(event)
    expect(events).toEqual([{ type: 'cancelled' }])
    expect(await service.backend.queueState(now())).toEqual({ running: 0, waiting: 0 })
  })

  it('whose way to ComfyUI is cut fails in words, and queues nothing', async () => {
    await using service = await comfyui()
    await using way = await cuttingUploads(service.simulator.port)
    const params: GenerationParams = { prompt: 'x', task: 'image', images: ['a'], workflow: 'sdxl-checkpoint' }
    const backend = backendAt('comfyui', way.url, comfyuiSecret)
    await expect(generate(backend, params)).rejects.toMatchObject({ id: 'backend.unreachable' })
    expect(await inputsOf(service.folder)).toEqual([])
    expect(await service.backend.queueState(now())).toEqual({ running: 0, waiting: 0 })
    // The next try, on a way that holds, is a job like any other.
    expect(storyOf(await generate(service.backend, params)).at(-1)).toBe('done')
  })

  it.each(['image', 'inpaint'] as const)(
    'goes to Forge with the job (%s), which says how far it changed',
    async (task) => {
      await using service = await forge()
      const params = { prompt: 'x', task, images: ['a'], ...(task === 'inpaint' && { mask: 'z' }), strength: 0.5 }
      const loras = [{ name: 'pixel-art-xl', weight: 0.8 }]
      const resolved = await service.backend.resolve({ ...params, loras }, now())
      expect(resolved).toMatchObject({ prompt: 'x', task, images: ['a'], strength: 0.5, loras })

      const events = await generate(service.backend, { ...params, loras })
      const image = events.find((event) => event.type === 'image')
      const { parameters = '' } = readPngTexts(image?.image.bytes ?? Buffer.alloc(0))
      expect(parameters).toContain('Denoising strength: 0.5')
      expect(parameters).toContain('x <lora:pixel-art-xl:0.8>')
    },
  )

  it('stays in Forge as it is where the mask is black', async () => {
    await using service = await forge()
    // Each picture of this test is of one grey: the first letter of its id.
    const made = async (mask: string) => {
      const params = { prompt: 'x', task: 'inpaint', images: ['z'], mask, strength: 1, width: 64, height: 64 } as const
      const events = await generate(service.backend, { ...params, images: [...params.images], seed: 3 })
      const image = events.find((event) => event.type === 'image')
      const raster = decodeImage(image?.image.bytes ?? Buffer.alloc(0))
      return new Set(raster?.data ?? [])
    }
    expect([...(await made('\u0000'))]).toEqual(['z'.charCodeAt(0)])
    expect((await made('\u00ff')).size).toBeGreaterThan(50)
  })

  it('and a LoRA that Forge has not are refused by name', async () => {
    await using service = await forge()
    const refused = (params: object) => service.backend.resolve({ prompt: 'x', ...params }, now())
    await expect(refused({ loras: [{ name: 'no', weight: 1 }] })).rejects.toMatchObject({
      id: 'backend.unknown-lora',
      params: { name: 'no', available: expect.stringContaining('pixel-art-xl') as unknown },
    })
    await expect(refused({ task: 'edit', images: ['a'] })).rejects.toMatchObject({ id: 'backend.task-unknown' })
    await expect(refused({ task: 'image' })).rejects.toMatchObject({ id: 'backend.picture-needed' })
    await expect(refused({ task: 'inpaint', images: ['a'] })).rejects.toMatchObject({ id: 'backend.mask-needed' })
  })
})
