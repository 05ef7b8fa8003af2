import { readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ImageBackend } from '../../../electron/kinds'
import { openDatabase } from '../../../electron/storage/database'
import { dataPaths } from '../../../electron/storage/paths'
import type { ProblemId } from '../../../shared/problems'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'
import { comfyui, forge } from '../kinds/simulators'
import { ended, openGallery } from './gallery'
import { long } from '../../support/long'

const problem = (id: ProblemId) => expect.objectContaining({ id }) as Error
const small = { width: 256, height: 256 }

/** Starts a job and one behind it, and stops the panel while the first samples. */
async function stopInTheMiddle(folder: string, backends: Record<string, ImageBackend>, steps: number) {
  const [serviceId = ''] = Object.keys(backends)
  const { generations, close } = await openGallery(folder, backends)
  const create = () => generations.create({ by: 'admin', serviceId, params: { prompt: 'x', ...small, steps } })
  const running = await create()
  const waiting = await create()
  await until('it samples', () => generations.get(running.id).progress.phase === 'sampling')
  await close()
  return { running: running.id, waiting: waiting.id }
}

describe('after a restart of the panel', () => {
  it('a job on ComfyUI is picked up while it still runs, and what waited is queued again', async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui({ behaviour: { stepMs: 40 } })
    const backends = { comfy: service.backend }
    const { running, waiting } = await stopInTheMiddle(folder.path, backends, 25)
    await using gallery = await openGallery(folder.path, backends)
    expect(gallery.generations.get(running).state).toBe('running')
    // It goes on where it was, with its steps.
    await until('it samples', () => (gallery.generations.get(running).progress.step ?? 0) > 1)
    const done = await ended(gallery.generations, running)
    expect(done).toMatchObject({ state: 'succeeded', cached: false, images: [{ width: 256 }] })
    expect((await gallery.generations.image(done.images[0]?.id ?? '')).size).toBe(done.images[0]?.bytes)
    expect(await ended(gallery.generations, waiting)).toMatchObject({ state: 'succeeded', images: [{ width: 256 }] })
    expect(gallery.bugs).toEqual([])
  })

  it('an edit of three pictures goes on, and none of them goes up a second time', long, async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui({ behaviour: { stepMs: 40 } })
    const backends = { comfy: service.backend }
    const uploaded = async () => (await readdir(path.join(service.folder, 'input', 'regie'))).toSorted()
    const first = await openGallery(folder.path, backends)
    const params = { ...small, prompt: 'x', workflow: 'flux2-klein-4b', task: 'edit' as const, steps: 30 }
    const images = ['a', 'b', 'c']
    const { id } = await first.generations.create({ by: 'admin', serviceId: 'comfy', params: { ...params, images } })
    await until('it samples', () => first.generations.get(id).progress.phase === 'sampling')
    const before = await uploaded()
    await first.close()

    await using gallery = await openGallery(folder.path, backends)
    expect(gallery.generations.get(id)).toMatchObject({ state: 'running', params: { images, task: 'edit' } })
    expect(await ended(gallery.generations, id)).toMatchObject({ state: 'succeeded', cached: false, images: [{}] })
    expect(before).toHaveLength(3)
    expect(await uploaded()).toEqual(before)
    expect(gallery.bugs).toEqual([])
  })

  it(
    'what waited in Regie’s own line keeps its place and its seed, and waits for a service that comes late',
    long,
    async () => {
      await using folder = await temporaryFolder()
      await using service = await comfyui({ behaviour: { stepMs: 20 } })
      const backends = { comfy: service.backend }
      const { running, waiting } = await stopInTheMiddle(folder.path, backends, 20)
      await service.simulator.close()
      let isComing = true
      await using gallery = await openGallery(folder.path, backends, { isComing: () => isComing })
      const asked = gallery.generations.get(waiting)
      await ended(gallery.generations, running)
      expect(gallery.generations.get(waiting)).toMatchObject({ state: 'queued', progress: { phase: 'queued' } })
      const again = await service.start({ port: service.simulator.port })
      isComing = false
      try {
        expect(await ended(gallery.generations, waiting)).toMatchObject({ state: 'succeeded', params: asked.params })
        const { running: works, waiting: waits } = await service.backend.queueState(AbortSignal.timeout(5_000))
        expect([works, waits]).toEqual([0, 0])
        expect(gallery.bugs).toEqual([])
      } finally {
        await again.close()
      }
    },
  )

  it('what waited can be cancelled, and fails in its service’s words when that does not come', long, async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui({ behaviour: { hangAtStep: 1 } })
    const backends = { comfy: service.backend }
    const first = await openGallery(folder.path, backends)
    const create = async () =>
      (await first.generations.create({ by: 'admin', serviceId: 'comfy', params: { prompt: 'x', ...small, steps: 2 } }))
        .id
    const running = await create()
    const [one, two] = [await create(), await create()]
    await until('it runs', () => first.generations.get(running).state === 'running')
    await first.close()
    await service.simulator.close()

    const patience = { reachMs: 300, everyMs: 20 }
    await using gallery = await openGallery(folder.path, backends, { patience })
    expect((await gallery.generations.cancel(one)).state).toBe('cancelled')
    expect(await ended(gallery.generations, two)).toMatchObject({
      state: 'failed',
      error: { problem: 'backend.unreachable' },
    })
    expect(gallery.bugs).toEqual([])
  })

  it('one that a service may have heard of is never made twice', async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui({ behaviour: { stepMs: 40 } })
    const other = service.backend
    const first = await openGallery(folder.path, { comfy: other })
    const blocker = crypto.randomUUID()
    const slow = await other.resolve({ prompt: 'slow', ...small, steps: 50 }, AbortSignal.timeout(5_000))
    const stop = new AbortController()
    const foreign = (async () => {
      for await (const { type } of other.generate(blocker, slow, stop.signal)) expect(type).not.toBe('done')
    })()
    await until('another works', async () => (await other.queueState(AbortSignal.timeout(5_000))).running === 1)
    const { id } = await first.generations.create({
      by: 'admin',
      serviceId: 'comfy',
      params: { prompt: 'x', ...small, steps: 1 },
    })
    await until('it waits there', async () => (await other.queueState(AbortSignal.timeout(5_000))).waiting === 1)
    expect(first.generations.get(id).state).toBe('queued')
    await first.close()

    await using gallery = await openGallery(folder.path, { comfy: other })
    expect((await other.queueState(AbortSignal.timeout(5_000))).waiting).toBe(1)
    stop.abort()
    await foreign
    expect((await ended(gallery.generations, id)).state).toBe('succeeded')
  })

  it('a job that ended on ComfyUI meanwhile is found in its history', async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui()
    const { running } = await stopInTheMiddle(folder.path, { comfy: service.backend }, 20)
    await until('the service is idle', async () => {
      const { queue } = await service.backend.probe(AbortSignal.timeout(5_000))
      return queue?.running === 0
    })
    await using gallery = await openGallery(folder.path, { comfy: service.backend })
    expect((await ended(gallery.generations, running)).state).toBe('succeeded')
  })

  it('a picked up job can be cancelled', long, async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui({ behaviour: { stepMs: 50 } })
    const { running } = await stopInTheMiddle(folder.path, { comfy: service.backend }, 140)
    await using gallery = await openGallery(folder.path, { comfy: service.backend })
    expect((await gallery.generations.cancel(running)).state).toBe('cancelled')
    await until('the service is idle', async () => {
      const { queue } = await service.backend.probe(AbortSignal.timeout(5_000))
      return queue?.running === 0
    })
  })

  it('a job of a service that was restarted too, or does not come back, is marked failed', async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui({ behaviour: { stepMs: 40 } })
    const backends = { comfy: service.backend }
    const { running } = await stopInTheMiddle(folder.path, backends, 100)
    await service.simulator.close()
    await using gallery = await openGallery(folder.path, backends)
    expect(await ended(gallery.generations, running)).toMatchObject({
      state: 'failed',
      error: { problem: 'generation.interrupted-by-restart' },
    })
  })

  it('a job of a service that comes back late is still picked up, and found lost', long, async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui({ behaviour: { stepMs: 40 } })
    const { running } = await stopInTheMiddle(folder.path, { comfy: service.backend }, 100)
    await service.simulator.close()
    const patience = { reachMs: 30_000, everyMs: 20 }
    await using gallery = await openGallery(folder.path, { comfy: service.backend }, { patience })
    const again = await service.start({ port: service.simulator.port })
    try {
      expect((await ended(gallery.generations, running)).error?.problem).toBe('generation.interrupted-by-restart')
    } finally {
      await again.close()
    }
  })

  it('a job on Forge, which keeps no history, is marked failed at once', async () => {
    await using folder = await temporaryFolder()
    await using service = await forge({ behaviour: { stepMs: 50 } })
    const backends = { forge: service.backend }
    const { running } = await stopInTheMiddle(folder.path, backends, 60)
    await using gallery = await openGallery(folder.path, backends)
    expect((await ended(gallery.generations, running)).error?.problem).toBe('generation.interrupted-by-restart')
    await service.backend.interrupt(null, AbortSignal.timeout(5_000))
  })

  it('a job of a service that was removed is marked failed', long, async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui({ behaviour: { stepMs: 40 } })
    const { running } = await stopInTheMiddle(folder.path, { comfy: service.backend }, 100)
    await using gallery = await openGallery(folder.path, {})
    expect((await ended(gallery.generations, running)).state).toBe('failed')
  })
})

