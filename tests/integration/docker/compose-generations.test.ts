import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setEnvironmentKeys } from '../../../electron/compose/program/env-file'
import type { ServiceConfig } from '../../../shared/contract'
import { composePrograms, composeProject, type TestProject } from '../../support/compose'
import { describeWithDocker, type TestDocker } from '../../support/docker'
import { long } from '../../support/long'
import { composePanel, writeComfyui, type ComposePanel } from './compose-services'

const [, ...others] = await composePrograms()

// What `compose.test.ts` shows with the first program of this machine, in short with each further one.
await describeWithDocker('a further Compose program', (docker: TestDocker) => {
  if (others.length === 0) test('is on this machine', ({ skip }) => skip('there is one Compose program here'))

  describe.each(others.map((program) => [`Compose ${program.generation}`, program] as const))('%s', (_, program) => {
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

    test('is found, and says its version', async () => {
      expect(await panel.compose.program()).toMatchObject({ program: 'standalone' })
    })

    test('makes, compares, makes anew and takes away', long, async () => {
      await panel.services.start(id)
      const ready = await panel.reaches(id, 'ready', ({ health }) => health.state === 'ready')
      expect(ready.pending).toBeNull()
      await setEnvironmentKeys(project.at('.env'), { NOTE: 'second' })
      await panel.services.probe(id)
      const changed = await panel.reaches(id, 'a pending change', ({ pending }) => pending !== null)
      expect(changed.pending?.reason).toMatchObject({ problem: 'compose.env-changed', params: { names: 'NOTE' } })
      const after = await panel.services.recreate(id)
      expect(after.container?.id).not.toBe(ready.container?.id)
      await panel.reaches(id, 'nothing pending', ({ pending }) => pending === null)
      const read = await panel.compose.readProject({ file: project.folder })
      expect(read.services).toMatchObject([{ name: id, container: { state: 'running' }, guess: { kind: 'comfyui' } }])
      await panel.services.down(id)
      expect(await project.containers()).toEqual([])
    })

    test('what another generation made is not made anew for its hash alone', async () => {
      const [first] = await composePrograms()
      if (!first) throw new Error('unreachable')
      await project.compose(first, '--project-name', project.name, 'up', '-d')
      await panel.services.probe(id)
      const adopted = await panel.reaches(id, 'ready', ({ health }) => health.state === 'ready')
      expect(adopted.pending).toBeNull()
    })
  })
})
