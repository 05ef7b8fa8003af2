import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { fingerprint } from '../../../electron/vault/fingerprint'
import { Rotation, type RotationStep } from '../../../shared/contract'
import { composeProject, type TestProject } from '../../support/compose'
import { describeWithDocker } from '../../support/docker'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { freePort } from '../../support/ports'
import { until } from '../../support/until'
import { long } from '../../support/long'

/** As the users' entrypoints do: the password comes by the environment, and one that it cannot use ends it. */
const forgeStart = `
const fs = require('node:fs')
const { FORGE_USER, FORGE_PASSWORD } = process.env
if (FORGE_PASSWORD.startsWith('bad')) {
  console.log('this password cannot be used')
  process.exit(1)
}
fs.mkdirSync('/data', { recursive: true })
fs.writeFileSync('/data/.env', 'FORGE_USER=' + FORGE_USER + '\\nFORGE_PASSWORD=' + FORGE_PASSWORD + '\\n')
process.argv = ['node', 'simulator', 'forge', '--folder', '/data', '--host', '0.0.0.0', '--port', '7860']
import('/app/simulator.js')
`

await describeWithDocker('rotation of services in containers', (docker) => {
  let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
  let project: TestProject
  let running: RunningPanel

  const ports = { 'forge-turbo': 0, 'comfyui-qwen': 0, 'comfyui-video': 0 }
  type Id = keyof typeof ports
  const composeFile = () =>
    [
      'version: "2.4"',
      'services:',
      '  forge-turbo:',
      `    image: ${docker.image}`,
      '    entrypoint: [/bin/node, /start.cjs]',
      `    ports: ["127.0.0.1:${ports['forge-turbo']}:7860"]`,
      '    environment: { FORGE_USER: "${FORGE_USER}", FORGE_PASSWORD: "${FORGE_PASSWORD}" }',
      '    volumes: ["./start.cjs:/start.cjs:ro"]',
      '  comfyui-qwen:',
      `    image: ${docker.image}`,
      '    command: [comfyui, --folder, /data, --host, 0.0.0.0, --port, "8188"]',
      `    ports: ["127.0.0.1:${ports['comfyui-qwen']}:8188"]`,
      '    volumes: ["./qwen:/data"]',
      '  comfyui-video:',
      `    image: ${docker.image}`,
      '    command: [comfyui, --folder, /data, --host, 0.0.0.0, --port, "8188"]',
      `    ports: ["127.0.0.1:${ports['comfyui-video']}:8188"]`,
      '    volumes: ["./video/PASSWORD:/data/login/PASSWORD"]',
      '',
    ].join('\n')

  const rest = async (method: string, at: string, body?: unknown) => {
    const answer = await running.rest(method, at, body)
    if (answer.status >= 400) throw new Error(`${method} ${at}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const rotate = async (id: Id, given: { password?: string } = {}) => {
    await running.rest('POST', `credentials/${id}/rotate`, given)
    return Rotation.parse(await rest('GET', `credentials/${id}/rotation`))
  }
  const linesOf = ({ steps }: Rotation, step: RotationStep['id']) =>
    steps.find(({ id }) => id === step)?.lines.map(({ line }) => line) ?? []
  const cells = ({ proof }: Rotation) =>
    [
      ...new Set(proof.flatMap(({ none, wrong, old, fresh }) => [none, wrong, old, fresh].map(({ state }) => state))),
    ].join()
  const containerId = async (id: Id) => (await project.container(id)).id
  const environment = async (id: Id) => (await (await project.container(id)).inspect()).Config.Env

  beforeAll(async () => {
    vi.stubEnv('DOCKER_HOST', docker.host)
    programs = await bundlePanelPrograms()
    project = await composeProject(docker)
    for (const id of Object.keys(ports)) ports[id as Id] = await freePort() // the keys are these
    await mkdir(project.at('qwen/login'), { recursive: true })
    await mkdir(project.at('video'))
    await project.write('start.cjs', forgeStart)
    await project.write('compose.yaml', composeFile())
    running = await startPanel({ programs: programs.programs, demo: false })
    const login = (file: string) => [{ type: 'comfyui-login', path: project.at(file) }]
    const sinks = {
      'forge-turbo': [
        { type: 'env', path: project.at('.env'), key: 'FORGE_USER', field: 'username' },
        { type: 'env', path: project.at('.env'), key: 'FORGE_PASSWORD' },
      ],
      'comfyui-qwen': login('qwen/login/PASSWORD'),
      'comfyui-video': login('video/PASSWORD'),
    }
    for (const [id, port] of Object.entries(ports) as [Id, number][]) {
      const kind = id === 'forge-turbo' ? 'forge' : 'comfyui'
      const scheme = kind === 'forge' ? 'basic' : 'comfyui-login'
      await rest('POST', 'credentials', { id, scheme, sinks: sinks[id] })
      const compose = { file: project.file, service: id, project: project.name }
      const url = `http://127.0.0.1:${port}`
      await rest('POST', 'services', { id, kind, runtime: 'compose', url, credentialId: id, compose })
    }
    await until('Docker', () => running.panel.parts.engine.status().state === 'connected')
    await rest('POST', 'services/start-all')
    for (const id of Object.keys(ports))
      await until(`${id} to be ready`, () => running.panel.parts.services.get(id).health.state === 'ready')
  })
  afterAll(async () => {
    await running.stop()
    await project.remove()
    await programs.remove()
    vi.unstubAllEnvs()
  })

  test('a secret that comes by the environment: the container is made anew, and the new secret proven', async () => {
    const before = await containerId('forge-turbo')

    const rotation = await rotate('forge-turbo')

    expect(rotation).toMatchObject({ state: 'committed' })
    expect(linesOf(rotation, 'prepare')).toContain('prepare.services')
    expect(linesOf(rotation, 'apply')).toEqual(['apply.recreating-environment', 'apply.recreated'])
    expect(cells(rotation)).toBe('pass')
    expect(await containerId('forge-turbo')).not.toBe(before)
    const password = (await environment('forge-turbo')).find((entry) => entry.startsWith('FORGE_PASSWORD='))
    expect(fingerprint(password?.slice('FORGE_PASSWORD='.length) ?? '')).toBe(rotation.newFingerprint)
    expect(running.panel.parts.services.get('forge-turbo').pending).toBeNull()
  })

  test('a secret in a mounted folder: the same container restarts and reads it', long, async () => {
    const before = await containerId('comfyui-qwen')

    const rotation = await rotate('comfyui-qwen')

    expect(rotation).toMatchObject({ state: 'committed' })
    expect(linesOf(rotation, 'apply')).toEqual(['apply.restarting-mounted', 'apply.restarted'])
    expect(cells(rotation)).toBe('pass')
    expect(await containerId('comfyui-qwen')).toBe(before)
  })

  test('a secret in a file that is mounted by itself is written in place: the container sees it', async () => {
    const file = project.at('video/PASSWORD')
    const before = await stat(file)

    const rotation = await rotate('comfyui-video')

    expect(rotation).toMatchObject({ state: 'committed' })
    expect(linesOf(rotation, 'apply')).toEqual(['apply.restarting-mounted', 'apply.restarted'])
    expect(cells(rotation)).toBe('pass')
    const after = await stat(file)
    expect([after.ino, after.mode]).toEqual([before.ino, before.mode])
    expect(fingerprint((await readFile(file, 'utf8')).split('\n')[0] ?? '')).toBe(rotation.newFingerprint)
  })

  test('a container that does not come up with the new secret is made anew with the old one', async () => {
    const old = await readFile(project.at('.env'), 'utf8')

    const rotation = await rotate('forge-turbo', { password: 'bad-but-long-enough' })

    expect(rotation).toMatchObject({ state: 'rolled-back', failedStep: 'apply' })
    expect(rotation.reason).toMatchObject({
      problem: 'service.exit-code',
      params: { code: 1, line: 'this password cannot be used' },
    })
    expect(linesOf(rotation, 'roll-back')).toEqual([
      'roll-back.sink',
      'roll-back.sink',
      'roll-back.recreated',
      'roll-back.proven',
    ])
    expect(await readFile(project.at('.env'), 'utf8')).toBe(old)
    expect(await rest('POST', 'credentials/forge-turbo/verify')).toMatchObject({ outcome: 'proven' })
  })

  test.each<[what: string, problem: string, spoil: () => Promise<void>]>([
    [
      'that Compose refuses',
      'compose.',
      () => writeFile(project.file, composeFile().replace('image:', 'imago:').replace('environment:', 'nonsense:')),
    ],
    ['that are gone', 'compose.file', () => rename(project.file, `${project.file}.gone`)],
  ])('files %s are told before anything is touched', async (_, problem, spoil) => {
    const [env, id] = [await readFile(project.at('.env'), 'utf8'), await containerId('forge-turbo')]
    await spoil()
    try {
      const rotation = await rotate('forge-turbo')

      expect(rotation).toMatchObject({ state: 'rolled-back', failedStep: 'prepare' })
      expect(rotation.reason?.problem).toContain(problem)
      expect(linesOf(rotation, 'roll-back')).toEqual(['roll-back.untouched'])
      expect(await readFile(project.at('.env'), 'utf8')).toBe(env)
      expect(await containerId('forge-turbo')).toBe(id)
    } finally {
      await writeFile(path.join(project.folder, 'compose.yaml'), composeFile())
    }
  })
})
