import { spawn } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ServiceConfig } from '../../../shared/contract'
import { composePrograms, composeProject, type TestProject } from '../../support/compose'
import { describeWithDocker, type TestDocker } from '../../support/docker'
import { long } from '../../support/long'
import { until } from '../../support/until'
import { composePanel, writeComfyui, type ComposePanel } from './compose-services'

const [program] = await composePrograms()
const id = 'comfyui-qwen'

await describeWithDocker('what an interrupted recreate leaves', (docker: TestDocker) => {
  if (!program) throw new Error('there is no Compose program on this machine')
  let project: TestProject
  let config: ServiceConfig
  let panel: ComposePanel

  beforeEach(async () => {
    project = await composeProject(docker)
    // It does not hear how it is asked to end: Compose waits before it goes on, and long enough to be killed meanwhile.
    config = await writeComfyui(project, docker.image, ['    stop_signal: SIGUSR1'])
    const written = await project.read('compose.yaml')
    await project.write('compose.yaml', written.replace('stop_grace_period: 2s', 'stop_grace_period: 8s'))
    panel = await composePanel({ docker, own: program.own, services: [config] })
    await panel.services.start(id)
    await ready()
  })
  afterEach(async () => {
    await panel.close()
    await project.remove()
    expect(panel.bugs).toEqual([])
  })

  const ready = () => panel.reaches(id, 'ready', ({ health }) => health.state === 'ready')
  const names = async () => (await project.containers()).map(({ Names }) => Names[0]?.slice(1) ?? '').sort()
  const named = async (is: (name: string) => boolean) => {
    const found = (await project.containers()).find(({ Names }) => is(Names[0]?.slice(1) ?? ''))
    if (!found) throw new Error('there is no such container')
    return docker.client.getContainer(found.Id)
  }
  const isTemporary = (name: string) => /^[0-9a-f]{12}_/.test(name)
  /** Writes a file inside the container, which only that container has. */
  const leaveTrace = async () => {
    const exec = await (
      await named((name) => name === project.name)
    ).exec({ Cmd: ['/bin/sh', '-c', 'echo kept > /trace'] })
    await exec.start({})
  }

  /** Kills Compose in the middle of a recreate: the new container is made, the old one is being stopped. */
  async function interrupt(): Promise<void> {
    const [command = '', ...args] = program?.command ?? []
    const rest = ['--project-name', project.name, 'up', '--detach', '--force-recreate']
    const env = { ...program?.own, DOCKER_HOST: docker.host }
    const child = spawn(command, [...args, ...rest], { cwd: project.folder, env, detached: true, stdio: 'ignore' })
    const ended = new Promise((resolve) => child.once('close', resolve))
    await until('the new container', async () => (await names()).some(isTemporary))
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    await ended
    await (await named((name) => name === project.name)).stop({ t: 2 }).catch((error: unknown) => {
      // The engine may have ended it already, as Compose had asked.
      if (!(error instanceof Error && 'statusCode' in error && error.statusCode === 304)) throw error
    })
    await panel.reaches(id, 'stopped', ({ container }) => container?.state === 'exited')
  }

  describe('by Compose 2', () => {
    test('the new one that never ran goes, and the old one starts as it is', async () => {
      const before = panel.services.get(id).container
      await interrupt()
      expect((await names()).filter(isTemporary)).toHaveLength(1)
      expect(panel.services.get(id).container).toMatchObject({ id: before?.id, name: project.name })
      const told = await panel.reaches(id, 'the left-over told', ({ pending }) => pending !== null)
      expect(told.pending).toMatchObject({ reason: { problem: 'compose.left-over' } })
      await panel.services.start(id)
      expect((await ready()).container?.id).toBe(before?.id)
      expect(await names()).toEqual([project.name])
      await panel.reaches(id, 'nothing pending', ({ pending }) => pending === null)
    })

    test('alone it gets the name that was meant for it', long, async () => {
      await interrupt()
      await (await named((name) => name === project.name)).remove({ force: true })
      const left = (await named(isTemporary)).id
      await panel.services.start(id)
      expect((await ready()).container).toMatchObject({ id: left, name: project.name })
    })

    test('another recreate clears it away', long, async () => {
      await interrupt()
      await panel.services.recreate(id)
      await ready()
      expect(await names()).toEqual([project.name])
    })
  })

  describe('by Compose 1', () => {
    const setAside = async () => {
      const old = await named((name) => name === project.name)
      await leaveTrace()
      await panel.services.stop(id)
      await old.rename({ name: `${old.id.slice(0, 12)}_${project.name}` })
      return old
    }

    test('the old one alone gets its name back and keeps what is in it', long, async () => {
      const old = await setAside()
      await panel.services.start(id)
      expect((await ready()).container).toMatchObject({ id: old.id, name: project.name })
    })

    test('beside a new one it is kept by a start, told, and removed by a recreate', long, async () => {
      const old = await setAside()
      const { Config, HostConfig } = await old.inspect()
      const { Image, Cmd, Env, Labels } = Config
      const made = await docker.client.createContainer({
        ...{ name: project.name, Image, Cmd, Env, Labels, HostConfig },
      })
      await panel.services.start(id)
      expect((await ready()).container?.id).toBe(made.id)
      expect(await names()).toEqual([`${old.id.slice(0, 12)}_${project.name}`, project.name].sort())
      const told = await panel.reaches(id, 'the left-over told', ({ pending }) => pending !== null)
      expect(told.pending).toMatchObject({ action: 'recreate' })
      await panel.services.recreate(id)
      await ready()
      expect(await names()).toEqual([project.name])
    })
  })
})
