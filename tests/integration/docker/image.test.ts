import { expect, test } from 'vitest'
import { describeWithDocker } from '../../support/docker'

await describeWithDocker('the test image', ({ client, image }) => {
  test('holds node, a shell and the simulator', async () => {
    const output: unknown = await client.run(image, ['--version'], process.stdout, {
      Entrypoint: ['/bin/sh', '-c', 'node --version && test -f /app/simulator.js'],
      HostConfig: { AutoRemove: true, NetworkMode: 'none' },
    })
    expect(output).toEqual(expect.arrayContaining([expect.objectContaining({ StatusCode: 0 })]))
  })
})