describe('the database', () => {
  it('is moved aside and told of when it cannot be read, never overwritten', async () => {
    await using folder = await temporaryFolder()
    await writeFile(dataPaths(folder.path).database, 'this is no database, but somebody may want it back'.repeat(100))
    await using gallery = await openGallery(folder.path, {})
    expect(gallery.notice?.problem).toBe('database.moved-aside')
    expect(gallery.generations.list({ limit: 5 }).items).toEqual([])
    const files = await readdir(folder.path)
    expect(files.some((file) => /^regie\.db\.unreadable-\d+$/.test(file))).toBe(true)
  })

  it('of a newer Regie is refused and left as it is', async () => {
    await using folder = await temporaryFolder()
    const file = dataPaths(folder.path).database
    const newer = await openDatabase(file, ['CREATE TABLE a (x)', 'CREATE TABLE b (x)'])
    newer.database.close()
    await expect(openDatabase(file, ['CREATE TABLE a (x)'])).rejects.toThrow(problem('database.newer'))
    const again = await openDatabase(file, ['CREATE TABLE a (x)', 'CREATE TABLE b (x)'])
    expect(again.kept).toBeNull()
    again.database.close()
  })

  it('undoes a migration that fails', async () => {
    await using folder = await temporaryFolder()
    const file = dataPaths(folder.path).database
    await expect(openDatabase(file, ['CREATE TABLE a (x); CREATE TABLE nonsense'])).rejects.toThrow(/syntax|incomplete/)
    const repaired = await openDatabase(file, ['CREATE TABLE a (x)'])
    expect(repaired.database.prepare('SELECT count(*) AS n FROM a').get()).toMatchObject({ n: 0 })
    repaired.database.close()
  })
})
