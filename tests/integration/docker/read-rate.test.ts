import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../../electron/docker/create-engine'
import { measureReadRate } from '../../../electron/docker/read-rate'
import { createServiceLinter } from '../../../electron/compose/lint/service-linter'
import type { ServiceConfig } from '../../../shared/contract'
import { describeProblem, Problem } from '../../../shared/problems'
import { composeProject, type TestProject } from '../../support/compose'
import { describeWithDocker } from '../../support/docker'
import { until } from '../../support/until'

const service = 'comfyui'

await describeWithDocker('models on a Windows drive', (docker) => {
  let project: TestProject
  let engine: ReturnType<typeof createEngine>
  let containerId: string

  beforeAll(async () => {
    project = await composeProject(docker)
    const models = project.at('models')
    await mkdir(path.join(models, 'vae'), { recursive: true })
    await mkdir(project.at('empty'))
    await writeFile(path.join(models, 'vae', 'two\nlines.safetensors'), randomBytes(2 * 2 ** 20))
    await writeFile(path.join(models, 'vae', `it's $(echo >ran) ;"a" &.safetensors`), randomBytes(20 * 2 ** 20))
    // What the file names as a folder of a Windows drive is a folder of this machine: the drive is told by its path.
    await project.write(
      'compose.yaml',
      `services:\n  ${service}:\n    image: ${docker.image}\n    volumes: ["/mnt/d/ai/models:/models:ro"]\n`,
    )
    const made = await docker.client.createContainer({
      Image: docker.image,
      Entrypoint: ['/bin/node', '-e', 'process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1e6)'],
      Labels: { 'com.docker.compose.project': project.name, 'com.docker.compose.service': service },
      HostConfig: { NetworkMode: 'none', Binds: [`${models}:/models:ro`, `${project.at('empty')}:/empty:ro`] },
    })
    await made.start()
    containerId = made.id
    engine = createEngine({
      address: { read: () => docker.host, write: () => undefined },
      composeProgram: () => Promise.resolve(null),
      reportBug: (error) => {
        throw error
      },
    })
    await until('its container', () => engine.containers().some(({ id }) => id === containerId))
  })
  afterAll(async () => {
    await engine.close()
    await project.remove()
  })

  test('are read where the container has them, whatever their names are', async () => {
    expect(await measureReadRate(engine, containerId, '/models')).toBeGreaterThan(0.1)
    expect(await measureReadRate(engine, containerId, '/empty')).toBeNull()
    expect(await measureReadRate(engine, containerId, '/no such folder')).toBeNull()
    const changed: unknown = await docker.client.getContainer(containerId).changes()
    expect(JSON.stringify(changed)).not.toContain('ran"')
  })

  test('are told with their MB/s in both languages, measured once; without them when nothing runs', async () => {
    let execs = 0
    const config: ServiceConfig = {
      id: service,
      kind: 'comfyui',
      runtime: 'compose',
      url: 'http://127.0.0.1:9',
      compose: { file: project.file, service, project: project.name },
    }
    const linter = createServiceLinter({
      historyFile: project.at('changes.json'),
      configOf: () => config,
      engine: {
        client: () => {
          execs++
          return engine.client()
        },
        status: () => engine.status(),
        containers: () => engine.containers(),
      },
      compose: {
        config: () => Promise.reject(new Error('not asked')),
        program: () => Promise.reject(new Problem('compose.cli-missing')),
      },
      gpus: { report: () => Promise.resolve({ state: 'absent', sampledAt: null, gpus: [] }) },
      audit: { append: () => Promise.resolve() },
      redact: (text) => text,
      environment: () => ({}),
    })
    const found = async () => (await linter.report(service)).findings.find(({ rule }) => rule === 'windows-drive')

    const first = await found()
    const asked = execs
    const second = await found()

    expect(first?.reason).toMatchObject({
      problem: 'lint.windows-drive-measured',
      params: { source: '/mnt/d/ai/models' },
    })
    const rate = String(first?.reason.params['rate'])
    expect(Number(rate)).toBeGreaterThan(0)
    expect(first?.reason.message).toContain(`${rate} MB/s`)
    const inFrench = describeProblem('lint.windows-drive-measured', first?.reason.params ?? {}, 'fr')
    expect(inFrench.message).toContain(`${rate} Mo/s`)
    expect(second?.reason.params['rate']).toBe(first?.reason.params['rate'])
    // Only the image of the container is looked up again.
    expect(execs - asked).toBeLessThanOrEqual(1)

    await docker.client.getContainer(containerId).stop()
    await until('its end', () => engine.containers().some(({ id, state }) => id === containerId && state === 'exited'))
    expect((await found())?.reason.problem).toBe('lint.windows-drive')
  })
})
