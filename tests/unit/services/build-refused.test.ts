import { expect, test, vi } from 'vitest'
import { createContainerActs } from '../../../electron/services/runtimes/compose/acts'
import { Problem } from '../../../shared/problems'

type Parts = Parameters<typeof createContainerActs>[0]

test('a build that will not fit is refused before Compose is asked for it', async () => {
  const build = vi.fn(() => Promise.resolve())
  const parts = {
    id: 'qwen',
    spec: { file: '/srv/compose.yaml', service: 'qwen' },
    compose: { build },
    services: () => Promise.resolve({ qwen: { hasBuild: true } }),
    lives: {},
    telling: { recreateRefusal: () => Promise.resolve(null) },
    assertBuildRoom: () =>
      Promise.reject(new Problem('docker.no-room', { free: 3, needed: 17, where: '/var/lib/docker' })),
  }
  // As much of Compose and of the runtime as a build asks for.
  const acts = createContainerActs(parts as unknown as Parts)
  const work = { signal: new AbortController().signal, onStep: () => undefined }
  await expect(acts.build(work)).rejects.toMatchObject({ id: 'docker.no-room', params: { free: 3, needed: 17 } })
  expect(build).not.toHaveBeenCalled()
})
