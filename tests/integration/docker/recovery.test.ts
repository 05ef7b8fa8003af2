import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { Rotation } from '../../../shared/contract'
import { composePrograms } from '../../support/compose'
import { describeWithDocker } from '../../support/docker'
import { long } from '../../support/long'
import { until } from '../../support/until'
import { checkWorld, recovered } from '../../torture/checks'
import { bundleTorture, type TorturePrograms } from '../../torture/process'
import { composeWorld, type World } from '../../torture/world'

/** A way to the engine that opens when it is told to. */
function wayTo(host: string, at: string): Promise<Server> {
  const server = createServer((near) => {
    const far = connect(host.replace(/^unix:\/\//, ''))
    for (const socket of [near, far]) socket.on('error', () => undefined)
    near.pipe(far).pipe(near)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  return new Promise((resolve) => server.listen(at, () => resolve(server)))
}

const About = z.object({ notices: z.array(z.object({ problem: z.string() })) })

await describeWithDocker('a rotation that a crash left while Docker is away', (docker) => {
  let programs: TorturePrograms
  let world: World
  let folder: string
  let way: Server | undefined

  beforeAll(async () => {
    const [program] = await composePrograms()
    programs = await bundleTorture()
    folder = await mkdtemp(path.join(os.tmpdir(), 'regie-way-'))
    world = await composeWorld(programs, docker, { mounts: 'folder', ...(program ? { env: program.own } : {}) })
  }, 180_000)
  afterAll(async () => {
    await world.remove()
    way?.close()
    await rm(folder, { recursive: true, force: true })
    await programs.remove()
  })

  test(
    'keeps both secrets and says what it waits for, and is rolled back when Docker is there',
    { ...long, timeout: 180_000 },
    async () => {
      const before = await world.secrets()
      const operation = 'left-by-a-crash'
      await world.panel().arm({ at: 'journal', step: 'prove', when: 'after' })
      await Promise.race([
        world.panel().gone,
        world.panel().call('POST', 'credentials/forge/rotate', { operationId: operation }),
      ]).catch(() => undefined)
      await world.panel().gone
      const socket = path.join(folder, 'docker.sock')
      world.env = { ...world.env, DOCKER_HOST: `unix://${socket}` }

      await world.begin().listening()

      const last = async () => Rotation.parse(await world.panel().call('GET', 'credentials/forge/rotation'))
      await until('the recovery to wait', async () =>
        (await last()).steps.some(({ lines }) => lines.some(({ line }) => line === 'roll-back.waiting')),
      )
      const { notices } = About.parse(await world.panel().call('GET', 'about'))
      expect(notices.map(({ problem }) => problem)).toContain('rotation.waiting')
      await expect(world.panel().call('POST', 'credentials/forge/rotate', {})).rejects.toThrow('rotation.running')
      way = await wayTo(docker.host, socket)
      await recovered(world)
      expect(await checkWorld(world, { forge: operation }, before)).toEqual({ forge: 'rolled-back' })
    },
  )
})
