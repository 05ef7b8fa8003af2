import { describe, expect, it } from 'vitest'
import { sniffImage } from '../../../electron/kinds/image-type'
import type { ProblemId } from '../../../shared/problems'
import { long } from '../../support/long'
import { freePort } from '../../support/ports'
import { backendAt, forge, forgeSecret, generate, storyOf } from './simulators'

const now = () => AbortSignal.timeout(10_000)
const problem = (id: ProblemId, more: object = {}) => expect.objectContaining({ id, ...more }) as Error
const containing = (text: string) => expect.stringContaining(text) as unknown

describe('Forge', () => {
  it('makes a picture with the defaults of a Turbo model, and tells its steps', async () => {
    await using service = await forge({ behaviour: { stepMs: 120 } })
    const resolved = await service.backend.resolve({ prompt: 'a fox' }, now())
    expect(resolved).toMatchObject({ steps: 4, cfg: 1, width: 512, height: 512 })
    const events = await generate(service.backend, { prompt: 'a fox' })
    expect(storyOf(events).filter((name) => name !== 'preview' && name !== 'decoding' && name !== 'loading')).toEqual([
      'queued',
      'running',
      'sampling',
      'saving',
      'image',
      'done',
    ])
    const image = events.find((event) => event.type === 'image')
    expect(image && sniffImage(image.image.bytes)).toBe('image/png')
    expect(events.at(-1)).toEqual({ type: 'done', cached: false, warnings: [] })
  })

  it('shows live pictures of a longer job', async () => {
    await using service = await forge({ behaviour: { stepMs: 20, preview: 'jpeg' } })
    const events = await generate(service.backend, { prompt: 'a fox', steps: 40 })
    const preview = events.find((event) => event.type === 'preview')
    expect(preview && sniffImage(preview.bytes)).toBe('image/png')
  })

  it('makes several pictures, and none of them is a grid', long, async () => {
    await using service = await forge()
    const events = await generate(service.backend, { prompt: 'x', batch: 3, width: 256, height: 256 })
    expect(events.filter(({ type }) => type === 'image')).toHaveLength(3)
  })

  it('makes the same picture for the same seed', async () => {
    await using service = await forge()
    const picture = async () => {
      const events = await generate(service.backend, { prompt: 'x', seed: 4_294_967_295, width: 256, height: 256 })
      const image = events.find((event) => event.type === 'image')
      return Buffer.from(image?.image.bytes ?? []).toString('base64')
    }
    const first = await picture()
    expect(first.length).toBeGreaterThan(100)
    expect(await picture()).toBe(first)
  })

  it('cancels a running job, and the service is free again', async () => {
    await using service = await forge({ behaviour: { stepMs: 50 } }, { cancelGraceMs: 10_000 })
    const abort = new AbortController()
    const events = await generate(
      service.backend,
      // Small, and with the grace of every day: what was interrupted is painted all the same, on a busy machine too.
      { prompt: 'x', steps: 140, width: 256, height: 256 },
      {
        signal: abort.signal,
        onEvent: (event) => {
          if (event.type === 'progress' && event.phase === 'sampling') abort.abort()
        },
      },
    )
    expect(events.at(-1)).toEqual({ type: 'cancelled' })
    expect((await service.backend.probe(now())).queue?.running).toBe(0)
  })

  it('cancels a job at its very beginning, before the service has begun it', long, async () => {
    await using service = await forge({ behaviour: { stepMs: 50 } })
    const abort = new AbortController()
    const events = await generate(
      service.backend,
      { prompt: 'x', steps: 140 },
      {
        signal: abort.signal,
        onEvent: () => abort.abort(),
      },
    )
    expect(events.at(-1)).toEqual({ type: 'cancelled' })
  })

  it('gives up on a cancelled job that hangs, after its grace', long, async () => {
    await using service = await forge({ behaviour: { hangAtStep: 2 } }, { cancelGraceMs: 300 })
    const abort = new AbortController()
    const events = await generate(
      service.backend,
      { prompt: 'x' },
      {
        signal: abort.signal,
        onEvent: (event) => {
          if (event.type === 'progress' && event.phase === 'sampling') abort.abort()
        },
      },
    )
    expect(events.at(-1)).toEqual({ type: 'cancelled', remains: true })
  })

  it('ends a job that hangs longer than a job may take', async () => {
    await using service = await forge({ behaviour: { hangAtStep: 2 } }, { jobMs: 400 })
    await expect(generate(service.backend, { prompt: 'x' })).rejects.toThrow(problem('backend.job-timeout'))
  })

  it('says in the service’s words that the GPU is full', long, async () => {
    await using service = await forge({ behaviour: { oomAtStep: 2 } })
    await expect(generate(service.backend, { prompt: 'x' })).rejects.toThrow(
      problem('backend.out-of-memory', { params: { detail: containing('OutOfMemoryError') } }),
    )
  })

  it('says that the service crashed in the middle of a job', async () => {
    await using service = await forge({ behaviour: { crashAtStep: 2, stepMs: 100 } })
    await expect(generate(service.backend, { prompt: 'x' })).rejects.toThrow(problem('backend.disconnected'))
  })

  it('says what there is when a choice is not', async () => {
    await using service = await forge()
    const resolve = (more: object) => service.backend.resolve({ prompt: 'x', ...more }, now())
    await expect(resolve({ sampler: 'none' })).rejects.toThrow(
      problem('backend.unknown-sampler', { hint: containing('Euler a') }),
    )
    await expect(resolve({ checkpoint: 'none' })).rejects.toThrow(
      problem('backend.unknown-checkpoint', { hint: containing('.safetensors') }),
    )
  })

  it('takes every scheduler and sampler that it offers', long, async () => {
    await using service = await forge()
    const { samplers, schedulers } = await service.backend.capabilities(now())
    expect(schedulers.length).toBeGreaterThan(3)
    for (const scheduler of schedulers) await service.backend.resolve({ prompt: 'x', scheduler }, now())
    const events = await generate(service.backend, {
      prompt: 'x',
      sampler: samplers.at(-1) ?? '',
      scheduler: schedulers.at(-1) ?? '',
      width: 256,
      height: 256,
    })
    expect(events.at(-1)).toMatchObject({ type: 'done', warnings: [] })
  })

  it('says that there is no model', async () => {
    await using service = await forge({ behaviour: { models: 'none' } })
    await expect(service.backend.resolve({ prompt: 'x' }, now())).rejects.toThrow(problem('backend.no-models'))
  })

  it('says that the API is off, that nothing answers, and that its credential is refused', async () => {
    await using service = await forge()
    await using withoutApi = await forge({ api: false })
    const stranger = backendAt('forge', service.simulator.url, { ...forgeSecret, password: 'wrong' })
    await expect(stranger.capabilities(now())).rejects.toThrow(problem('backend.refused'))
    await expect(withoutApi.backend.capabilities(now())).rejects.toThrow(problem('backend.api-off'))
    const nowhere = backendAt('forge', `http://127.0.0.1:${await freePort()}`, null)
    await expect(nowhere.capabilities(now())).rejects.toThrow(problem('backend.unreachable'))
  })

  it('knows nothing of the jobs of an earlier run', async () => {
    await using service = await forge()
    expect(await service.backend.recover(crypto.randomUUID(), now())).toBeNull()
  })
})
