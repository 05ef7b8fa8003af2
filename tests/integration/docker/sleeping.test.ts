// @module-tag long
import { mkdir } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { composeProject, type TestProject } from '../../support/compose'
import { describeWithDocker } from '../../support/docker'
import { clockAhead } from '../../support/hand-clock'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { anyKey } from '../../support/people'
import { freePort } from '../../support/ports'
import { until } from '../../support/until'

await describeWithDocker('a service in a container', (docker) => {
  const sleepClock = clockAhead()
  const id = 'comfyui-qwen'
  let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
  let project: TestProject
  let running: RunningPanel
  let door: number

  const rest = async (method: string, at: string, body?: unknown) => {
    const answer = await running.rest(method, at, body)
    if (answer.status >= 400) throw new Error(`${method} ${at}: ${JSON.stringify(answer.body)}`)
  }
  const health = () => running.panel.parts.services.get(id).health.state

  beforeAll(async () => {
    vi.stubEnv('DOCKER_HOST', docker.host)
    programs = await bundlePanelPrograms()
    project = await composeProject(docker)
    const port = await freePort()
    await mkdir(project.at('qwen/login'), { recursive: true })
    const lines = [
      ...['version: "2.4"', 'services:', `  ${id}:`, `    image: ${docker.image}`],
      '    command: [comfyui, --folder, /data, --host, 0.0.0.0, --port, "8188"]',
      ...[`    ports: ["127.0.0.1:${port}:8188"]`, '    volumes: ["./qwen:/data"]', ''],
    ]
    await project.write('compose.yaml', lines.join('\n'))
    running = await startPanel({ programs: programs.programs, demo: false, sleepClock })
    const sinks = [{ type: 'comfyui-login', path: project.at('qwen/login/PASSWORD') }]
    await rest('POST', 'credentials', { id, scheme: 'comfyui-login', sinks })
    const compose = { file: project.file, service: id, project: project.name }
    const url = `http://127.0.0.1:${port}`
    await rest('POST', 'services', { id, kind: 'comfyui', runtime: 'compose', url, credentialId: id, compose })
    door = await freePort()
    await rest('PATCH', `services/${id}`, {
      idle: { wake: true, unloadAfterMin: null, stopAfterMin: 2, schedule: null },
      gateway: { enabled: true, host: '127.0.0.1', port: door, tls: 'off' },
    })
    await until('Docker', () => running.panel.parts.engine.status().state === 'connected')
    await rest('POST', `services/${id}/start`)
    await until('it is ready', () => health() === 'ready')
  })
  afterAll(async () => {
    await running.stop()
    await project.remove()
    await programs.remove()
    vi.unstubAllEnvs()
  })

  test('is stopped when nobody works with it, the same container, and a request wakes it and gets its answer', async () => {
    const { sleeping, gateway, access } = running.panel.parts
    await gateway.settled()
    const before = (await project.container(id)).id
    for (let minute = 0; minute < 4 && health() === 'ready'; minute += 1) {
      sleepClock.goAhead(60_000)
      await sleeping.look()
    }
    await until('it has stopped', () => health() === 'stopped')
    expect((await (await project.container(id)).inspect()).State.Running).toBe(false)
    expect((await sleeping.read())[0]).toMatchObject({ state: 'asleep', why: { problem: 'sleeping.stopped' } })

    const { key } = await access.people.createKey(anyKey('user'), 'admin')
    const answer = await fetch(`http://127.0.0.1:${door}/queue`, { headers: { authorization: `Bearer ${key}` } })
    expect([answer.status, await answer.json()]).toEqual([200, { queue_running: [], queue_pending: [] }])
    expect((await project.container(id)).id).toBe(before)
    expect((await sleeping.read())[0]).toMatchObject({ state: 'awake', why: { problem: 'waking.request' } })
  })
})
