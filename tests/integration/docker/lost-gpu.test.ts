import { chmod } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HealthCheck, ServiceConfig } from '../../../shared/contract'
import { composePrograms, composeProject, type TestProject } from '../../support/compose'
import { describeWithDocker } from '../../support/docker'
import { composePanel, writeComfyui, type ComposePanel } from './compose-services'
import { until } from '../../support/until'

const programs = await composePrograms()
const uuid = 'GPU-1a2b3c4d-0000-0000-0000-000000000001'

/** What nvidia-smi prints once the devices were taken from a running container, and before. */
const nvidiaSmi = `#!/bin/sh
if [ -e /lost ]; then echo "Failed to initialize NVML: Unknown Error"; exit 255; fi
echo "GPU 0: NVIDIA GeForce RTX 3090 (UUID: ${uuid})"
`

await describeWithDocker('the checks beside the ladder of a Compose service', (docker) => {
  let project: TestProject
  let panel: ComposePanel
  const id = 'comfyui-qwen'

  beforeAll(async () => {
    const [program] = programs
    if (!program) throw new Error('there is no Compose program on this machine')
    project = await composeProject(docker)
    const config: ServiceConfig = await writeComfyui(project, docker.image, [
      '    healthcheck: { test: ["CMD-SHELL", "echo no answer; exit 1"], interval: 1s, retries: 1 }',
    ])
    await project.write('nvidia-smi', nvidiaSmi)
    await chmod(project.at('nvidia-smi'), 0o755)
    const file = await project.read('compose.yaml')
    await project.write('compose.yaml', file.replace('volumes: [', 'volumes: ["./nvidia-smi:/bin/nvidia-smi:ro", '))
    panel = await composePanel({ docker, own: program.own, services: [{ ...config, gpuUuid: uuid }] })
    await panel.services.start(id)
    await panel.reaches(id, 'ready', ({ health }) => health.state === 'ready')
  })
  afterAll(async () => {
    await panel.close()
    await project.remove()
    expect(panel.bugs).toEqual([])
  })

  const check = (name: HealthCheck['id'], state: HealthCheck['state']) =>
    panel
      .reaches(id, `${name} ${state}`, ({ health }) =>
        health.checks.some((one) => one.id === name && one.state === state),
      )
      .then(({ health }) => health.checks.find((one) => one.id === name))

  test('a container that Docker finds unhealthy may well be ready: the ladder and the check both say what they saw', async () => {
    const found = await check('container-health', 'failed')

    expect(found).toMatchObject({ asked: 'echo no answer; exit 1', reason: { problem: 'check.unhealthy' } })
    expect(panel.services.get(id).health).toMatchObject({ state: 'ready' })
    expect(panel.services.get(id).health.rungs[1]).toMatchObject({
      id: 'running',
      answered: expect.stringContaining('running') as string,
    })
  })

  test('the model and the last generation are told, each with its evidence', async () => {
    expect(await check('model', 'ok')).toMatchObject({ asked: 'GET /queue' })
    expect(await check('last-generation', 'unknown')).toMatchObject({ reason: { problem: 'check.never-generated' } })
    expect(await check('restarts', 'ok')).toMatchObject({ answered: '0' })
  })

  test('a GPU that was lost in the running container is named with its mend; made anew, the container has it again', async () => {
    expect(await check('gpu', 'ok')).toMatchObject({ asked: 'nvidia-smi -L', answered: uuid })
    const before = panel.services.get(id).container?.id
    const exec = await (await project.container(id)).exec({ Cmd: ['/bin/sh', '-c', 'echo > /lost'] })
    await exec.start({})
    // It has begun when that resolves, and not ended.
    await until('the card to be gone', async () => !(await exec.inspect()).Running)

    await panel.services.probe(id)
    const lost = await check('gpu', 'failed')

    expect(lost).toMatchObject({ fix: 'recreate', reason: { problem: 'check.gpu-lost' } })
    expect((await panel.services.recreate(id)).container?.id).not.toBe(before)
    expect(await check('gpu', 'ok')).toMatchObject({ answered: uuid })
  })

  test('stopped from outside it is asleep, and says who may have done it', async () => {
    await (await project.container(id)).stop({ t: 2 })

    const { health } = await panel.reaches(id, 'asleep', (service) => service.health.problem === 'ending.asleep')

    expect(health.state).toBe('stopped')
    expect(health.rungs[1]).toMatchObject({ state: 'waiting', answered: 'exited 0' })
  })

  test('stopped by Regie it is only stopped', async () => {
    await panel.services.start(id)
    await panel.services.stop(id)

    const { health } = await panel.reaches(id, 'stopped', (service) => service.health.state === 'stopped')
    expect(health.problem).toBe('service.stopped')
  })
})
