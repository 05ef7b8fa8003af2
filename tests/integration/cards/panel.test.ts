import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { CardTurns, type Generation } from '../../../shared/contract'
import { dataPaths } from '../../../electron/storage/paths'
import { nvidiaSmiOnPath } from '../../support/nvidia-smi'
import { makeCard } from '../../support/one-card'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

const uuid = 'GPU-11111111-2222-3333-4444-555555555555'
const ids = ['comfyui-demo', 'forge-demo'] as const

describe.skipIf(process.platform === 'win32')('two services of a panel on one card', () => {
  let panel: RunningPanel
  let place: Awaited<ReturnType<typeof temporaryFolder>>
  let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>

  beforeAll(async () => {
    place = await temporaryFolder('card')
    programs = await bundlePanelPrograms()
    const { folder } = await makeCard(path.join(place.path, 'card'))
    const scenario = path.join(place.path, 'scenario.json')
    await writeFile(scenario, JSON.stringify({ gpus: [{ index: '0', uuid, name: 'Made up' }], card: folder }))
    for (const [name, value] of Object.entries(nvidiaSmiOnPath(scenario))) vi.stubEnv(name, value)
    panel = await startPanel({ programs: programs.programs })
    const behaviour = { loadMs: 40, stepMs: 10, preview: 'none', card: { folder, takesMiB: 16_000 } }
    await Promise.all(
      ids.map(async (id) => {
        const own = path.join(dataPaths(panel.dataFolder).services, id)
        await mkdir(own, { recursive: true })
        await writeFile(path.join(own, 'behaviour.json'), JSON.stringify(behaviour))
        expect((await panel.rest('PATCH', `services/${id}`, { gpuUuid: uuid })).status).toBe(200)
        await panel.rest('POST', `services/${id}/start`)
        await until(`${id} is ready`, () => panel.panel.parts.services.get(id).health.state === 'ready')
      }),
    )
  })
  afterAll(async () => {
    await panel.stop()
    await programs.remove()
    await place[Symbol.asyncDispose]()
    vi.unstubAllEnvs()
  })

  const turns = async () => CardTurns.parse((await panel.rest('GET', `gpus/${uuid}/turns`)).body)

  /** Asks for one and follows it to its end; what it waited for is kept. */
  async function make(serviceId: string, waitedFor: Set<string>): Promise<Generation['state']> {
    const { generations } = panel.panel.parts
    const params = { prompt: 'x', width: 256, height: 256, steps: 4 }
    const { id } = await generations.create({ by: 'admin', serviceId, params })
    for await (const event of generations.watch(id))
      if (event.type === 'update' && event.generation.progress.waitsFor)
        waitedFor.add(event.generation.progress.waitsFor.problem)
    return generations.get(id).state
  }

  it('take turns for the Studio’s jobs: none runs out of memory, each is told what it waits for, and what was freed', async () => {
    const waitedFor = new Set<string>()
    const asked = [...ids, ...ids].map((id) => make(id, waitedFor))
    expect(await Promise.all(asked)).toEqual(Array(4).fill('succeeded'))
    expect([...waitedFor].every((problem) => problem.startsWith('card.'))).toBe(true)
    expect(waitedFor.size).toBeGreaterThan(0)

    const told = await turns()
    expect(told.totalMiB).toBe(24_000)
    expect(told.waiting).toEqual([])
    // The first makes room of what nobody knows yet to be empty; the last of what the other had loaded.
    expect(told.turns[0]).toMatchObject({ how: 'unloaded', freedMiB: 15_700, leftMiB: 300, by: 'admin' })
    // What each takes was seen on the card, for the next time.
    for (const lane of told.lanes) expect(lane).toMatchObject({ needMiB: 16_000, needFrom: 'seen' })
    expect(told.pairs).toEqual([{ one: ids[0], other: ids[1], leftMiB: 24_000 - 32_000 }])
  })

  it('are reckoned to take what is set by hand, until that is taken away', async () => {
    const set = (vramLimitMiB: number | null) => panel.rest('PATCH', `services/${ids[0]}`, { vramLimitMiB })
    const need = async () => (await turns()).lanes[0]
    expect((await set(9_000)).status).toBe(200)
    await until('it counts', async () => (await need())?.needFrom === 'limit')
    expect((await need())?.needMiB).toBe(9_000)
    expect((await set(0)).status).toBe(400)
    await set(null)
    await until('it counts no more', async () => (await need())?.needFrom === 'seen')
  })

  it('are started for a job of the Studio’s where they sleep and may be woken', async () => {
    const [id] = ids
    await panel.rest('POST', `services/${id}/stop`)
    expect((await panel.rest('PATCH', `services/${id}`, { idle: { wake: true } })).status).toBe(200)
    expect(await make(id, new Set())).toBe('succeeded')
  })

  it('are told of only where they share', async () => {
    const { status, body } = await panel.rest('GET', 'gpus/GPU-elsewhere/turns')
    expect({ status, body }).toMatchObject({ status: 404, body: { data: { problem: 'card.not-shared' } } })
  })
})
