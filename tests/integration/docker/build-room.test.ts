import os from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../../electron/docker/create-engine'
import { assertBuildRoom, imageGiBOf, lookAtBuildRoom } from '../../../electron/docker/room/build-room'
import { roomForImages } from '../../../electron/docker/room/free'
import { describeWithDocker } from '../../support/docker'
import { until } from '../../support/until'

await describeWithDocker('room for a build', (docker) => {
  let engine: ReturnType<typeof createEngine>
  let containerId: string
  const here = {
    platform: process.platform,
    hostname: os.hostname(),
    kernel: os.release(),
    env: process.env,
    home: os.homedir(),
  }

  beforeAll(async () => {
    engine = createEngine({
      address: { read: () => docker.host, write: () => undefined },
      composeProgram: () => Promise.resolve(null),
      reportBug: (error) => {
        throw error
      },
    })
    const made = await docker.client.createContainer({
      Image: docker.image,
      Entrypoint: ['/bin/node', '-e', 'process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1e6)'],
      HostConfig: { NetworkMode: 'none' },
    })
    await made.start()
    containerId = made.id
    await until('its container', () => engine.containers().some(({ id }) => id === containerId))
  })
  afterAll(async () => {
    await engine.close()
    await docker.client.getContainer(containerId).remove({ force: true })
  })

  test('is told by this machine, and by a container where this machine cannot see it: about the same', async () => {
    const seen = await roomForImages(engine, here)
    const asked = await roomForImages(engine, { ...here, hostname: 'another-machine' })
    expect(seen.leastBytes).toBeGreaterThan(0)
    expect(asked.leastBytes).toBeGreaterThan(0)
    // Others write to the same disk meanwhile.
    expect(Math.abs((asked.leastBytes ?? 0) - (seen.leastBytes ?? 0))).toBeLessThan(8 * 2 ** 30)
  })

  test('is refused by name and figures when there is too little, and not when there is enough', async () => {
    await expect(assertBuildRoom(engine, 1_000_000)).rejects.toMatchObject({
      id: 'docker.no-room',
      params: { needed: 1_500_002 },
    })
    expect((await lookAtBuildRoom(engine, 0.01)).state).toBe('fits')
  })

  test('is judged by the image that is there, where there is one', async () => {
    expect(await imageGiBOf(engine, docker.image)).toBeGreaterThan(0.01)
    expect(await imageGiBOf(engine, 'regie-no-such-image:none')).toBeNull()
  })
})
