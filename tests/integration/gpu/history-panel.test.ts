import { expect, test } from 'vitest'
import { replayedGpus, startHeadless } from '../../support/headless'
import { writeGpuPast } from '../../support/gpu-past'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

const hour = 3_600_000
const first = 'GPU-00000000-0000-1111-2222-333344445555'
const second = 'GPU-00000001-0000-1111-2222-333344445555'

test('a card’s past is told over REST, survives a kill, and goes on with what nvidia-smi says now', async () => {
  await using folder = await temporaryFolder('regie-gpu-past')
  await writeGpuPast({ data: folder.path, uuids: [first, second], forMs: 26 * hour })
  const options = { data: folder.path, env: replayedGpus('eight') }
  const panel = await startHeadless(options)
  try {
    const past = await panel.client.gpus.history({ uuid: second, from: Date.now() - 24 * hour })
    expect(past.totals.hottest).toMatchObject({ celsius: 91 })
    expect(past.totals.energyWh).toBeGreaterThan(1000)
    expect(past.slowed.at(-1)?.reasons).toEqual(['heat'])
    expect(past.load.mean.filter((value) => value !== null).length).toBeGreaterThan(350)

    await until(
      'what is sampled now is in it',
      async () => {
        const now = await panel.client.gpus.history({ uuid: second, from: Date.now() - 60_000 })
        return now.load.mean.some((value) => value !== null)
      },
      20_000,
    )
    const missing = await panel.rest('/gpus/GPU-none/history')
    expect(missing.status).toBe(404)
    expect(await missing.json()).toMatchObject({ code: 'NOT_FOUND', data: { problem: 'gpu.no-history' } })
    const turned = await panel.rest(`/gpus/${second}/history?from=2000&to=1000`)
    expect(turned.status).toBe(400)

    await panel.kill()
    const again = await startHeadless(options)
    try {
      const { load, gaps, from } = await again.client.gpus.history({ uuid: second, from: Date.now() - 24 * hour })
      expect(load.mean.filter((value) => value !== null).length).toBeGreaterThan(350)
      expect(gaps.every(({ to }) => to >= from)).toBe(true)
    } finally {
      await again.stop()
    }
  } finally {
    await panel.stop()
  }
})
