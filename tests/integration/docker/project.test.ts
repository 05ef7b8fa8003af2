import { cp, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { ServiceConfig } from '../../../shared/contract'
import { composePrograms, composeProject, type TestCompose, type TestProject } from '../../support/compose'
import { describeWithDocker, type TestDocker } from '../../support/docker'
import { describeCompose, long } from '../../support/long'
import { freePort } from '../../support/ports'
import { composePanel, type ComposePanel } from './compose-services'

const programs = await composePrograms()
const id = 'comfy-main'
const sidecars = path.resolve(import.meta.dirname, '../../cases/compose/sidecars')

await describeWithDocker('a project with a dependency and a sidecar', (docker: TestDocker) => {
  let project: TestProject
  let panel: ComposePanel

  /** The case as it is, with images and a port that this machine has. */
  async function open(program: TestCompose, more: Record<string, string[]> = {}) {
    project = await composeProject(docker)
    await cp(sidecars, project.folder, { recursive: true })
    const [port, other] = [await freePort(), await freePort()]
    const idle =
      '    entrypoint: [/bin/node, -e, "process.on(\'SIGTERM\', () => process.exit()); setInterval(() => {}, 1e6)"]'
    const comfyui = ['comfyui', '--folder', '/data', '--host', '127.0.0.1', '--port', String(port)]
    await project.write(
      'here.yml',
      [
        'services:',
        ...['  redis:', `    image: ${docker.image}`, idle, '    command: []'],
        ...(more['redis'] ?? ['    healthcheck: { test: ["CMD", "/bin/sh", "-c", "exit 0"], interval: 1s }']),
        ...[
          `  ${id}:`,
          `    image: ${docker.image}`,
          `    command: ${JSON.stringify(comfyui)}`,
          '    stop_grace_period: 2s',
        ],
        ...(more[id] ?? []),
        ...['  gpu-exporter:', `    image: ${docker.image}`, idle, '    command: []'],
        '',
      ].join('\n'),
    )
    const file = project.at('compose.yml')
    // The exporter's own port is somebody's on a machine where tests run side by side.
    await writeFile(file, (await readFile(file, 'utf8')).replace('18216', String(other)))
    const config: ServiceConfig = {
      id,
      kind: 'comfyui',
      runtime: 'compose',
      url: `http://127.0.0.1:${port}`,
      compose: { file, overrides: [project.at('here.yml')], service: id, project: project.name },
    }
    panel = await composePanel({ docker, own: program.own, services: [config], startTimeoutMs: 60_000 })
    return config
  }
  afterEach(async () => {
    await panel.close()
    await project.remove()
    expect(panel.bugs).toEqual([])
  })

  const states = async () =>
    Object.fromEntries(
      (await project.containers()).map(({ Labels, State }) => [Labels['com.docker.compose.service'] ?? '', State]),
    )
  const ids = async () =>
    Object.fromEntries(
      (await project.containers()).map(({ Labels, Id }) => [Labels['com.docker.compose.service'] ?? '', Id]),
    )
  const problemOf = (promise: Promise<unknown>) =>
    promise.then(
      () => null,
      (error: unknown) => (error instanceof Error && 'id' in error ? error.id : error),
    )

  describeCompose(programs, {}, (program) => {
    test('a start brings the dependency, healthy, and says what it left stopped', async () => {
      await open(program)
      await panel.services.start(id)
      expect(await states()).toEqual({ redis: 'running', [id]: 'running' })
      const redis = await (await project.container('redis')).inspect()
      expect(redis.State.Health?.Status).toBe('healthy')
      const [view] = [await panel.services.project(id)]
      expect(view.name).toBe(project.name)
      expect(view.services.find(({ name }) => name === 'gpu-exporter')).toMatchObject({
        containers: [],
        serviceId: null,
      })
      expect(view.services.find(({ name }) => name === id)).toMatchObject({ dependsOn: ['redis'], serviceId: id })
      expect(await panel.panelLines(id)).toContain('Left stopped in its project: gpu-exporter.')
    })

    test(
      'started again, restarted and recreated it finds its dependency, which keeps its container',
      long,
      async () => {
        await open(program)
        await panel.services.start(id)
        const before = await ids()
        for (const act of ['start', 'restart', 'recreate'] as const) {
          await panel.services.stop(id)
          await (await project.container('redis')).stop({ t: 0 })
          await panel.services[act](id)
          const after = await ids()
          expect(await states()).toEqual({ redis: 'running', [id]: 'running' })
          expect(after['redis']).toBe(before['redis'])
          expect(after[id] === before[id]).toBe(act !== 'recreate')
        }
      },
    )
  })

  const [program] = programs
  if (!program) throw new Error('there is no Compose program on this machine')

  test('a changed dependency is not recreated by a start of the service', async () => {
    await open(program)
    await panel.services.start(id)
    const before = await ids()
    await panel.services.stop(id)
    await (await project.container('redis')).stop({ t: 0 })
    const file = project.at('compose.yml')
    await writeFile(file, (await readFile(file, 'utf8')).replace('"100000"', '"200000"'))
    await project.write(
      'here.yml',
      (await project.read('here.yml')).replace('command: []', 'environment: { NEW: "1" }'),
    )
    await panel.services.start(id)
    expect(await ids()).toEqual(before)
  })

  test('a dependency that becomes unhealthy ends the start, and is named', long, async () => {
    await open(program, {
      redis: ['    healthcheck: { test: ["CMD", "/bin/sh", "-c", "exit 1"], interval: 1s, retries: 1 }'],
    })
    expect(await problemOf(panel.services.start(id))).toBe('compose.dependency')
    expect(panel.services.get(id).health).toMatchObject({ problem: 'compose.dependency' })
  })

  test('the whole project can be started, stopped and taken down; what goes is told before', async () => {
    await open(program)
    await panel.services.startProject(id)
    expect(await states()).toEqual({ redis: 'running', [id]: 'running', 'gpu-exporter': 'running' })
    const started = await ids()
    const stopped = await panel.services.stopProject(id)
    expect(stopped.health.state).toBe('stopped')
    expect(await states()).toEqual({ redis: 'exited', [id]: 'exited', 'gpu-exporter': 'exited' })
    await panel.services.startProject(id)
    expect(await ids()).toEqual(started)
    // Somebody's own container in the project, which no file names.
    const stray = await docker.client.createContainer({
      name: `${project.name}-stray`,
      Image: docker.image,
      Labels: { 'com.docker.compose.project': project.name, 'com.docker.compose.service': 'stray' },
      HostConfig: { NetworkMode: 'none' },
    })
    const { services, others } = await panel.services.project(id)
    expect(others.map(({ name }) => name)).toEqual([`${project.name}-stray`])
    const told = services.flatMap(({ containers }) => containers.map(({ name }) => name)).sort()
    const there = (await project.containers()).map(({ Names }) => Names[0]?.slice(1) ?? '')
    await panel.services.down(id)
    const left = (await project.containers()).map(({ Id }) => Id)
    expect(left).toEqual([stray.id])
    expect(told).toEqual(there.filter((name) => !name.endsWith('-stray')).sort())
  })

  test('a mate in Regie goes with its project, and nobody else is blamed for it', long, async () => {
    const config = await open(program)
    panel.services.create({
      ...config,
      id: 'exporter',
      url: `http://127.0.0.1:${await freePort()}`,
      compose: { ...config.compose, service: 'gpu-exporter' },
    })
    await panel.services.start(id)
    await (await project.container(id)).inspect()
    await panel.compose.start(config.compose ?? { file: '', service: '' }, ['gpu-exporter'])
    await panel.reaches('exporter', 'running', ({ container }) => container?.state === 'running')
    await panel.services.down(id)
    const mate = await panel.reaches('exporter', 'absent', ({ health }) => health.state === 'absent')
    expect(mate.health.problem).toBe('compose.no-container')
    const told = panel.seen('exporter')
    expect(told.some(({ operation }) => operation === 'down')).toBe(true)
    expect(told.map(({ health }) => health.problem)).not.toContain('compose.removed')
  })

  test('a rebuild builds with its steps, and starts a container of the new image', long, async () => {
    const image = `regie-rebuild-${Math.random().toString(36).slice(2)}`
    await open(program, { [id]: ['    build: { context: . }', '    pull_policy: never'] })
    const dockerfile = (label: string) => `FROM ${docker.image}\nLABEL made=${label}\n`
    await project.write('Dockerfile', dockerfile('one'))
    await project.write(
      'here.yml',
      (await project.read('here.yml')).replaceAll(
        `  ${id}:\n    image: ${docker.image}`,
        `  ${id}:\n    image: ${image}`,
      ),
    )
    try {
      await panel.services.start(id)
      const before = (await ids())[id]
      // Nothing changed: the image is the same, and so is the container.
      await panel.services.rebuild(id)
      expect((await ids())[id]).toBe(before)
      await project.write('Dockerfile', dockerfile('two'))
      await panel.services.rebuild(id)
      const made = await (await project.container(id)).inspect()
      expect(made.Id).not.toBe(before)
      expect(made.Config.Labels['made']).toBe('two')
      const steps = Object.entries(panel.steps(id, 'rebuild'))
      expect(steps.filter(([title]) => /LABEL made=two|FROM/.test(title)).length).toBeGreaterThan(0)
      expect(steps.filter(([, state]) => state.startsWith('failed'))).toEqual([])
      await project.write('Dockerfile', `FROM ${docker.image}\nRUN ["/bin/sh", "-c", "exit 3"]\n`)
      expect(await problemOf(panel.services.rebuild(id))).toBe('compose.build-failed')
      // What runs goes on.
      expect((await ids())[id]).toBe(made.Id)
      expect((await states())[id]).toBe('running')
    } finally {
      await panel.services.down(id)
      await docker.client.getImage(image).remove({ force: true })
    }
  })

  test('a rebuild of what names a ready image says so', long, async () => {
    await open(program)
    expect(await problemOf(panel.services.rebuild(id))).toBe('compose.nothing-to-build')
  })
})
