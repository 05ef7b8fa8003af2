import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { ServiceConfig } from '../../../shared/contract'
import { composePrograms, composeProject, type TestProject } from '../../support/compose'
import { describeWithDocker, type TestDocker } from '../../support/docker'
import { long, describeCompose } from '../../support/long'
import { freePort } from '../../support/ports'
import { composePanel, type ComposePanel } from './compose-services'

const programs = await composePrograms()
const [program] = programs
const id = 'comfyui-mine'

await describeWithDocker('what Regie was not asked about', (docker: TestDocker) => {
  if (!program) throw new Error('there is no Compose program on this machine')
  let project: TestProject
  let panel: ComposePanel
  const strangers: string[] = []
  let panelConfigs: ServiceConfig[] = []

  const idle = [
    `    image: ${docker.image}`,
    '    entrypoint: [/bin/node, -e, "process.on(\'SIGTERM\', () => process.exit()); setInterval(() => {}, 1e6)"]',
  ]
  async function write(into: { file: string; folder: string }, more: string[] = [], rest: string[] = []) {
    const port = await freePort()
    await mkdir(path.join(into.folder, 'data'), { recursive: true })
    await project.write(
      path.relative(project.folder, into.file),
      [
        'version: "2.4"',
        'services:',
        `  ${id}:`,
        `    image: ${docker.image}`,
        '    command: [comfyui, --folder, /data, --host, 0.0.0.0, --port, "8188"]',
        '    volumes: ["./data:/data"]',
        '    stop_grace_period: 2s',
        ...more,
        ...rest,
        '',
      ].join('\n'),
    )
    const config: ServiceConfig = {
      id,
      kind: 'comfyui',
      runtime: 'compose',
      url: `http://127.0.0.1:${port}`,
      compose: { file: into.file, service: id, project: project.name },
    }
    return { config, port: `    ports: ["127.0.0.1:${port}:8188"]` }
  }
  async function open(more: string[] = [], rest: string[] = []) {
    project = await composeProject(docker)
    const { config, port } = await write(project, more, rest)
    await project.write(
      'compose.yaml',
      (await project.read('compose.yaml')).replace('    stop_grace', `${port}\n    stop_grace`),
    )
    panel = await composePanel({ docker, own: program?.own ?? {}, services: [config], startTimeoutMs: 60_000 })
    panelConfigs = [config]
    return config
  }
  afterEach(async () => {
    await panel.close()
    for (const stranger of strangers.splice(0)) await docker.client.getContainer(stranger).remove({ force: true })
    await project.remove()
    for (const { Name } of (await docker.client.listVolumes()).Volumes)
      if (Name.startsWith(project.name)) await docker.client.getVolume(Name).remove()
    expect(panel.bugs).toEqual([])
  })

  async function stranger(name: string, labels: Record<string, string> = {}) {
    const made = await docker.client.createContainer({
      name,
      Image: docker.image,
      Entrypoint: ['/bin/node', '-e', 'process.on("SIGTERM", () => process.exit()); setInterval(() => {}, 1e6)'],
      Labels: labels,
      HostConfig: { NetworkMode: 'none' },
    })
    strangers.push(made.id)
    await made.start()
    await leave(made.id, 'stranger')
    return made.id
  }
  const exec = async (container: string, line: string): Promise<number | null> => {
    const made = await docker.client.getContainer(container).exec({ Cmd: ['/bin/sh', '-c', line], AttachStdout: true })
    const stream = await made.start({ hijack: true, stdin: false })
    stream.resume()
    await new Promise((resolve) => stream.once('end', resolve))
    return (await made.inspect()).ExitCode
  }
  const leave = async (container: string, name: string) =>
    expect(await exec(container, `echo here > /tmp/${name}`)).toBe(0)
  const has = async (container: string, name: string) => (await exec(container, `read line < /tmp/${name}`)) === 0
  const unharmed = async (container: string) => {
    const { State } = await docker.client.getContainer(container).inspect()
    expect(State.Running).toBe(true)
    expect(await has(container, 'stranger')).toBe(true)
  }
  const mine = async () => (await (await project.container(id)).inspect()).Id
  const problemOf = (work: Promise<unknown>) =>
    work.then(
      () => null,
      (error: unknown) => (error instanceof Error && 'id' in error ? error.id : error),
    )

  test('a running service keeps its project; after that nothing of the former one is touched', async () => {
    const { compose } = await open()
    await panel.services.start(id)
    const former = await mine()
    await leave(former, 'stranger')
    const other = { file: project.file, service: id, project: `${project.name}-other` }

    expect(() => panel.services.update({ id, compose: other })).toThrow('cannot be changed')
    expect(panel.services.config(id).compose).toEqual(compose)
    await unharmed(former)

    await panel.services.stop(id)
    panel.services.update({ id, compose: other })
    // Its owner starts it: it is no service of Regie's any more.
    await docker.client.getContainer(former).start()
    await leave(former, 'stranger')
    await panel.services.probe(id)
    await panel.services.stop(id)
    await unharmed(former)
    expect(panel.services.get(id).container).toBeNull()
  })

  describeCompose(programs, {}, (one) => {
    test('COMPOSE_REMOVE_ORPHANS in .env removes nobody’s container', async () => {
      await open()
      await panel.close()
      const { config } = await write(project)
      await project.write('.env', 'COMPOSE_REMOVE_ORPHANS=true\n')
      panel = await composePanel({ docker, own: one.own, services: [config], startTimeoutMs: 60_000 })
      const labels = { 'com.docker.compose.project': project.name, 'com.docker.compose.service': 'stray' }
      const stray = await stranger(`${project.name}-stray`, {
        ...labels,
        'com.docker.compose.oneoff': 'False',
        'com.docker.compose.container-number': '1',
        'com.docker.compose.config-hash': 'x',
      })
      await panel.compose.up(config.compose ?? { file: '', service: '' })
      await unharmed(stray)
      await panel.compose.up(config.compose ?? { file: '', service: '' }, { recreate: 'always' })
      await unharmed(stray)
      await panel.services.down(id)
      await unharmed(stray)
    })
  })

  test('a container made by hand that has the name stays as it is, and is named', async () => {
    await open([`    container_name: by-hand-${randomBytes(4).toString('hex')}`])
    const name = /container_name: (\S+)/.exec(await project.read('compose.yaml'))?.[1] ?? ''
    const other = await stranger(name)
    for (const act of ['start', 'restart', 'recreate', 'down'] as const) {
      // There is nothing of the project to take down.
      expect(await problemOf(panel.services[act](id))).toBe(act === 'down' ? null : 'compose.name-taken')
      await unharmed(other)
    }
  })

  test('a project of the same name in another folder loses none of its containers', async () => {
    const { url } = await open()
    await panel.services.start(id)
    const first = await mine()
    await leave(first, 'stranger')
    await panel.close()
    const { config } = await write({ folder: project.at('other'), file: project.at('other/compose.yaml') })
    panel = await composePanel({ docker, own: program.own, services: [{ ...config, url }], startTimeoutMs: 20_000 })
    await panel.reaches(id, 'told', ({ container }) => container !== null)
    expect(await problemOf(panel.services.recreate(id))).toBe('compose.other-files')
    expect(await problemOf(panel.services.down(id))).toBe('compose.other-project')
    await unharmed(first)
    await panel.services.restart(id)
    await unharmed(first)
  })

  // Some dozen acts of Compose, each of which takes seconds where the machine has others to do.
  const slow = { timeout: 180_000 }
  describeCompose(programs, slow, (one) => {
    test(
      'further containers of a service outlive starts; a down takes what was told, and keeps volumes',
      long,
      async () => {
        await open(
          ['    depends_on: [cache]'],
          [
            ...['  cache:', ...idle, '  side:', ...idle, '    profiles: [extra]', '    volumes: ["kept:/kept"]'],
            ...['  pair:', ...idle, 'volumes: { kept: {} }'],
          ],
        )
        await panel.close()
        const [config] = panelConfigs
        if (!config) throw new Error('open made none')
        panel = await composePanel({ docker, own: one.own, services: [config], startTimeoutMs: 60_000 })
        await project.compose(one, '-p', project.name, '--profile', 'extra', 'up', '-d', '--scale', 'pair=2')
        await panel.reaches(id, 'told', ({ container }) => container?.state === 'running')
        const before = await project.containers()
        for (const { Id } of before) await leave(Id, 'stranger')
        const cache = await project.container('cache')

        await panel.services.stop(id)
        await cache.stop({ t: 0 })
        await panel.services.start(id)
        await cache.stop({ t: 0 })
        await panel.services.restart(id)
        await panel.services.stopProject(id)
        // A profile that is off runs on; Compose 1 knows no such difference when it stops.
        const side = await project.container('side')
        if (one.generation === 1) await side.start()
        await panel.services.startProject(id)
        for (const { Id } of before) await unharmed(Id)
        await panel.services.recreate(id)
        const main = before.find(({ Labels }) => Labels['com.docker.compose.service'] === id)
        for (const { Id } of before) if (Id !== main?.Id) await unharmed(Id)

        const told = (await panel.services.project(id)).services.flatMap(({ containers }) => containers)
        const there = await project.containers()
        await panel.services.down(id)
        const left = (await project.containers()).map(({ Names }) => Names[0] ?? '')
        const gone = there.map(({ Names }) => Names[0] ?? '').filter((name) => !left.includes(name))
        expect(told.map(({ name }) => `/${name}`).sort()).toEqual(gone.sort())
        const volumes = (await docker.client.listVolumes()).Volumes.map(({ Name }) => Name)
        expect(volumes).toContain(`${project.name}_kept`)
      },
    )
  })
})
