import { connect, createServer, type Socket } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ServiceConfig } from '../../../shared/contract'
import { composePrograms, composeProject, type TestProject } from '../../support/compose'
import { describeWithDocker, type TestDocker } from '../../support/docker'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'
import { composePanel, writeComfyui, type ComposePanel } from './compose-services'

/** A way to the engine that can be cut: a socket of its own that hands everything on. */
async function cuttable(host: string) {
  const folder = await temporaryFolder('regie-engine-way')
  const at = path.join(folder.path, 'docker.sock')
  const target = host.replace(/^unix:\/\//, '')
  const sockets = new Set<Socket>()
  const open = () => {
    const server = createServer((near) => {
      const far = connect(target)
      for (const socket of [near, far]) {
        sockets.add(socket)
        socket.on('close', () => sockets.delete(socket))
        socket.on('error', () => undefined)
      }
      near.pipe(far).pipe(near)
      near.on('close', () => far.destroy())
      far.on('close', () => near.destroy())
    })
    return new Promise<typeof server>((resolve) => server.listen(at, () => resolve(server)))
  }
  let server = await open()
  const cut = () =>
    new Promise((resolve) => {
      server.close(resolve)
      for (const socket of sockets) socket.destroy()
    })
  return {
    host: `unix://${at}`,
    cut,
    mend: async () => (server = await open()),
    async close() {
      if (server.listening) await cut()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const [program] = await composePrograms()
const id = 'comfyui-qwen'

await describeWithDocker('a Compose service whose engine is lost', (docker: TestDocker) => {
  if (!program) throw new Error('there is no Compose program on this machine')
  let project: TestProject
  let config: ServiceConfig
  let panel: ComposePanel
  let way: Awaited<ReturnType<typeof cuttable>>

  beforeAll(async () => {
    way = await cuttable(docker.host)
    project = await composeProject(docker)
    config = await writeComfyui(project, docker.image)
    panel = await composePanel({ docker: { ...docker, host: way.host }, own: program.own, services: [config] })
    await panel.services.start(id)
    await panel.reaches(id, 'ready', ({ health }) => health.state === 'ready')
    // What is to be remembered must have been seen.
    await panel.reaches(id, 'its container', ({ container }) => container?.state === 'running')
  })
  afterAll(async () => {
    await panel.close()
    await way.close()
    await project.remove()
    expect(panel.bugs).toEqual([])
  })

  test('answers on: it stays ready, and is not said to have stopped', async () => {
    await way.cut()
    await panel.services.probe(id)
    const service = await panel.reaches(id, 'a look without Docker', ({ health }) =>
      health.rungs.some(({ id: rung, asked }) => rung === 'present' && asked === 'docker version'),
    )
    expect(service.health.state).toBe('ready')
    expect(service.container?.state).toBe('running')
  })

  test('falls silent meanwhile: its state is unknown for Docker does not answer, and its container as last known', async () => {
    await (await project.container(id)).stop({ t: 5 })
    await until('the engine to be given up', () => panel.engine.status().state === 'unreachable')
    await panel.services.probe(id)
    await panel.services.probe(id)
    const service = await panel.reaches(id, 'unknown', ({ health }) => health.problem?.startsWith('docker.') === true)
    expect(service.health.state).toBe('unhealthy')
    expect(service.container?.state).toBe('running')
    await expect(panel.services.restart(id)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  })

  test('once the engine answers again it is as it is', async () => {
    await way.mend()
    await panel.engine.reconnect()
    const service = await panel.reaches(id, 'stopped', ({ health }) => health.state === 'stopped')
    expect(service.container?.state).toBe('exited')
    await panel.services.start(id)
    await panel.reaches(id, 'ready', ({ health }) => health.state === 'ready')
  })
})
