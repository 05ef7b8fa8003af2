import { existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Service, ServiceConfig } from '../../../shared/contract'
import { composePrograms, composeProject, type TestProject } from '../../support/compose'
import { describeWithDocker, type TestDocker } from '../../support/docker'
import { long } from '../../support/long'
import { freePort } from '../../support/ports'
import { composePanel, type ComposePanel } from './compose-services'

const [program] = await composePrograms()
const id = 'comfyui-kept'

/** A ComfyUI in a file, and what a second file adds to it. */
async function writeProject(project: TestProject, image: string, more: string[] = []): Promise<ServiceConfig> {
  const port = await freePort()
  await mkdir(project.at('data'), { recursive: true })
  await project.write(
    'compose.yaml',
    [
      'version: "2.4"',
      'services:',
      `  ${id}:`,
      `    image: ${image}`,
      '    command: [comfyui, --folder, /data, --host, 0.0.0.0, --port, "8188"]',
      `    ports: ["127.0.0.1:${port}:8188"]`,
      '    volumes: ["./data:/data"]',
      '    stop_grace_period: 2s',
      ...more,
      '',
    ].join('\n'),
  )
  await project.write('compose.gpu.yaml', `version: "2.4"\nservices:\n  ${id}:\n    environment: { GPU: "1" }\n`)
  const compose = { file: project.file, service: id, project: project.name }
  return { id, kind: 'comfyui', runtime: 'compose', url: `http://127.0.0.1:${port}`, compose }
}

/** Whether it has been reached; that it has no login is another matter. */
const answers = ({ health }: Service) => health.rungs.some((rung) => rung.id === 'listening' && rung.state === 'proven')

const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof Error && 'id' in error ? error.id : error),
  )

await describeWithDocker('a container', (docker: TestDocker) => {
  if (!program) throw new Error('there is no Compose program on this machine')
  let project: TestProject
  let config: ServiceConfig
  let panel: ComposePanel

  const begin = async (more: string[] = []) => {
    project = await composeProject(docker)
    config = await writeProject(project, docker.image, more)
    panel = await composePanel({ docker, own: program.own })
  }
  const end = async () => {
    await panel.close()
    await project.remove()
    expect(panel.bugs).toEqual([])
  }
  const environment = async () => (await (await project.container(id)).inspect()).Config.Env

  describe('that was made from further files than the service names', () => {
    beforeAll(async () => {
      await begin()
      await project.compose(program, '-f', 'compose.yaml', '-f', 'compose.gpu.yaml', 'up', '-d')
      panel.services.create(config)
    })
    afterAll(end)

    const files = () => [project.file, project.at('compose.gpu.yaml')]

    test('is told, and what is pending is not claimed', async () => {
      const service = await panel.reaches(id, 'told', ({ pendingUnknown }) => pendingUnknown !== undefined)
      expect(service).toMatchObject({
        pending: null,
        pendingUnknown: { problem: 'compose.other-files', params: { files: files().join(', ') } },
        container: { madeFrom: files() },
      })
      expect(await panel.compose.readProject({ file: project.folder })).toMatchObject({
        files: [project.file],
        madeFrom: files(),
      })
    })

    test('is not recreated without them: nothing that they add is lost', async () => {
      const before = panel.services.get(id).container?.id
      expect(await problemOf(panel.services.recreate(id))).toBe('compose.other-files')
      expect(panel.services.get(id).container?.id).toBe(before)
      expect(await environment()).toContain('GPU=1')
    })

    test('is refused by a rotation before it writes anything, where only a recreate would deliver the secret', async () => {
      const prepare = (path: string, requires: 'restart' | 'nothing') =>
        problemOf(panel.services.control().prepare(id, [{ path, requires }]))

      expect(await prepare(project.at('.env'), 'restart')).toBe('compose.other-files')
      // What it mounts is read by a restart, and what nobody reads at a start needs none.
      expect(await prepare(project.at('data/login'), 'restart')).toBeNull()
      expect(await prepare(project.at('clients.env'), 'nothing')).toBeNull()
      expect(await environment()).toContain('GPU=1')
    })

    test('has nothing pending and keeps what they add, once the service names them', long, async () => {
      const [, gpu = ''] = files()
      panel.services.update({
        id,
        compose: { file: project.file, service: id, project: project.name, overrides: [gpu] },
      })
      await panel.reaches(id, 'known', ({ pendingUnknown, container }) => !pendingUnknown && !container?.madeFrom)
      expect(await panel.pendingNow(id)).toBeNull()
      await panel.services.recreate(id)
      expect(await environment()).toContain('GPU=1')
    })

    test('is recreated without them where that is asked for', long, async () => {
      if (config.compose) panel.services.update({ id, compose: config.compose })
      await panel.services.recreate(id, { leaveOutFiles: true })
      expect(await environment()).not.toContain('GPU=1')
      await panel.reaches(id, 'known', ({ pendingUnknown }) => !pendingUnknown)
    })
  })

  describe('whose project’s folder is gone', () => {
    const away = () => `${project.folder}-away`
    beforeAll(async () => {
      await begin()
      await project.compose(program, 'up', '-d')
      panel.services.create(config)
      await panel.reaches(id, 'answers', answers)
      await rename(project.folder, away())
    })
    afterAll(end)

    test('says that its changes cannot be told', async () => {
      await panel.services.probe(id)
      const service = await panel.reaches(id, 'told', ({ pendingUnknown }) => pendingUnknown !== undefined)
      expect(service.pendingUnknown).toMatchObject({ problem: 'compose.file-missing' })
    })

    test.each(['restart', 'start'] as const)(
      'a %s makes no empty folders, and says what is missing',
      async (operation) => {
        if (operation === 'start') await panel.services.stop(id)
        const failed = await panel.services[operation](id).catch((error: unknown) => error)
        expect(failed).toMatchObject({ id: 'compose.folders-gone', params: { sources: project.at('data') } })
        expect(existsSync(project.folder)).toBe(false)
      },
    )

    test('was stopped without its files, and starts when they are there again', long, async () => {
      expect((await (await project.container(id)).inspect()).State.Running).toBe(false)
      await rename(away(), project.folder)
      const before = panel.services.get(id).container?.id
      const started = await panel.services.start(id)
      expect(started.container).toMatchObject({ id: before, state: 'running' })
    })
  })

  describe('of a service that is in a profile', () => {
    beforeAll(async () => {
      await begin(['    profiles: [gpu]'])
      await project.compose(program, 'up', '-d', id)
      panel.services.create(config)
    })
    afterAll(end)

    test('has its changes told though the profile is not on', long, async () => {
      await panel.reaches(id, 'answers', answers)
      expect(await panel.pendingNow(id)).toBeNull()
    })
  })
})
