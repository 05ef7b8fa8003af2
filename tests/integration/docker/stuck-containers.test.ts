import { afterEach, describe, expect, test } from 'vitest'
import type { ServiceConfig } from '../../../shared/contract'
import { composePrograms, composeProject, type TestProject } from '../../support/compose'
import { describeWithDocker, type TestDocker } from '../../support/docker'
import { pause } from '../../support/docker/pausing'
import { composePanel, writeComfyui, type ComposePanel } from './compose-services'
import { long } from '../../support/long'

const [program] = await composePrograms()
const id = 'comfyui-qwen'

await describeWithDocker('a container that is stuck', (docker: TestDocker) => {
  if (!program) throw new Error('there is no Compose program on this machine')
  let project: TestProject
  let config: ServiceConfig
  let panel: ComposePanel

  const open = async (more: string[] = []) => {
    project = await composeProject(docker)
    config = await writeComfyui(project, docker.image, more)
    // The patience of the product: what ends these starts is never the clock.
    panel = await composePanel({ docker, own: program.own, services: [config], startTimeoutMs: 30 * 60_000 })
  }
  afterEach(async () => {
    await panel.close()
    await project.remove()
    expect(panel.bugs).toEqual([])
  })
  /** The problem that a promise is rejected with. */
  const problemOf = (promise: Promise<unknown>) =>
    promise.then(
      () => null,
      (error: unknown) => (error instanceof Error && 'id' in error ? error.id : error),
    )
  const ready = () => panel.reaches(id, 'ready', ({ health }) => health.state === 'ready')

  describe('in a restart loop', () => {
    const dies = 'console.error("No module named torch"); process.exit(1)'
    const looping = ['    restart: always', `    entrypoint: [/bin/node, -e, ${JSON.stringify(dies)}]`]

    test('its start ends as soon as it is caught in it, with its last line', async () => {
      await open(looping)
      const began = performance.now()
      expect(await problemOf(panel.services.start(id))).toBe('check.restart-loop')
      expect(performance.now() - began).toBeLessThan(20_000)
      const failed = await panel.reaches(id, 'unhealthy', ({ health }) => health.state === 'unhealthy')
      // While Docker waits with the next attempt it is told with that wait.
      expect(['check.restart-loop', 'ending.restarting']).toContain(failed.health.problem)
      expect(failed.health.params).toMatchObject({ line: 'No module named torch' })
      // Asked again, and restarted, it is as short; and it can be stopped.
      expect(await problemOf(panel.services.start(id))).toBe('check.restart-loop')
      expect(await problemOf(panel.services.restart(id))).toBe('check.restart-loop')
      await panel.services.stop(id)
      await panel.reaches(id, 'stopped', ({ container }) => container?.state === 'exited')
    })

    test('one that falls twice and then comes up has started', long, async () => {
      const falls = [
        'const fs = require("fs"), at = "/data/falls"',
        'const falls = fs.existsSync(at) ? Number(fs.readFileSync(at, "utf8")) : 0',
        'fs.writeFileSync(at, String(falls + 1))',
        'if (falls < 2) process.exit(1)',
        'process.argv.splice(1, 0, "/app/simulator.js")',
        'import("/app/simulator.js")',
      ].join('; ')
      await open(['    restart: always', `    entrypoint: [/bin/node, -e, ${JSON.stringify(falls)}]`])
      await panel.services.start(id)
      expect((await ready()).container?.restartCount).toBe(2)
    })
  })

  describe('that is paused', () => {
    const pauseIt = async () => {
      await panel.services.start(id)
      const before = await ready()
      await pause(await project.container(id))
      const paused = await panel.reaches(
        id,
        'paused',
        ({ health, container }) => health.problem === 'ending.paused' && container?.state === 'paused',
      )
      expect(paused.container?.id).toBe(before.container?.id)
      return before
    }

    test('is named within a second, and unpaused by its own operation or by a start', async () => {
      await open()
      const before = await pauseIt()
      const told = panel.seen(id).find(({ container }) => container?.state === 'paused')
      const named = panel.seen(id).find(({ health }) => health.problem === 'ending.paused')
      expect((named?.at ?? Infinity) - (told?.at ?? 0)).toBeLessThan(1_000)
      expect(await panel.services.startPlan(id)).toMatchObject({ action: 'unpause' })
      await panel.services.unpause(id)
      expect((await ready()).container).toMatchObject({ id: before.container?.id, state: 'running' })
      expect(panel.steps(id, 'unpause')).toEqual({ [`Container ${project.name}`]: 'done: Running' })
      await pause(await project.container(id))
      await panel.reaches(id, 'paused', ({ health }) => health.problem === 'ending.paused')
      await panel.services.start(id)
      expect((await ready()).container?.startedAt).toBe(before.container?.startedAt)
      // Asked of one that is not paused it changes nothing.
      await panel.services.unpause(id)
    })

    test('can be stopped, and restarted', long, async () => {
      await open()
      await pauseIt()
      const stopped = await panel.services.stop(id)
      expect(stopped.health.state).toBe('stopped')
      await panel.reaches(id, 'stopped', ({ container }) => container?.state === 'exited')
      expect(await problemOf(panel.services.unpause(id))).toBe('service.stopped')
      await pauseIt()
      await panel.services.restart(id)
      await ready()
    })

    test('found so by a new panel it is taken over and can be stopped', long, async () => {
      await open()
      await pauseIt()
      await panel.close()
      panel = await composePanel({ docker, own: program.own, services: [config] })
      await panel.reaches(id, 'paused', ({ health }) => health.problem === 'ending.paused')
      await panel.services.stop(id)
      await panel.reaches(id, 'stopped', ({ container }) => container?.state === 'exited')
    })
  })
})
