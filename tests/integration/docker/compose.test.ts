import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setEnvironmentKeys } from '../../../electron/compose/program/env-file'
import type { ServiceConfig } from '../../../shared/contract'
import { composePrograms, composeProject, type TestCompose, type TestProject } from '../../support/compose'
import { describeWithDocker, type TestDocker } from '../../support/docker'
import { composePanel, token, writeComfyui, type ComposePanel } from './compose-services'
import { long } from '../../support/long'

const programs = await composePrograms()
const nameOf = ({ generation }: TestCompose) => `Compose ${generation}`

await describeWithDocker('a Compose service', (docker: TestDocker) => {
  const [program] = programs
  if (!program) throw new Error('there is no Compose program on this machine')

  describe(`with ${nameOf(program)}`, () => {
    let project: TestProject
    let config: ServiceConfig
    let panel: ComposePanel
    const id = 'comfyui-qwen'

    beforeAll(async () => {
      project = await composeProject(docker)
      config = await writeComfyui(project, docker.image)
      panel = await composePanel({ docker, own: program.own, services: [config] })
    })
    afterAll(async () => {
      await panel.close()
      await project.remove()
      expect(panel.bugs).toEqual([])
    })

    // Compose 2 tells of two things, Compose 1 of one.
    const recreated = program.generation === 1 ? 'done: Recreated' : 'done: Started'
    const started = program.generation === 1 ? 'done: Created' : 'done: Started'

    const variable = async (name: string) => {
      const { Config } = await (await project.container(id)).inspect()
      return Config.Env.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1)
    }

    test('without a container is absent, and its plan says that it will be made', async () => {
      const service = await panel.reaches(id, 'absent', ({ health }) => health.state === 'absent')
      expect(service.health.problem).toBe('compose.no-container')
      expect(await panel.services.startPlan(id)).toMatchObject({
        action: 'up',
        reasons: [{ problem: 'compose.plan-up' }],
      })
    })

    test('a start makes the container, tells its steps, and resolves when it listens', async () => {
      const service = await panel.services.start(id)
      expect(service.container).toMatchObject({ name: project.name, state: 'running', restartCount: 0, exitCode: null })
      expect(await variable('TOKEN')).toBe(token)
      expect(panel.steps(id, 'start')).toMatchObject({ [`Container ${project.name}`]: started })
      const ready = await panel.reaches(id, 'ready', ({ health }) => health.state === 'ready')
      expect(ready.health.rungs[0]).toMatchObject({
        asked: `docker inspect ${project.name}`,
        answered: `Container ${service.container?.id.slice(0, 12)}`,
      })
      expect(ready.pending).toBeNull()
      expect(ready.operation).toBeNull()
      expect(ready.progress).toBeNull()
    })

    test('a stop ends the container and keeps it, a start wakes the very same one', async () => {
      const before = panel.services.get(id).container?.id
      const stopped = await panel.services.stop(id)
      expect(stopped.container).toMatchObject({ id: before, state: 'exited' })
      await panel.reaches(id, 'stopped', ({ health }) => health.state === 'stopped')
      expect(await panel.services.startPlan(id)).toMatchObject({
        action: 'start',
        reasons: [{ problem: 'compose.plan-start' }],
      })
      expect((await panel.services.start(id)).container).toMatchObject({ id: before, state: 'running' })
    })

    test('a restart keeps the container', long, async () => {
      const before = panel.services.get(id).container
      const after = await panel.services.restart(id)
      expect(after.container?.id).toBe(before?.id)
      expect(after.container?.startedAt).toBeGreaterThan(before?.startedAt ?? Infinity)
      expect(panel.steps(id, 'restart')).toEqual({ [`Container ${project.name}`]: 'done: Restarted' })
    })

    test('a changed variable is pending by its name; a restart keeps the old value, a recreate brings the new one', async () => {
      await setEnvironmentKeys(project.at('.env'), { NOTE: 'second' })
      await panel.services.probe(id)
      const changed = await panel.reaches(id, 'a pending change', ({ pending }) => pending !== null)
      expect(changed.pending).toMatchObject({
        action: 'recreate',
        reason: { problem: 'compose.env-changed', params: { names: 'NOTE' } },
      })
      expect(JSON.stringify(changed)).not.toContain('second')

      await panel.services.restart(id)
      expect(await variable('NOTE')).toBe('first')

      const before = panel.services.get(id).container?.id
      const after = await panel.services.recreate(id)
      expect(await variable('NOTE')).toBe('second')
      expect(after.container?.id).not.toBe(before)
      expect(panel.steps(id, 'recreate')).toMatchObject({ [`Container ${project.name}`]: recreated })
      await panel.reaches(id, 'nothing pending', ({ pending, health }) => pending === null && health.state === 'ready')
    })

    test('a changed mounted file needs only a restart', long, async () => {
      await project.write('settings.conf', 'two\n')
      await panel.services.probe(id)
      const changed = await panel.reaches(id, 'a pending change', ({ pending }) => pending !== null)
      expect(changed.pending).toMatchObject({
        action: 'restart',
        reason: { problem: 'compose.file-changed', params: { file: project.at('settings.conf') } },
      })
      await panel.services.restart(id)
      await panel.reaches(id, 'nothing pending', ({ pending }) => pending === null)
    })

    test('a start of a stopped service whose files changed keeps its container, and says before what differs', async () => {
      const { container } = await panel.services.stop(id)
      await setEnvironmentKeys(project.at('.env'), { NOTE: 'third' })
      expect(await panel.services.startPlan(id)).toMatchObject({
        action: 'start',
        reasons: [{ problem: 'compose.env-changed' }, { problem: 'compose.plan-recreate' }],
      })
      const started = await panel.services.start(id)
      expect(started.container?.id).toBe(container?.id)
      expect(await variable('NOTE')).toBe('second')
      await panel.reaches(id, 'a pending change', ({ pending }) => pending?.action === 'recreate')
      await panel.services.recreate(id)
      expect(await variable('NOTE')).toBe('third')
    })

    test('a project is found by its labels and read from its folder', long, async () => {
      const byLabels = panel.compose.projects().find(({ name }) => name === project.name)
      expect(byLabels).toMatchObject({ files: [project.file], workingDir: project.folder })
      expect(byLabels?.reason).toBeUndefined()
      const service = {
        name: id,
        image: docker.image,
        container: { name: project.name, state: 'running' },
        ports: [{ hostIp: '127.0.0.1', hostPort: Number(new URL(config.url).port), containerPort: 8188 }],
        guess: { kind: 'comfyui', url: config.url },
        serviceId: id,
      }
      expect(byLabels?.services).toMatchObject([service])
      const read = await panel.compose.readProject({ file: project.folder })
      expect(read).toMatchObject({ name: project.name, files: [project.file], services: [service] })
    })

    test('closing the panel leaves the container running, and the next panel adopts it', async () => {
      const other = await composePanel({ docker, own: program.own, services: [config] })
      try {
        const adopted = await other.reaches(id, 'ready', ({ health }) => health.state === 'ready')
        expect(adopted).toMatchObject({ adopted: true, pending: null })
        expect(await other.panelLines(id)).toContain('Its container was running already.')
      } finally {
        await other.close()
      }
      const { State } = await (await project.container(id)).inspect()
      expect(State.Running).toBe(true)
    })

    test('what another panel does appears, and is not done twice', long, async () => {
      const other = await composePanel({ docker, own: program.own, services: [config] })
      try {
        await other.reaches(id, 'ready', ({ health }) => health.state === 'ready')
        await panel.services.stop(id)
        await other.reaches(id, 'stopped', ({ health }) => health.state === 'stopped')
        const [mine, theirs] = await Promise.all([panel.services.start(id), other.services.start(id)])
        expect(mine.container?.id).toBe(theirs.container?.id)
        await other.reaches(id, 'ready', ({ health }) => health.state === 'ready')
        expect(await project.containers()).toHaveLength(1)
      } finally {
        await other.close()
        expect(other.bugs).toEqual([])
      }
    })

    test('down takes the container away and keeps the volumes', async () => {
      await panel.services.down(id)
      expect(await project.containers()).toEqual([])
      const gone = await panel.reaches(id, 'absent', ({ health }) => health.problem === 'compose.no-container')
      expect(gone.health.state).toBe('absent')
      expect(gone.container).toBeNull()
    })

    test('two panels that make the container at once make one', async () => {
      const other = await composePanel({ docker, own: program.own, services: [config] })
      try {
        await other.reaches(id, 'absent', ({ health }) => health.state === 'absent')
        const [mine, theirs] = await Promise.all([panel.services.start(id), other.services.start(id)])
        expect(mine.container?.id).toBe(theirs.container?.id)
        expect(await project.containers()).toHaveLength(1)
      } finally {
        await other.close()
      }
    })
  })
})
