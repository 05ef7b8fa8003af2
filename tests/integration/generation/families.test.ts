import { mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { families } from '../../../electron/kinds/comfyui/families'
import { startComfyuiSimulator, type Simulator } from '../../../electron/simulator/comfyui'
import type { Generation, GenerationParams, InputImage, Task } from '../../../shared/contract'
import { adminToken, bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { long } from '../../support/long'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

/** Where a family's files lie. */
const folders = {
  checkpoint: 'checkpoints',
  model: 'diffusion_models',
  textEncoder: 'text_encoders',
  vae: 'vae',
  lora: 'loras',
} as const

const loras = ['one.safetensors', 'two.safetensors']

/** Files as large as models are, that take no room. */
async function putModels(folder: string) {
  const usual = families.flatMap(({ parts }) =>
    parts.map(({ slot, names }) => path.join(folders[slot], names[0] ?? '')),
  )
  for (const name of new Set([...usual, ...loras.map((lora) => path.join('loras', lora))])) {
    const file = path.join(folder, 'models', name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, '')
    await truncate(file, 2 ** 28)
  }
}

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let simulator: Simulator
let running: RunningPanel
let source: InputImage
let mask: InputImage

const side = 64

/** A picture, given to generate from. */
async function give(red: number): Promise<InputImage> {
  const background = { r: red, g: 30, b: 200 - red }
  const body = await sharp({ create: { width: side, height: side, channels: 3, background } })
    .png()
    .toBuffer()
  return giveBytes(body)
}

async function giveBytes(body: Buffer): Promise<InputImage> {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(body)], { type: 'image/png' }), 'picture.png')
  const headers = { authorization: `Bearer ${adminToken}` }
  const answer = await fetch(new URL('api/v1/inputs', running.url), { method: 'POST', headers, body: form })
  expect(answer.status).toBe(201)
  return (await answer.json()) as InputImage // the contract's answer
}

/** White on the left half. */
async function giveMask(): Promise<InputImage> {
  const white = await sharp({ create: { width: side / 2, height: side, channels: 3, background: '#fff' } })
    .png()
    .toBuffer()
  const black = sharp({ create: { width: side, height: side, channels: 3, background: '#000' } })
  return giveBytes(
    await black
      .composite([{ input: white, left: 0, top: 0 }])
      .png()
      .toBuffer(),
  )
}

const instant = { stepMs: 0, loadMs: 0, preview: 'none', models: 'none' } as const

beforeAll(async () => {
  programs = await bundlePanelPrograms()
  folder = await temporaryFolder('families')
  await putModels(folder.path)
  simulator = await startComfyuiSimulator({ folder: folder.path, withoutLogin: true, behaviour: instant })
  running = await startPanel({ programs: programs.programs, demo: false })
  const about = { id: 'comfy', kind: 'comfyui', runtime: 'external', url: simulator.url }
  expect((await running.rest('POST', 'services', about)).status).toBe(201)
  await until('it is ready', () => running.panel.parts.services.get('comfy').health.state === 'ready')
  ;[source, mask] = [await give(220), await giveMask()]
})
afterAll(async () => {
  await running.stop()
  await simulator.close()
  await folder[Symbol.asyncDispose]()
  await programs.remove()
})

const ask = (params: GenerationParams) =>
  running.rest('POST', 'generations', {
    serviceId: 'comfy',
    params: { width: side, height: side, steps: 2, seed: 5, ...params },
  })

/** A generation over REST, made to its end. */
async function make(params: GenerationParams): Promise<Generation> {
  const { status, body } = await ask(params)
  expect([status, body]).toEqual([201, expect.anything()])
  const { id } = body as Generation // the contract's answer
  return until('its end', () => {
    const now = running.panel.parts.generations.get(id)
    return ['queued', 'running'].includes(now.state) ? null : now
  })
}

/** The pixels of its only picture. */
async function pixels({ images }: Generation) {
  const file = await running.panel.parts.generations.image(images[0]?.id ?? '')
  return sharp(await file.arrayBuffer())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
}

async function made(params: GenerationParams) {
  const generation = await make(params)
  expect(generation).toMatchObject({ state: 'succeeded' })
  const { data, info } = await pixels(generation)
  return { generation, data, info }
}

const doing = (task: Task) => families.filter(({ tasks }) => tasks.includes(task)).map(({ id }) => id)

/** One family of each way in which graphs are drawn; unit tests hold the graphs of all others against the classes. */
const ways = ['qwen-image-2.1', 'qwen-image-2.1-turbo', 'z-image-turbo', 'flux2-klein-4b', 'qwen-image-2512', 'sd15']

