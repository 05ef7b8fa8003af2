import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createListeners } from '../../../electron/async/listeners'
import type { PanelEvent, Service } from '../../../shared/contract'
import { startComfyuiSimulator } from '../../../electron/simulator/comfyui'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { freePort } from '../../support/ports'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'
import { comfyui } from '../kinds/simulators'
import { ended, openGallery } from './gallery'

const small = { width: 256, height: 256, steps: 2 }

describe('a generation whose service has ended', () => {
  it('fails at once, and does not wait for an answer that cannot come', async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui({ behaviour: { hangAtStep: 1 } }, { lostAfterMs: 600_000, quietMs: 600_000 })
    const news = createListeners<[PanelEvent]>()
    const gone = new Set<string>()
    const more = { listen: news.on, hasEnded: (id: string) => gone.has(id) }
    await using gallery = await openGallery(folder.path, { comfy: service.backend }, more)
    // What else the event holds is not looked at.
    const tell = (id: string) => news.tell({ type: 'service', service: { id } } as PanelEvent)
    const create = () =>
      gallery.generations.create({ by: 'admin', serviceId: 'comfy', params: { prompt: 'x', ...small } })
    const working = await create()
    await create()
    await until('it runs', () => gallery.generations.get(working.id).state === 'running')

    gone.add('another')
    for (const id of ['another', 'comfy']) tell(id)
    expect(gallery.generations.get(working.id).state).toBe('running')
    gone.add('comfy')
    tell('comfy')
    gone.clear()

    expect(await ended(gallery.generations, working.id)).toMatchObject({
      state: 'failed',
      error: { problem: 'generation.service-ended', params: { service: 'comfy' } },
    })
    // Its line goes on: the next one finds out by itself.
    const queued = () => service.backend.queueState(AbortSignal.timeout(5_000))
    await until('the next is handed over', async () => (await queued()).waiting === 1)
    expect(gallery.bugs).toEqual([])
  })

  it('is not waited for after a restart of the panel', async () => {
    await using folder = await temporaryFolder()
    await using service = await comfyui({ behaviour: { hangAtStep: 1 } })
    const backends = { comfy: service.backend }
    const first = await openGallery(folder.path, backends)
    const { id } = await first.generations.create({
      by: 'admin',
      serviceId: 'comfy',
      params: { prompt: 'x', ...small },
    })
    await until('it runs', () => first.generations.get(id).state === 'running')
    await first.generations.close()
    await service.simulator.close()

    const patience = { reachMs: 600_000, everyMs: 20 }
    await using gallery = await openGallery(folder.path, backends, { patience, hasEnded: () => true })

    expect((await ended(gallery.generations, id)).error?.problem).toBe('generation.interrupted-by-restart')
  })
})

describe('in the panel', () => {
  let bundle: Awaited<ReturnType<typeof bundlePanelPrograms>>
  let running: RunningPanel
  beforeAll(async () => {
    bundle = await bundlePanelPrograms()
    running = await startPanel({ programs: bundle.programs, demo: false })
  })
  afterAll(async () => {
    await running.stop()
    await bundle.remove()
  })

  const serviceOf = (id: string) => running.panel.parts.services.get(id)
  const generate = (serviceId: string) =>
    running.panel.parts.generations.create({ by: 'admin', serviceId, params: { prompt: 'x', ...small } })

  it('a program that dies takes its generation along, within seconds', async () => {
    const folder = path.join(running.dataFolder, 'dies')
    await mkdir(folder, { recursive: true })
    const behaviour = path.join(folder, 'behaviour.json')
    await writeFile(behaviour, JSON.stringify({ hangAtStep: 1, loadMs: 0, preview: 'none' }))
    const port = await freePort()
    const args = ['comfyui', '--folder', folder, '--port', String(port), '--behaviour', behaviour]
    const spec = { command: process.execPath, args: [bundle.programs.simulator, ...args, '--disable-all-custom-nodes'] }
    const about = { id: 'dies', kind: 'comfyui', runtime: 'process', url: `http://127.0.0.1:${port}` }
    await running.rest('POST', 'services', { ...about, process: spec })
    await running.rest('POST', 'services/dies/start')
    await until('it is ready', () => serviceOf('dies').health.state === 'ready')
    const { id } = await generate('dies')
    await until('it runs', () => running.panel.parts.generations.get(id).state === 'running')

    const killedAt = performance.now()
    process.kill(serviceOf('dies').pid ?? 0, 'SIGKILL')
    const done = await until('its end', () => {
      const now = running.panel.parts.generations.get(id)
      return now.state === 'running' ? null : now
    })

    expect(done).toMatchObject({ state: 'failed', error: { problem: 'generation.service-ended' } })
    expect(performance.now() - killedAt).toBeLessThan(10_000)
  })

  it('a failed generation makes it look at the service at once', async () => {
    await using folder = await temporaryFolder()
    const simulator = await startComfyuiSimulator({
      folder: folder.path,
      withoutLogin: true,
      behaviour: { oomAtStep: 1, loadMs: 0, preview: 'none' },
    })
    try {
      await running.rest('POST', 'services', { id: 'away', kind: 'comfyui', runtime: 'external', url: simulator.url })
      await until('it is ready', () => serviceOf('away').health.state === 'ready')
      const seenAt = (service: Service) => service.health.checkedAt ?? 0
      // No page is open: the next look by itself is a minute away.
      const before = seenAt(serviceOf('away'))
      const { id } = await generate('away')
      await until('its end', () => running.panel.parts.generations.get(id).state === 'failed')

      await until('a look', () => seenAt(serviceOf('away')) > before, 5_000)
    } finally {
      await simulator.close()
    }
  })
})
