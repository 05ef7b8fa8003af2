import { existsSync } from 'node:fs'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { BackendEvent, ImageBackend } from '../../../electron/kinds'
import { Generation } from '../../../shared/contract'
import type { ProblemId } from '../../../shared/problems'
import { long } from '../../support/long'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'
import { comfyui, forge, generate } from '../kinds/simulators'
import { ended, openGallery, watchToEnd } from './gallery'

const problem = (id: ProblemId, more: object = {}) => expect.objectContaining({ id, ...more }) as Error
const small = { width: 256, height: 256 }
const admin = { account: 'admin', only: null, sees: null }

describe('generations', () => {
  it('make the same prompt on both services at once, and keep pictures, parameters, timings and text', async () => {
    await using folder = await temporaryFolder()
    await using comfy = await comfyui()
    await using sd = await forge()
    await using gallery = await openGallery(folder.path, { comfy: comfy.backend, forge: sd.backend })
    const { generations } = gallery
    const params = { prompt: 'a lighthouse at dawn', seed: 11, ...small }
    const created = await Promise.all(
      ['comfy', 'forge'].map((serviceId) => generations.create({ by: 'admin', serviceId, params })),
    )
    expect(created.map(({ state }) => state)).toEqual(['queued', 'queued'])

    const done = await Promise.all(created.map(({ id }) => ended(generations, id)))
    for (const generation of done) {
      expect(generation).toMatchObject({ state: 'succeeded', simulated: true, cached: false, params: { seed: 11 } })
      expect(Generation.safeParse(generation).success).toBe(true)
      expect(generation.timings.totalMs).toBeGreaterThan(0)
      expect(generation.images).toMatchObject([{ width: 256, height: 256, mime: 'image/png' }])
    }
    const [onComfy, onForge] = done.map(({ images }) => images[0]?.id ?? '')
    expect(Object.keys(await generations.metadata(onComfy ?? ''))).toContain('prompt')
    expect((await generations.metadata(onForge ?? ''))['parameters']).toContain('a lighthouse at dawn')
    expect(gallery.bugs).toEqual([])
  })

  it('keep the file as the service wrote it, and make the thumbnail once', async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui()
    await using gallery = await openGallery(folder.path, { comfy: service.backend })
    const params = { prompt: 'x', width: 640, height: 512, steps: 1 }
    const { id } = await gallery.generations.create({ by: 'admin', serviceId: 'comfy', params })
    const image = (await ended(gallery.generations, id)).images[0]
    const kept = await gallery.generations.image(image?.id ?? '')
    const outputs = await readdir(path.join(service.folder, 'output', 'regie'))
    const written = await readFile(path.join(service.folder, 'output', 'regie', outputs[0] ?? ''))
    expect(Buffer.compare(written, await kept.bytes())).toBe(0)
    expect(kept.type).toBe('image/png')
    expect(kept.name).toMatch(/^\d{4}-\d\d-\d\d_x_comfy_seed\d+\.png$/)

    const thumbnails = await Promise.all([1, 2, 3].map(() => gallery.generations.thumbnail(image?.id ?? '')))
    expect(await sharp(thumbnails[0]?.bytes).metadata()).toMatchObject({ format: 'webp', width: 384, height: 307 })
    expect(await readdir(path.join(folder.path, 'thumbnails', id.slice(0, 2)))).toEqual([`${id}-0.webp`])
  })

  it('stream updates and previews until the end, to every page that watches', async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui({ behaviour: { preview: 'jpeg', stepMs: 30 } })
    await using gallery = await openGallery(folder.path, { comfy: service.backend })
    const { generations } = gallery
    const { id } = await generations.create({ by: 'admin', serviceId: 'comfy', params: { prompt: 'x', ...small } })
    const pages = await Promise.all([watchToEnd(generations, id), watchToEnd(generations, id)])
    for (const events of pages) {
      expect(events.some((event) => event.type === 'preview' && event.mime === 'image/jpeg')).toBe(true)
      const states = events.flatMap((event) => (event.type === 'update' ? [event.generation.state] : []))
      expect([...new Set(states)]).toEqual(['queued', 'running', 'succeeded'])
      expect(events.at(-1)).toMatchObject({ type: 'update', generation: { state: 'succeeded' } })
    }
    expect(generations.subscriberCount()).toBe(0)
    expect(await watchToEnd(generations, id)).toHaveLength(1)
  })

  it('forget a page that closes in the middle', async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui({ behaviour: { stepMs: 50 } })
    await using gallery = await openGallery(folder.path, { comfy: service.backend })
    const { generations } = gallery
    const { id } = await generations.create({
      by: 'admin',
      serviceId: 'comfy',
      params: { prompt: 'x', ...small, steps: 100 },
    })
    const page = new AbortController()
    const events = generations.watch(id, page.signal)
    await events.next()
    expect(generations.subscriberCount()).toBe(1)
    page.abort()
    for await (const event of events) expect(event).toBeDefined()
    expect(generations.subscriberCount()).toBe(0)
    await generations.cancel(id)
  })

  it('wait in line on one service, tell their place, and can be cancelled there', async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui({ behaviour: { stepMs: 30 } })
    await using gallery = await openGallery(folder.path, { comfy: service.backend })
    const { generations } = gallery
    const create = (prompt: string) =>
      generations.create({ by: 'admin', serviceId: 'comfy', params: { prompt, ...small, steps: 15 } })
    const [first, second, third] = [await create('1'), await create('2'), await create('3')]
    expect([second, third].map(({ progress }) => progress.queuePosition)).toEqual([1, 2])
    expect(await generations.cancel(second.id)).toMatchObject({ state: 'cancelled', startedAt: null })
    await until('the third moved up', () => generations.get(third.id).progress.queuePosition === 1)
    const [one, three] = await Promise.all([ended(generations, first.id), ended(generations, third.id)])
    expect([one.state, three.state]).toEqual(['succeeded', 'succeeded'])
    expect(three.startedAt).toBeGreaterThanOrEqual(one.finishedAt ?? Infinity)
    expect(await generations.cancel(third.id)).toEqual(three)
  })

  it('are cancelled while they run, on either kind of service', async () => {
    await using folder = await temporaryFolder()
    await using comfy = await comfyui({ behaviour: { stepMs: 50 } })
    await using sd = await forge({ behaviour: { stepMs: 50 } })
    await using gallery = await openGallery(folder.path, { comfy: comfy.backend, forge: sd.backend })
    const { generations } = gallery
    for (const serviceId of ['comfy', 'forge']) {
      const { id } = await generations.create({ by: 'admin', serviceId, params: { prompt: 'x', ...small, steps: 120 } })
      await until('it samples', () => generations.get(id).progress.phase === 'sampling')
      expect(await generations.cancel(id)).toMatchObject({ state: 'cancelled', images: [] })
    }
  })

  it('are cancelled while they wait on the service, and interrupted there when their turn comes', long, async () => {
    await using folder = await temporaryFolder()
    await using sd = await forge({ behaviour: { stepMs: 15 } })
    await using gallery = await openGallery(folder.path, { forge: sd.backend })
    const { generations } = gallery
    const now = () => AbortSignal.timeout(10_000)
    const params = await sd.backend.resolve({ prompt: 'theirs', ...small, steps: 60 }, now())
    const theirs = generate(sd.backend, params)
    await until('theirs runs', async () => (await sd.backend.queueState(now())).running === 1)
    const { id } = await generations.create({
      by: 'admin',
      serviceId: 'forge',
      params: { prompt: 'x', ...small, steps: 150 },
    })
    await until('it waits', () => generations.get(id).progress.queuePosition === 1)
    expect(await generations.cancel(id)).toMatchObject({ state: 'cancelled', startedAt: null })
    expect((await theirs).at(-1)).toMatchObject({ type: 'done', warnings: [] })
    const startedAt = performance.now()
    await until('the service is idle', async () => {
      const { running, waiting } = await sd.backend.queueState(now())
      return running === 0 && waiting === 0
    })
    // Its 150 steps would take more than two seconds.
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    expect(gallery.bugs).toEqual([])
  })

  it('keep the failure in the service’s own words, and go on with the next', async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui({ behaviour: { oomAtStep: 2 } })
    await using gallery = await openGallery(folder.path, { comfy: service.backend })
    const { generations } = gallery
    const create = () =>
      generations.create({ by: 'admin', serviceId: 'comfy', params: { prompt: 'x', ...small, steps: 4 } })
    const failed = await ended(generations, (await create()).id)
    expect(failed.error).toMatchObject({ problem: 'backend.out-of-memory', message: 'The GPU ran out of memory.' })
    expect(failed.error?.detail).toContain('OutOfMemoryError')
    service.simulator.behave({ oomAtStep: null })
    expect((await ended(generations, (await create()).id)).state).toBe('succeeded')
  })

  it('say when a picture came from the cache', long, async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui()
    await using gallery = await openGallery(folder.path, { comfy: service.backend })
    const create = async () =>
      (
        await gallery.generations.create({
          by: 'admin',
          serviceId: 'comfy',
          params: { prompt: 'x', seed: 3, ...small, steps: 2 },
        })
      ).id
    await ended(gallery.generations, await create())
    const again = await ended(gallery.generations, await create())
    expect(again).toMatchObject({ state: 'succeeded', cached: true, timings: { sampleMs: null } })
    expect(again.images).toHaveLength(1)
  })

  it('are refused before they are queued when the service cannot do them', async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui()
    await using gallery = await openGallery(folder.path, { comfy: service.backend })
    const { generations } = gallery
    await expect(generations.create({ by: 'admin', serviceId: 'none', params: { prompt: 'x' } })).rejects.toThrow(
      problem('service.not-found'),
    )
    await expect(
      generations.create({ by: 'admin', serviceId: 'comfy', params: { prompt: 'x', checkpoint: 'none' } }),
    ).rejects.toThrow(problem('backend.unknown-checkpoint'))
    await service.simulator.close()
    await expect(
      generations.create({ by: 'admin', serviceId: 'comfy', params: { prompt: 'x', sampler: 'euler' } }),
    ).resolves.toMatchObject({ state: 'queued' }) // the drop-downs are known for ten seconds
    const [last] = generations.list({ limit: 5 }).items
    expect((await ended(generations, last?.id ?? '')).error?.problem).toBe('backend.unreachable')
    expect(generations.list({ limit: 5 }).items).toHaveLength(1)
  })

  it('refuse what is not there, and paths in the place of ids', async () => {
    await using folder = await temporaryFolder()
    await using gallery = await openGallery(folder.path, {})
    const { generations } = gallery
    await writeFile(path.join(folder.path, 'secret.png'), 'secret')
    expect(() => generations.get('none')).toThrow(problem('generation.not-found'))
    expect(() => generations.watch('none')).toThrow(problem('generation.not-found'))
    expect(() => generations.restore('none', admin)).toThrow(problem('generation.not-found'))
    expect(() => generations.list({ limit: 1, cursor: 'x' })).toThrow(problem('generation.bad-cursor'))
    await expect(generations.cancel('none')).rejects.toThrow(problem('generation.not-found'))
    for (const id of ['../secret', '..%2fsecret.png', `${crypto.randomUUID()}-0`]) {
      await expect(generations.image(id)).rejects.toThrow(problem('image.not-found'))
      await expect(generations.thumbnail(id)).rejects.toThrow(problem('image.not-found'))
    }
  })

  it('leave the gallery for the bin, and come back out of it, also after a restart', async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui()
    const backends = { comfy: service.backend }
    let gallery = await openGallery(folder.path, backends)
    const { id } = await gallery.generations.create({
      by: 'admin',
      serviceId: 'comfy',
      params: { prompt: 'x', ...small, steps: 40 },
    })
    expect(() => gallery.generations.remove(id, admin)).toThrow(problem('generation.still-running'))
    const { images } = await ended(gallery.generations, id)
    const file = path.join(folder.path, 'images', id.slice(0, 2), `${id}-0.png`)

    gallery.generations.remove(id, admin)
    expect(gallery.generations.list({ limit: 5 }).items).toEqual([])
    expect(() => gallery.generations.get(id)).toThrow(problem('generation.not-found'))
    // The bin shows it.
    expect((await gallery.generations.image(images[0]?.id ?? '')).type).toBe('image/png')
    expect(gallery.generations.restore(id, admin).id).toBe(id)
    expect(gallery.generations.list({ limit: 5, search: 'x' }).items).toHaveLength(1)
    expect(gallery.published.map(({ type }) => type).slice(-2)).toEqual(['generation-removed', 'generation'])

    gallery.generations.remove(id, admin)
    expect(existsSync(file)).toBe(true)
    await gallery.close()
    gallery = await openGallery(folder.path, backends)
    expect(existsSync(file)).toBe(true)
    expect(gallery.generations.list({ limit: 5 }).items).toEqual([])
    expect(gallery.generations.restore(id, admin).id).toBe(id)
    await gallery.close()
  })

  it('are refused when too many wait already', async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui({ behaviour: { hangAtStep: 1 } })
    await using gallery = await openGallery(folder.path, { comfy: service.backend })
    const create = () =>
      gallery.generations.create({ by: 'admin', serviceId: 'comfy', params: { prompt: 'x', ...small } })
    for (let n = 0; n < 201; n += 1) await create()
    await expect(create()).rejects.toThrow(problem('generation.queue-full'))
  })

  it('fail with a reason when the picture cannot be read or kept', async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui()
    let bytes: Uint8Array = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])
    const backend: ImageBackend = {
      ...service.backend,
      generate: async function* () {
        const pieces = async function* () {
          yield await Promise.resolve(bytes)
        }
        yield await Promise.resolve({ type: 'image', image: { pieces, place: null, name: 'x.png' } })
      },
    }
    await using gallery = await openGallery(folder.path, { comfy: backend })
    const failure = async () => {
      const { id } = await gallery.generations.create({
        by: 'admin',
        serviceId: 'comfy',
        params: { prompt: 'x', ...small },
      })
      return (await ended(gallery.generations, id)).error?.problem
    }
    expect(await failure()).toBe('generation.bad-image')
    bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    await rm(path.join(folder.path, 'images'), { recursive: true })
    await writeFile(path.join(folder.path, 'images'), 'a file where the folder should be')
    expect(await failure()).toBe('generation.cannot-keep')
    expect(gallery.bugs).toEqual([])
  })

  it('report a bug of a backend, fail that one generation, and go on', async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui()
    let isBroken = true
    const backend: ImageBackend = {
      ...service.backend,
      generate: (...args) => {
        if (!isBroken) return service.backend.generate(...args)
        return (async function* (): AsyncGenerator<BackendEvent, void, undefined> {
          yield { type: 'running' }
          await Promise.reject(new TypeError('bug'))
        })()
      },
    }
    await using gallery = await openGallery(folder.path, { comfy: backend })
    const create = async () =>
      (
        await gallery.generations.create({
          by: 'admin',
          serviceId: 'comfy',
          params: { prompt: 'x', ...small, steps: 1 },
        })
      ).id
    expect((await ended(gallery.generations, await create())).error?.problem).toBe('generation.internal')
    expect(gallery.bugs).toHaveLength(1)
    isBroken = false
    expect((await ended(gallery.generations, await create())).state).toBe('succeeded')
  })
})