describe('every family on a ComfyUI that has its files', () => {
  const draws = '%s draws what the words say'
  const isDrawn = async (workflow: string) => {
    const { info, generation } = await made({ prompt: 'a lighthouse', workflow })
    expect([info.width, info.height, generation.params.workflow]).toEqual([side, side, workflow])
  }
  it.each(doing('text').filter((id) => ways.includes(id)))(draws, isDrawn)
  it.each(doing('text').filter((id) => !ways.includes(id)))(draws, long, isDrawn)

  it.each(ways)('%s changes what is white, and not a pixel of what is black', async (workflow) => {
    const { data } = await made({
      ...{ prompt: 'a red fox', workflow, task: 'inpaint', strength: 1 },
      ...{ images: [source.id], mask: mask.id },
    })
    const colours = (from: number, to: number) =>
      new Set(
        Array.from({ length: side * side }, (_, at) => at)
          .filter((at) => at % side >= from && at % side < to)
          .map((at) => data.subarray(at * 3, at * 3 + 3).join()),
      )
    expect([...colours(side / 2 + 1, side)]).toEqual(['220,30,0'])
    expect(colours(0, side / 2 - 1).size).toBeGreaterThan(50)
  })

  const intoOne = async (workflow: string) => {
    const images = [source.id, (await give(10)).id, (await give(90)).id]
    const { generation } = await made({ prompt: 'the second beside the third', workflow, task: 'edit', images })
    expect(generation.params).toMatchObject({ images, workflow })
  }
  it.each(['qwen-image-2.1'])('%s edits three pictures into one', intoOne)
  it.each(['flux2-klein-4b', 'qwen-image-edit-2511', 'qwen-image-edit-2511-lightning'])(
    '%s edits three pictures into one',
    long,
    intoOne,
  )

  it.each(['z-image-turbo', 'sdxl-checkpoint'])(
    '%s takes LoRAs, and more of them draws otherwise',
    async (workflow) => {
      const weighted = (weight: number) => ({ loras: loras.map((name) => ({ name, weight })) })
      const asked = { prompt: 'a fox', workflow }
      const pictures = [
        await made(asked),
        await made({ ...asked, ...weighted(0.5) }),
        await made({ ...asked, ...weighted(1) }),
      ]
      expect(new Set(pictures.map(({ data }) => data.toString('base64'))).size).toBe(3)
      expect(pictures[1]?.generation.params.loras).toEqual(weighted(0.5).loras)
    },
  )

  it('takes at most as many pictures as the family does', async () => {
    const images = [source.id, mask.id, source.id, mask.id]
    const { status, body } = await ask({ prompt: 'x', workflow: 'flux2-klein-4b', task: 'edit', images })
    expect([status, body]).toEqual([
      expect.any(Number),
      expect.objectContaining({ code: expect.any(String) as unknown }),
    ])
    expect(status).toBeGreaterThanOrEqual(400)
  })

  it('refuses a LoRA that is not there by its name', async () => {
    const { status, body } = await ask({ prompt: 'x', workflow: 'z-image-turbo', loras: [{ name: 'no', weight: 1 }] })
    expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining('one.safetensors')])
  })
})

/** What lies in its input folder of ours. */
const uploaded = () => readdir(path.join(folder.path, 'input', 'regie')).catch(() => [])

describe('a picture on its way to ComfyUI', () => {
  it('that is too large for it fails in words, and queues nothing', async () => {
    const tight = await startComfyuiSimulator({
      ...{ folder: folder.path, withoutLogin: true, maxUploadMiB: 0.001, behaviour: instant },
    })
    try {
      await running.rest('POST', 'services', { id: 'tight', kind: 'comfyui', runtime: 'external', url: tight.url })
      await until('it is ready', () => running.panel.parts.services.get('tight').health.state === 'ready')
      const noise = await sharp({
        create: {
          ...{ width: side, height: side, channels: 3, background: '#000' },
          noise: { type: 'gaussian', mean: 128, sigma: 60 },
        },
      })
        .png()
        .toBuffer()
      await rm(path.join(folder.path, 'input', 'regie'), { recursive: true, force: true })
      const { id } = await giveBytes(noise)
      const params = { prompt: 'x', workflow: 'sdxl-checkpoint', task: 'image', images: [id] }
      const { body } = await running.rest('POST', 'generations', { serviceId: 'tight', params })
      const { id: job } = body as Generation // the contract's answer
      const done = await until('its end', () => {
        const now = running.panel.parts.generations.get(job)
        return ['queued', 'running'].includes(now.state) ? null : now
      })
      expect(done).toMatchObject({ state: 'failed', error: { problem: 'backend.picture-too-large' } })
      expect(await uploaded()).toEqual([])
    } finally {
      await tight.close()
    }
  })
})
