import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { GatewayListener } from '../../../shared/contract'
import { nvidiaSmiOnPath } from '../../support/nvidia-smi'
import { bundlePanelPrograms } from '../../support/panel'
import { until } from '../../support/until'
import { startWakingPanel, type WakingPanel } from '../../support/waking'

/** The larger card of the workstation that is replayed: 24 GiB, of which 3 to 7 are in use. */
const card = 'GPU-9f8e7d6c-aaaa-bbbb-cccc-ddddeeeeffff'

// The replay program is started through a shell script, which Windows does not run.
describe.skipIf(process.platform === 'win32')('whether its model fits, told to who waits for a service', () => {
  let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
  let house: WakingPanel
  beforeAll(async () => {
    for (const [name, value] of Object.entries(nvidiaSmiOnPath('workstation'))) vi.stubEnv(name, value)
    programs = await bundlePanelPrograms()
    house = await startWakingPanel(programs)
    await until('the cards are read', async () => {
      const { body } = await house.running.rest('GET', 'gpus')
      return Array.isArray(body) && body.length === 2
    })
  })
  afterAll(async () => {
    await house.stop()
    await programs.remove()
    vi.unstubAllEnvs()
  })

  const needs = (vramLimitMiB: number) =>
    house.running.rest('PATCH', `services/${house.id}`, { gpuUuid: card, vramLimitMiB })
  /** The page of a browser that wakes it, and what REST tells of the wait meanwhile. */
  async function woken() {
    await house.act('stop')
    await house.is('stopped')
    const page = await house.ask('/', { headers: { accept: 'text/html' } })
    const { listeners } = (await house.running.rest('GET', 'gateway')).body as { listeners: GatewayListener[] }
    await house.is('ready')
    return { page, waking: listeners.find(({ serviceId }) => serviceId === house.id)?.waking }
  }

  test('the page and REST say what is missing, and say nothing where it fits', async () => {
    expect(await needs(200_000)).toMatchObject({ status: 200 })
    const tooLarge = await woken()
    expect(tooLarge.page.status).toBe(503)
    expect(tooLarge.page.text).toMatch(
      /needs about 195.3 GiB, [\d.]+ are free on NVIDIA [^:]+: [\d.]+ GiB are missing\./,
    )
    expect(tooLarge.waking).toMatchObject({ fit: { problem: 'memory.too-large', params: { id: house.id } } })

    await needs(1_000)
    const fits = await woken()
    expect(fits.page.text).toContain(`${house.id} is starting`)
    expect(fits.page.text).not.toContain('GiB')
    expect(fits.waking?.fit).toBeUndefined()
  })
})
