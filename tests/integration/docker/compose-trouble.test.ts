import { rename } from 'node:fs/promises'
import { createServer } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Service, ServiceConfig } from '../../../shared/contract'
import { composePrograms, composeProject, type TestProject } from '../../support/compose'
import { describeWithDocker, type TestDocker } from '../../support/docker'
import { freePort } from '../../support/ports'
import { startRegistry } from '../../support/registry'
import { until } from '../../support/until'
import { composePanel, writeComfyui, type ComposePanel } from './compose-services'
import { long } from '../../support/long'

const [program] = await composePrograms()
const id = 'comfyui-qwen'

await describeWithDocker('a Compose service in trouble', (docker: TestDocker) => {
  if (!program) throw new Error('there is no Compose program on this machine')
  let project: TestProject
  let config: ServiceConfig
  let panel: ComposePanel

  const open = async (more: string[] = [], own: NodeJS.ProcessEnv | (() => NodeJS.ProcessEnv) = program.own) => {
    project = await composeProject(docker)
    config = await writeComfyui(project, docker.image, more)
    panel = await composePanel({ docker, own, services: [config] })
  }
  const close = async () => {
    await panel.close()
    await project.remove()
    expect(panel.bugs).toEqual([])
  }
  /** The problem that a promise is rejected with. */
  const problemOf = (promise: Promise<unknown>) =>
    promise.then(
      () => null,
      (error: unknown) => (error instanceof Error && 'id' in error ? error.id : error),
    )

  describe('that runs', () => {
    beforeAll(async () => {
      const port = await freePort()
      await open([
        ...['    mem_limit: 256m', '    memswap_limit: 256m'],
        ...['  brittle:', `    image: ${docker.image}`, `    ports: ["127.0.0.1:${port}:80"]`, '    entrypoint:'],
        ...['      - /bin/node', '      - -e', `      - ${JSON.stringify(dies)}`],
      ])
      brittle = panel.services.create({
        id: 'brittle',
        kind: 'forge',
        runtime: 'compose',
        url: `http://127.0.0.1:${port}`,
        compose: { file: project.file, service: 'brittle', project: project.name },
      })
      await panel.services.start(id)
      await panel.reaches(id, 'ready', ({ health }) => health.state === 'ready')
    })
    afterAll(close)

    /** A program that ends with an exit code when it is asked to. */
    const dies = "require('http').createServer((q, r) => q.url === '/die' ? process.exit(3) : r.end()).listen(80)"
    let brittle: Service

    const again = async () => {
      await panel.services.start(id)
      await panel.reaches(id, 'ready', ({ health }) => health.state === 'ready')
    }

    test('put to sleep by somebody else it is stopped, within 300 ms of Docker’s word', async () => {
      const container = await project.container(id)
      await container.stop({ t: 5 })
      const told = performance.now()
      await panel.reaches(id, 'stopped', ({ health }) => health.state === 'stopped')
      const first = panel.seen(id).find(({ at, container: seen }) => at > told - 1000 && seen?.state === 'exited')
      expect((first?.at ?? Infinity) - told).toBeLessThan(300)
      await again()
    })

    test('that crashes is unhealthy with its exit code', long, async () => {
      const started = await panel.services.start('brittle')
      await fetch(`${brittle.url}/die`).catch(() => undefined)
      const ended = await panel.reaches('brittle', 'unhealthy', ({ health }) => health.state === 'unhealthy')
      expect(ended.container).toMatchObject({ id: started.container?.id, state: 'exited', exitCode: 3 })
      expect(ended.health.params?.['code']).toBe(3)
    })

    test('that uses more memory than its limit is told as such', long, async () => {
      const hungry = 'const kept = []; for (;;) kept.push(Buffer.alloc(16e6, 1))'
      const container = await project.container(id)
      // The program itself must be the one that is killed, not a helper beside it.
      await (await container.exec({ Cmd: ['/bin/sh', '-c', 'echo 1000 > /proc/1/oom_score_adj'] })).start({})
      const exec = await container.exec({ Cmd: ['/bin/node', '-e', hungry] })
      await exec.start({})
      const ended = await panel.reaches(id, 'ended', ({ health }) => health.state === 'unhealthy')
      await until('the reason', () => panel.services.get(id).health.problem?.startsWith('ending.oom'))
      expect(ended.id).toBe(id)
      await again()
    })

    test('made anew behind our back it is followed to its new container', long, async () => {
      const before = panel.services.get(id).container?.id
      await project.compose(program, '--project-name', project.name, 'up', '-d', '--force-recreate', id)
      const after = await panel.reaches(
        id,
        'the new container',
        ({ container, health, adopted }) => container?.id !== before && health.state === 'ready' && adopted,
      )
      expect(after.operation).toBeNull()
      await panel.services.stop(id)
      await again()
    })

    test('removed behind our back it is absent, and can be made again', long, async () => {
      await (await project.container(id)).remove({ force: true })
      const gone = await panel.reaches(id, 'absent', ({ health }) => health.state === 'absent')
      expect(gone.health.problem).toBe('compose.removed')
      expect(gone.container).toBeNull()
      await again()
    })
  })

  describe('that cannot start', () => {
    beforeEach(() => open())
    afterEach(close)

    test('for another program has its port', long, async () => {
      const server = createServer((_, response) => response.end('somebody else'))
      await new Promise<void>((resolve) => server.listen(Number(new URL(config.url).port), '127.0.0.1', resolve))
      try {
        expect(await problemOf(panel.services.start(id))).toBe('service.port-taken')
        // Compose itself, asked to make it, finds the same.
        expect(await problemOf(panel.services.recreate(id))).toBe('compose.port-taken')
      } finally {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
      const failed = await panel.reaches(id, 'unhealthy', ({ health }) => health.state === 'unhealthy')
      expect(failed.operation).toBeNull()
    })

    test('for its Compose file is broken: the line is named', async () => {
      await project.write('compose.yaml', 'services:\n  comfyui-qwen:\n    image: x\n   broken: [\n')
      expect(await problemOf(panel.services.start(id))).toBe('compose.yaml')
      const failed = panel.services.get(id)
      expect(failed.health.params?.['line']).toBe(4)
    })

    test('for its image is in no registry', async () => {
      const registry = await startRegistry({ pauseMs: 1 })
      try {
        await project.write('compose.yaml', `services:\n  ${id}:\n    image: ${registry.host}/nope:1\n`)
        expect(await problemOf(panel.services.start(id))).toBe('compose.image-missing')
        expect(await problemOf(panel.services.pull(id))).toBe('compose.image-missing')
      } finally {
        await registry.close()
      }
    })

    test('a pull tells how far it is, and can be cancelled in the middle', async () => {
      const registry = await startRegistry({ pauseMs: 400 })
      const image = `${registry.host}/slow:1`
      try {
        await project.write('compose.yaml', `services:\n  ${id}:\n    image: ${image}\n`)
        const pulling = problemOf(panel.services.pull(id))
        const during = await Promise.race([
          pulling,
          panel.reaches(id, 'a step', ({ progress }) => (progress?.steps.length ?? 0) > 0),
        ])
        expect(during).toMatchObject({ operation: 'pull', progress: { cancellable: true } })
        expect(await problemOf(panel.services.start(id))).toBe('service.busy')
        const cancelled = await panel.services.cancel(id)
        expect(cancelled).toMatchObject({ operation: null, progress: null })
        expect(await pulling).toBe('compose.cancelled')
      } finally {
        await registry.close()
      }
      const images = await docker.client.listImages({ filters: { reference: [image] } })
      expect(images).toEqual([])
    })

    test('a start can be cancelled while Compose pulls', long, async () => {
      const registry = await startRegistry({ pauseMs: 400 })
      try {
        await project.write('compose.yaml', `services:\n  ${id}:\n    image: ${registry.host}/slow:1\n`)
        const starting = problemOf(panel.services.start(id))
        await panel.reaches(id, 'a step', ({ progress }) => (progress?.steps.length ?? 0) > 0)
        const stopped = await panel.services.stop(id)
        expect(stopped.operation).toBeNull()
        expect(await starting).toBe('compose.cancelled')
        expect(await project.containers()).toEqual([])
      } finally {
        await registry.close()
      }
    })

    test('its files are gone: it is stopped and started without them, and not recreated', async () => {
      await project.compose(program, '--project-name', project.name, 'up', '-d')
      await rename(project.file, `${project.file}.away`)
      const ready = await panel.reaches(id, 'ready', ({ health }) => health.state === 'ready')
      expect(ready.container?.state).toBe('running')
      // That look may have been under way when the file went.
      await panel.services.probe(id)
      expect(await problemOf(panel.services.recreate(id))).toBe('compose.file-missing')
      expect((await panel.services.stop(id)).container).toMatchObject({ id: ready.container?.id, state: 'exited' })
      expect((await panel.services.start(id)).container).toMatchObject({ id: ready.container?.id, state: 'running' })
      expect(panel.compose.projects().find(({ name }) => name === project.name)?.reason?.problem).toBe(
        'compose.files-elsewhere',
      )
    })
  })

  test('without a Compose program a start says what to install, and finds it once it is there', long, async () => {
    let own: NodeJS.ProcessEnv = { ...process.env, PATH: '/nonexistent', DOCKER_CONFIG: '/nonexistent' }
    await open([], () => own)
    try {
      await panel.reaches(id, 'absent', ({ health }) => health.state === 'absent')
      expect(await problemOf(panel.services.start(id))).toBe('compose.cli-missing')
      expect(panel.services.get(id).health.problem).toBe('compose.cli-missing')
      own = program.own
      await panel.services.start(id)
    } finally {
      await close()
    }
  })
})
