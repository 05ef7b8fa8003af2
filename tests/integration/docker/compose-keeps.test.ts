import { mkdir } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ServiceConfig } from '../../../shared/contract'
import { composePrograms, composeProject, type TestProject } from '../../support/compose'
import { describeWithDocker, type TestDocker } from '../../support/docker'
import { describeCompose } from '../../support/long'
import { freePort } from '../../support/ports'
import { composePanel, type ComposePanel } from './compose-services'

const programs = await composePrograms()
const id = 'comfyui-keeps'

/** A ComfyUI whose environment comes from an `env_file`, as most published Compose files have it. */
async function writeProject(project: TestProject, image: string): Promise<ServiceConfig> {
  const port = await freePort()
  await mkdir(project.at('data'))
  await project.write('a.env', 'FOO=1\n')
  await project.write('.env', `PORT=${port}\n`)
  await project.write(
    'compose.yaml',
    [
      'version: "2.4"',
      'services:',
      `  ${id}:`,
      `    image: ${image}`,
      '    command: [comfyui, --folder, /data, --host, 0.0.0.0, --port, "8188"]',
      '    ports: ["127.0.0.1:${PORT}:8188"]',
      '    env_file: a.env',
      '    volumes: ["./data:/data"]',
      '    stop_grace_period: 2s',
      '',
    ].join('\n'),
  )
  const url = `http://127.0.0.1:${port}`
  return { id, kind: 'comfyui', runtime: 'compose', url, compose: { file: project.file, service: id } }
}

await describeWithDocker('what was written inside a container', (docker: TestDocker) => {
  describeCompose(programs, {}, (program) => {
    let project: TestProject
    let panel: ComposePanel

    beforeAll(async () => {
      project = await composeProject(docker)
      panel = await composePanel({ docker, own: program.own, services: [await writeProject(project, docker.image)] })
      await panel.services.start(id)
    })
    afterAll(async () => {
      await panel.close()
      await project.remove()
      expect(panel.bugs).toEqual([])
    })

    /** Runs a line of shell inside the container; its exit code. */
    const inside = async (line: string): Promise<number | null> => {
      const container = await project.container(id)
      const exec = await container.exec({ Cmd: ['/bin/sh', '-c', line], AttachStdout: true, AttachStderr: true })
      const stream = await exec.start({})
      stream.resume()
      await new Promise((resolve) => stream.once('end', resolve))
      return (await exec.inspect()).ExitCode
    }
    const isKept = async () => (await inside('test "$(/bin/cat /tmp/kept)" = mine')) === 0
    const variable = async () => (await (await project.container(id)).inspect()).Config.Env.includes('FOO=2')
    /** Looks anew, so that what is pending is of now. */
    const pending = async () => {
      await panel.services.probe(id)
      return panel.pendingNow(id)
    }

    test('by `up` in a terminal or by Regie, a service with an env_file has nothing pending', async () => {
      expect(await pending()).toBeNull()
      await project.compose(program, 'up', '-d')
      expect(await inside('echo mine > /tmp/kept')).toBe(0)
      expect(await pending()).toBeNull()
    })

    test('survives Stop and Start, and Restart', async () => {
      await panel.services.stop(id)
      expect(await panel.services.startPlan(id)).toMatchObject({ reasons: [{ problem: 'compose.plan-start' }] })
      await panel.services.start(id)
      expect(await isKept()).toBe(true)
      await panel.services.restart(id)
      expect(await isKept()).toBe(true)
    })

    test('survives them also while its files ask for something else, which is told by its name', async () => {
      await project.write('a.env', 'FOO=2\n')
      expect(await pending()).toMatchObject({
        action: 'recreate',
        reason: { problem: 'compose.env-changed', params: { names: 'FOO' } },
      })
      await panel.services.stop(id)
      await panel.services.start(id)
      expect(await isKept()).toBe(true)
      await panel.services.restart(id)
      expect(await isKept()).toBe(true)
      expect(await variable()).toBe(false)
      expect(await pending()).toMatchObject({ action: 'recreate' })
    })

    test('is lost by a recreate alone, which brings what was asked for', async () => {
      await panel.services.recreate(id)
      expect(await isKept()).toBe(false)
      expect(await variable()).toBe(true)
      expect(await pending()).toBeNull()
    })
  })
})
