import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startComfyuiSimulator, type Simulator } from '../../../electron/simulator/comfyui'
import { startForgeSimulator } from '../../../electron/simulator/forge'
import { dataPaths } from '../../../electron/storage/paths'
import { Attention, Golden, GoldenCheck, type GoldenFinding } from '../../../shared/contract'
import { adminToken, bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let comfyui: Simulator
let forge: Simulator
let running: RunningPanel

/** A pace at which a busy machine's own time is a small part. */
const stepMs = 100
const steps = 20
const loadMs = 900
const pace = { stepMs, loadMs, preview: 'none' } as const

beforeAll(async () => {
  programs = await bundlePanelPrograms()
  folder = await temporaryFolder('golden')
  comfyui = await startComfyuiSimulator({ folder: path.join(folder.path, 'c'), withoutLogin: true, behaviour: pace })
  forge = await startForgeSimulator({
    ...{ folder: path.join(folder.path, 'f'), protect: 'none', behaviour: pace },
  })
  running = await startPanel({
    ...{ programs: programs.programs, demo: false },
    goldenPatience: { pictureMs: 60_000, unloadMs: 0 },
  })
  for (const [id, { url }] of [
    ['comfyui', comfyui],
    ['forge', forge],
  ] as const) {
    const { status } = await running.rest('POST', 'services', { id, kind: id, runtime: 'external', url })
    expect(status).toBe(201)
    await until('it is ready', () => running.panel.parts.services.get(id).health.state === 'ready')
    const params = { steps, width: 256, height: 256 }
    expect(await running.rest('PATCH', `services/${id}/golden`, { params })).toMatchObject({ status: 200 })
  }
})
afterAll(async () => {
  await running.stop()
  await comfyui.close()
  await forge.close()
  await folder[Symbol.asyncDispose]()
  await programs.remove()
})

const read = async (id = 'comfyui') => Golden.parse((await running.rest('GET', `services/${id}/golden`)).body)
const check = async (id = 'comfyui') => {
  const { status, body } = await running.rest('POST', `services/${id}/golden/checks`, {})
  expect([status, body]).toEqual([200, expect.anything()])
  return GoldenCheck.parse(body)
}
const found = ({ findings }: GoldenCheck, id: GoldenFinding['id']) => findings.find((one) => one.id === id)
const attentionOf = async (kind: string) =>
  Attention.parse((await running.rest('GET', 'attention')).body).items.find((item) => item.kind === kind)
/** Within 5 %. */
const near = (value: number | null, wanted: number) => {
  expect(value).toBeGreaterThan(wanted * 0.95)
  expect(value).toBeLessThan(wanted * 1.05)
}

describe('a golden check of ComfyUI', () => {
  it('measures the pace of the service, computes anew and verifies the image; it is nobody’s generation', async () => {
    const first = await check()
    expect(first).toMatchObject({ state: 'passed', trigger: 'asked', by: 'admin', hasPicture: true, slowerPct: null })
    expect(found(first, 'sampled')).toMatchObject({ state: 'passed', value: steps, limit: steps })
    expect(found(first, 'picture')).toMatchObject({ state: 'passed' })
    expect(found(first, 'similarity')).toMatchObject({ state: 'skipped', reason: { problem: 'golden.none' } })
    near(first.stepMs, stepMs)
    // The cold one loads its model first; both are a little longer than their steps.
    expect(first.warmMs).toBeGreaterThanOrEqual(steps * stepMs)
    expect((first.coldMs ?? 0) - (first.warmMs ?? 0)).toBeGreaterThan(loadMs * 0.6)
    expect(first.conditions.version).toEqual(expect.any(String))
    expect((await running.rest('GET', 'generations')).body).toMatchObject({ items: [] })
    expect((await running.rest('GET', 'usage?by=user')).body).toMatchObject({ total: { jobs: 0, images: 0 } })
  })

  it('stands in the health as a sixth rung, and changes no state', async () => {
    const { health } = await until('the rung', () => {
      const service = running.panel.parts.services.get('comfyui')
      return service.health.proved ? service : null
    })
    expect(health.state).toBe('ready')
    expect(health.rungs).toHaveLength(5)
    expect(health.proved).toMatchObject({ state: 'proven', checkId: (await read()).checks[0]?.id })
  })

  it('is compared with the image that a person accepted, and is not answered from the cache of the check before', async () => {
    const { checks } = await read()
    const accepted = await running.rest('PUT', 'services/comfyui/golden/image', { checkId: checks[0]?.id })
    expect(accepted).toMatchObject({ status: 200, body: { golden: { id: checks[0]?.id } } })
    const second = await check()
    expect(found(second, 'similarity')).toMatchObject({ state: 'passed', value: 1 })
    expect(found(second, 'sampled')).toMatchObject({ state: 'passed', value: steps })
    expect(Math.abs(second.slowerPct ?? 100)).toBeLessThan(30)
    const kept = await readdir(path.join(dataPaths(running.dataFolder).golden, 'comfyui'))
    expect(kept.sort()).toEqual([`${checks[0]?.id}.png`, `${second.id}.png`].sort())
    const headers = { authorization: `Bearer ${adminToken}` }
    const image = await fetch(new URL(`api/v1/services/comfyui/golden/images/${second.id}`, running.url), { headers })
    expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/png'])
  })

  it('that takes much longer than usual needs attention', async () => {
    comfyui.behave({ stepMs: stepMs * 1.6 })
    const slow = await check()
    comfyui.behave({ stepMs })
    expect(slow).toMatchObject({ state: 'passed' })
    expect(slow.slowerPct).toBeGreaterThan(30)
    expect(found(slow, 'time')).toMatchObject({ state: 'warning', limit: 30 })
    const item = await until('it needs attention', () => attentionOf('golden-slower'))
    expect(item).toMatchObject({ subject: 'comfyui', group: 'soon', leadsTo: { id: 'comfyui', tab: 'golden' } })
  })

  it.each([
    ['black', { picture: 'black' }, 'golden.black'],
    ['flat', { picture: 'flat' }, 'golden.flat'],
    ['of another size', { picture: 'small' }, 'golden.size'],
    ['out of a cache', { saysCached: true }, 'golden.cached'],
  ] as const)('that is %s fails, and needs attention', async (_what, behaviour, problem) => {
    comfyui.behave({ ...behaviour, stepMs: 1 })
    const bad = await check()
    comfyui.behave({ picture: 'painted', saysCached: false, stepMs })
    expect(bad).toMatchObject({ state: 'failed', reason: { problem } })
    if (problem === 'golden.size') expect(bad.reason?.params['wanted']).toBe('256×256')
    expect(await until('it needs attention', () => attentionOf('golden-failed'))).toMatchObject({ subject: 'comfyui' })
    expect(running.panel.parts.services.get('comfyui').health.state).toBe('ready')
    // Nobody makes that one the measure of all others.
    const { status } = await running.rest('PUT', 'services/comfyui/golden/image', { checkId: bad.id })
    expect(status).toBe(409)
  })

  it('is refused while one runs, and cancelled when asked', async () => {
    const begun = await running.rest('POST', 'services/comfyui/golden/checks', { wait: false })
    expect(begun).toMatchObject({ status: 200, body: { state: 'waiting' } })
    expect(await running.rest('POST', 'services/comfyui/golden/checks', {})).toMatchObject({
      ...{ status: 409, body: { data: { problem: 'golden.busy' } } },
    })
    const cancelled = await running.rest('POST', 'services/comfyui/golden/cancel', {})
    expect(cancelled).toMatchObject({ status: 200, body: { state: 'cancelled' } })
    await until('its job is off the service', async () => {
      const { running: now, waiting } = await running.panel.parts
        .backendOf('comfyui')
        .queueState(AbortSignal.timeout(5000))
      return now + (waiting ?? 0) === 0
    })
  })

  it('waits in line behind a generation', async () => {
    const params = { prompt: 'first', width: 256, height: 256, steps: 10 }
    const { body } = await running.rest('POST', 'generations', { serviceId: 'comfyui', params })
    const done = check()
    const { checks } = await read()
    const ended = await done
    expect(ended).toMatchObject({ state: 'passed' })
    expect(checks.map(({ id }) => id)).not.toContain(ended.id)
    const generation = running.panel.parts.generations.get((body as { id: string }).id) // the contract's answer
    expect(generation.state).toBe('succeeded')
  })

  it('of others at work on the service comes to nothing, and says nothing of it', async () => {
    const graph = await running.panel.parts
      .backendOf('comfyui')
      .resolve({ prompt: 'x', steps: 40 }, AbortSignal.timeout(5000))
    const abort = new AbortController()
    const foreign = running.panel.parts.services
      .backend('comfyui')
      .generate('5f0c6f8e-0000-4000-8000-000000000001', graph, abort.signal)
    const first = await foreign.next()
    expect(first.done).toBe(false)
    expect(await check()).toMatchObject({ state: 'skipped', reason: { problem: 'golden.others-work' } })
    abort.abort()
    for await (const event of foreign) if (event.type === 'cancelled') break
  })
})

describe('a golden check of Forge', () => {
  it('measures its pace, as far as Forge tells it', async () => {
    const made = await check('forge')
    expect(made).toMatchObject({ state: 'passed' })
    expect(made.stepMs).toBeGreaterThan(stepMs * 0.8)
    expect(made.stepMs).toBeLessThan(stepMs * 1.2)
    expect(found(made, 'sampled')).toMatchObject({ state: 'passed' })
  })
})

describe('golden checks', () => {
  it('are for administrators, and of services that there are', async () => {
    const stranger = await fetch(new URL('api/v1/services/comfyui/golden', running.url))
    expect(stranger.status).toBe(401)
    expect((await running.rest('GET', 'services/nobody/golden')).status).toBe(404)
    expect((await running.rest('PUT', 'services/comfyui/golden/image', { checkId: 'none' })).status).toBe(404)
  })

  it('of a service that is removed go with it', async () => {
    const { status } = await running.rest('DELETE', 'services/forge')
    expect(status).toBe(200)
    await until('its images are gone', async () => {
      const names = await readdir(dataPaths(running.dataFolder).golden)
      return !names.includes('forge')
    })
  })
})
