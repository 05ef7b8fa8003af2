import { expect, it, onTestFinished } from 'vitest'
import { ensureBuilt } from '../../../electron/build.mjs'
import { startHeadless } from '../../support/headless'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

const id = 'comfyui-demo'

it('a load test that a killed panel leaves is told as interrupted by the next one, with the figures kept last', async () => {
  await ensureBuilt()
  await using folder = await temporaryFolder('regie-load-killed')
  const first = await startHeadless({ data: folder.path })
  onTestFinished(() => first.stop())
  const { client } = first
  await client.services.start({ id })
  await until('the service is ready', async () => (await client.services.get({ id })).health.state === 'ready')
  const params = { steps: 1, width: 64, height: 64 }
  const { id: testId } = await client.loadTests.start({ id, count: 1000, concurrency: 2, params })
  // What was measured is written down every other second.
  const began = performance.now()
  await until('some images are done, and some time has gone', async () => {
    const { figures } = await client.loadTests.get({ id, testId })
    return figures.done > 2 && performance.now() - began > 3_000
  })
  await first.kill()

  const second = await startHeadless({ data: folder.path })
  onTestFinished(() => second.stop())
  const { running, tests } = await second.client.loadTests.list({ id })
  expect(running).toBeNull()
  expect(tests).toMatchObject([{ id: testId, state: 'interrupted', reason: { problem: 'load-test.interrupted' } }])
  const { figures, finishedAt } = await second.client.loadTests.get({ id, testId })
  expect(finishedAt).not.toBeNull()
  expect(figures.done).toBeGreaterThan(0)
  await second.stop()
})
