import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { detached, type BackendEvent } from '../../../electron/kinds'
import { sniffImage } from '../../../electron/kinds/image-type'
import { Problem, type ProblemId } from '../../../shared/problems'
import { long } from '../../support/long'
import { freePort } from '../../support/ports'
import { until } from '../../support/until'
import { backendAt, comfyui, comfyuiSecret, generate, storyOf } from './simulators'

const now = () => AbortSignal.timeout(10_000)
const problem = (id: ProblemId, more: object = {}) => expect.objectContaining({ id, ...more }) as Error
const containing = (text: string) => expect.stringContaining(text) as unknown

describe('ComfyUI', () => {
  it('makes a picture and tells loading, steps, previews, decoding and saving on the way', async () => {
    await using service = await comfyui({ behaviour: { preview: 'jpeg' } })
    const events = await generate(service.backend, { prompt: 'a lighthouse', steps: 6 })
    const story = storyOf(events)
    expect(story.filter((name) => name !== 'preview' && name !== 'sampling')).toEqual([
      'queued',
      'running',
      'loading',
      'decoding',
      'saving',
      'image',
      'done',
    ])
    const steps = events.flatMap((event) =>
      event.type === 'progress' && event.phase === 'sampling' ? [event.step] : [],
    )
    // 0: the sampler has begun.
    expect(steps).toEqual([0, 1, 2, 3, 4, 5, 6])
    const preview = events.find((event) => event.type === 'preview')
    expect(preview?.mime).toBe('image/jpeg')
    const image = events.find((event) => event.type === 'image')
    expect(image && sniffImage(image.image.bytes)).toBe('image/png')
    expect(events.at(-1)).toEqual({ type: 'done', cached: false, warnings: [] })
  })

  it('says why no previews came', long, async () => {
    await using service = await comfyui()
    const events = await generate(service.backend, { prompt: 'x', steps: 3 })
    expect(events.at(-1)).toMatchObject({ type: 'done', warnings: [{ problem: 'backend.no-previews' }] })
    expect((await service.backend.capabilities(now())).previews).toBe(false)
  })

  it('names a damaged checkpoint, and does not take it for the default again', async () => {
    await using service = await comfyui({ behaviour: { models: 'none' } })
    const folder = path.join(service.folder, 'models', 'checkpoints')
    await mkdir(folder, { recursive: true })
    await writeFile(path.join(folder, 'a.safetensors'), Buffer.alloc(2 ** 20 - 1))
    expect((await service.backend.capabilities(now())).defaults.checkpoint).toBeNull()
    await expect(service.backend.resolve({ prompt: 'x', checkpoint: 'a.safetensors' }, now())).rejects.toThrow(
      problem('backend.model-damaged', { params: { file: 'a.safetensors', detail: '1048575 bytes' } }),
    )
  })

  it('refuses nothing by what was offered a moment ago: a checkpoint that has just come is taken', async () => {
    await using service = await comfyui()
    await service.backend.resolve({ prompt: 'x' }, now())
    const folder = path.join(service.folder, 'models', 'checkpoints')
    await mkdir(folder, { recursive: true })
    await writeFile(path.join(folder, 'new.safetensors'), Buffer.alloc(2 ** 20))
    const resolved = await service.backend.resolve({ prompt: 'x', checkpoint: 'new.safetensors' }, now())
    expect(resolved.checkpoint).toBe('new.safetensors')
    await expect(service.backend.resolve({ prompt: 'x', checkpoint: 'none.safetensors' }, now())).rejects.toThrow(
      Problem,
    )
  })

  it('remembers a checkpoint that the service could not load', long, async () => {
    await using service = await comfyui({ behaviour: { models: 'none' } })
    const folder = path.join(service.folder, 'models', 'checkpoints')
    await mkdir(folder, { recursive: true })
    await writeFile(path.join(folder, 'a.safetensors'), Buffer.alloc(2 ** 20))
    const resolved = await service.backend.resolve({ prompt: 'x', width: 64, height: 64 }, now())
    expect(resolved.checkpoint).toBe('a.safetensors')
    const failed = generate(service.backend, { prompt: 'x', width: 64, height: 64 })
    await expect(failed).rejects.toThrow(
      problem('backend.model-damaged', {
        params: { file: 'a.safetensors', detail: containing('deserializing header') },
      }),
    )
    expect((await service.backend.capabilities(now())).defaults.checkpoint).toBeNull()
  })

  it('goes on with progress and previews of a job that an earlier panel left there', long, async () => {
    await using service = await comfyui({ behaviour: { stepMs: 40, preview: 'jpeg' } })
    const panel = new AbortController()
    const jobId = crypto.randomUUID()
    await generate(
      service.backend,
      { prompt: 'x', steps: 20 },
      {
        jobId,
        signal: panel.signal,
        onEvent: (event) => {
          if (event.type === 'progress' && event.step === 1) panel.abort(detached)
        },
      },
    )
    const next = backendAt('comfyui', service.simulator.url, comfyuiSecret)
    const events: BackendEvent[] = []
    for await (const event of next.follow?.(jobId, now()) ?? []) events.push(event)
    const story = storyOf(events)
    expect(story.slice(0, 2)).toEqual(['running', 'loading'])
    expect(story).toContain('sampling')
    expect(story).toContain('preview')
    expect(story.slice(-4)).toEqual(['decoding', 'saving', 'image', 'done'])
  })

  it('makes as many pictures as were asked for', long, async () => {
    await using service = await comfyui()
    const events = await generate(service.backend, { prompt: 'x', steps: 1, batch: 3 })
    expect(events.filter(({ type }) => type === 'image')).toHaveLength(3)
  })

  it('makes a plain colour without any model where that is named, and never in place of a picture', async () => {
    await using service = await comfyui({ behaviour: { models: 'none' } })
    await expect(generate(service.backend, { prompt: 'x' })).rejects.toMatchObject({
      id: 'backend.no-known-model',
      params: { files: 'models/checkpoints/v1-5-pruned-emaonly-fp16.safetensors' },
    })
    const events = await generate(service.backend, { prompt: 'x', workflow: 'smoke' })
    expect(storyOf(events)).toContain('image')
  })

  it('says when the answer came from the cache', long, async () => {
    await using service = await comfyui()
    const params = { prompt: 'the same', seed: 7, steps: 2 }
    await generate(service.backend, params)
    const again = await generate(service.backend, params)
    expect(again.at(-1)).toMatchObject({ type: 'done', cached: true })
    expect(storyOf(again)).toContain('image')
  })

  it('takes a prompt of 10,000 characters with emoji and right-to-left text', long, async () => {
    await using service = await comfyui()
    const prompt = 'مرحبا 🦊 שלום 👩‍🚀 '.repeat(800).slice(0, 10_000)
    const events = await generate(service.backend, { prompt, steps: 1 })
    const image = events.find((event) => event.type === 'image')
    expect(events.at(-1)?.type).toBe('done')
    expect(Buffer.from(image?.image.bytes ?? []).includes('IEND')).toBe(true)
  })

  it('tells the place in the queue of a job that waits behind another', long, async () => {
    await using service = await comfyui({ behaviour: { stepMs: 60 } })
    const first = generate(service.backend, { prompt: 'first', steps: 12 })
    await until('the first runs', async () => (await service.backend.probe(now())).queue?.running === 1)
    const second = await generate(service.backend, { prompt: 'second', steps: 1 })
    expect(second).toContainEqual({ type: 'queued', position: 1 })
    expect((await first).at(-1)?.type).toBe('done')
  })

  it('cancels a running job, and the service is free again', async () => {
    await using service = await comfyui({ behaviour: { stepMs: 50 } })
    const abort = new AbortController()
    const events = await generate(
      service.backend,
      { prompt: 'x', steps: 100 },
      {
        signal: abort.signal,
        onEvent: (event) => {
          if (event.type === 'progress' && event.phase === 'sampling') abort.abort()
        },
      },
    )
    expect(events.at(-1)).toEqual({ type: 'cancelled' })
    expect((await service.backend.probe(now())).queue).toEqual({ running: 0, waiting: 0 })
  })

  it.each([
    ['0.3.57 and later', false],
    ['before, which cannot tell whose job is meant', true],
  ])(
    'cancels a job that waits in the queue of %s, and leaves the one before it alone',
    async (_, interruptsAnything) => {
      await using service = await comfyui({ behaviour: { stepMs: 50, interruptsAnything } })
      const first = generate(service.backend, { prompt: 'first', steps: 14 })
      await until('the first runs', async () => (await service.backend.probe(now())).queue?.running === 1)
      const abort = new AbortController()
      const second = await generate(
        service.backend,
        { prompt: 'second' },
        {
          signal: abort.signal,
          onEvent: (event) => {
            if (event.type === 'queued') abort.abort()
          },
        },
      )
      expect(storyOf(second)).toEqual(['queued', 'cancelled'])
      expect((await first).at(-1)?.type).toBe('done')
    },
  )

  it('takes an interruption by somebody else for what it is', async () => {
    await using service = await comfyui({ behaviour: { stepMs: 50 } })
    const events = await generate(
      service.backend,
      { prompt: 'x', steps: 100 },
      {
        onEvent: (event) => {
          if (event.type === 'progress' && event.step === 1) void service.backend.interrupt(null, now())
        },
      },
    )
    expect(events.at(-1)).toMatchObject({
      type: 'cancelled',
      warnings: [{ problem: 'backend.interrupted-by-others' }],
    })
  })

  it('gives up on a cancelled job that hangs, after its grace', long, async () => {
    await using service = await comfyui({ behaviour: { hangAtStep: 2 } }, { cancelGraceMs: 300 })
    const abort = new AbortController()
    const events = await generate(
      service.backend,
      { prompt: 'x', steps: 4 },
      {
        signal: abort.signal,
        onEvent: (event) => {
          if (event.type === 'progress' && event.phase === 'sampling') abort.abort()
        },
      },
    )
    expect(events.at(-1)).toEqual({ type: 'cancelled' })
  })

  it('ends a job that hangs longer than a job may take', long, async () => {
    await using service = await comfyui({ behaviour: { hangAtStep: 2 } }, { jobMs: 400, cancelGraceMs: 200 })
    await expect(generate(service.backend, { prompt: 'x', steps: 4 })).rejects.toThrow(problem('backend.job-timeout'))
  })

  it('says in the service’s words that the GPU is full', long, async () => {
    await using service = await comfyui({ behaviour: { oomAtStep: 2 } })
    const failed = generate(service.backend, { prompt: 'x', steps: 4 })
    await expect(failed).rejects.toThrow(
      problem('backend.out-of-memory', { params: { detail: containing('OutOfMemoryError') } }),
    )
  })

  it('says that the service crashed in the middle of a job', async () => {
    await using service = await comfyui({ behaviour: { crashAtStep: 2 } })
    const failed = generate(service.backend, { prompt: 'x', steps: 4 })
    await expect(failed).rejects.toThrow(problem('backend.disconnected', { params: { detail: 'ECONNREFUSED' } }))
  })

  it('finishes a job whose socket was dropped', async () => {
    await using service = await comfyui({ behaviour: { dropSocketAtStep: 2, stepMs: 40 } })
    const events = await generate(service.backend, { prompt: 'x', steps: 12 })
    expect(storyOf(events)).toContain('image')
    expect(events.at(-1)).toMatchObject({ type: 'done' })
    // It heard the service again after the drop.
    const steps = events.flatMap((event) => (event.type === 'progress' && event.step !== null ? [event.step] : []))
    expect(Math.max(...steps)).toBeGreaterThan(4)
  })

  it('leaves the job running when it is detached, and picks its pictures up later', long, async () => {
    await using service = await comfyui({ behaviour: { stepMs: 40 } })
    const panel = new AbortController()
    const jobId = crypto.randomUUID()
    const events = await generate(
      service.backend,
      { prompt: 'x', steps: 8 },
      {
        jobId,
        signal: panel.signal,
        onEvent: (event) => {
          if (event.type === 'progress' && event.phase === 'sampling') panel.abort(detached)
        },
      },
    )
    expect(events.map(({ type }) => type)).not.toContain('cancelled')
    expect(await service.backend.recover(jobId, now())).toEqual({ state: 'running' })
    const found = await until('the job ended', async () => {
      const where = await service.backend.recover(jobId, now())
      return where?.state === 'succeeded' && where
    })
    expect(found.images).toHaveLength(1)
    expect(await service.backend.recover(crypto.randomUUID(), now())).toBeNull()
  })

  it('says which node refuses which value, and what there is', async () => {
    await using service = await comfyui()
    const resolved = await service.backend.resolve({ prompt: 'x' }, now())
    const run = async (params: typeof resolved): Promise<BackendEvent[]> => {
      const events: BackendEvent[] = []
      for await (const event of service.backend.generate(crypto.randomUUID(), params, now())) events.push(event)
      return events
    }
    await expect(run({ ...resolved, sampler: 'none' })).rejects.toThrow(
      problem('backend.choice-refused', { message: containing('Sampler'), hint: containing('euler') }),
    )
    await expect(run({ ...resolved, width: 999_999 })).rejects.toThrow(problem('backend.input-refused'))
  })

  it('says which checkpoints there are when one is missing', long, async () => {
    await using service = await comfyui()
    const { checkpoints } = await service.backend.capabilities(now())
    expect(checkpoints.length).toBeGreaterThan(0)
    await expect(service.backend.resolve({ prompt: 'x', checkpoint: 'none.safetensors' }, now())).rejects.toThrow(
      problem('backend.unknown-checkpoint', { hint: containing(checkpoints.at(-1) ?? '') }),
    )
  })

  it('says that nothing answers, and that its credential is refused', async () => {
    await using service = await comfyui()
    const nowhere = backendAt('comfyui', `http://127.0.0.1:${await freePort()}`, null)
    await expect(nowhere.capabilities(now())).rejects.toThrow(problem('backend.unreachable'))
    const stranger = backendAt('comfyui', service.simulator.url, { ...comfyuiSecret, token: 'wrong' })
    await expect(stranger.capabilities(now())).rejects.toThrow(problem('backend.refused'))
  })

  it('frees the memory of an idle service', async () => {
    await using service = await comfyui()
    await expect(service.backend.freeMemory(now())).resolves.toBeUndefined()
  })
})
