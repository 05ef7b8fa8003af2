// @module-tag long
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { fingerprint } from '../../../electron/vault/fingerprint'
import { Credential, Drift, type PanelEvent, type Place } from '../../../shared/contract'
import { composeProject, type TestProject } from '../../support/compose'
import { describeWithDocker } from '../../support/docker'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { freePort } from '../../support/ports'
import { until } from '../../support/until'
import { long } from '../../support/long'

/** As the users' entrypoints do: the account comes by the environment. */
const forgeStart = `
const fs = require('node:fs')
const [user, password] = process.env.FORGE_ACCOUNT.split('/')
fs.mkdirSync('/data', { recursive: true })
fs.writeFileSync('/data/.env', 'FORGE_USER=' + user + '\\nFORGE_PASSWORD=' + password + '\\n')
process.argv = ['node', 'simulator', 'forge', '--folder', '/data', '--host', '0.0.0.0', '--port', '7860']
import('/app/simulator.js')
`

await describeWithDocker('the fingerprint map of services in containers', (docker) => {
  let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
  let project: TestProject
  let running: RunningPanel
  const ports = { forge: 0, comfyui: 0 }
  type Id = keyof typeof ports

  const composeFile = () =>
    [
      'version: "2.4"',
      'services:',
      '  forge:',
      `    image: ${docker.image}`,
      '    entrypoint: [/bin/node, /start.cjs]',
      `    ports: ["127.0.0.1:${ports.forge}:7860"]`,
      '    environment: { FORGE_ACCOUNT: "${FORGE_USER}/${FORGE_PASSWORD}" }',
      '    volumes: ["./start.cjs:/start.cjs:ro"]',
      '  comfyui:',
      `    image: ${docker.image}`,
      '    command: [comfyui, --folder, /data, --host, 0.0.0.0, --port, "8188"]',
      `    ports: ["127.0.0.1:${ports.comfyui}:8188"]`,
      '    volumes: ["./login/PASSWORD:/data/login/PASSWORD", "./Clients:/clients:ro"]',
      '',
    ].join('\n')

  const rest = async (method: string, at: string, body?: unknown) => {
    const answer = await running.rest(method, at, body)
    if (answer.status >= 400) throw new Error(`${method} ${at}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const mapOf = async (id: Id) => Drift.parse(await rest('GET', `credentials/${id}/drift`)).places
  const find = (places: readonly Place[], kind: Place['kind'], part: Partial<Place> = {}) =>
    places.find((place) => place.kind === kind && Object.entries(part).every(([k, v]) => place[k as keyof Place] === v))
  const statesOf = (places: readonly Place[]) => places.map(({ kind, state }) => `${kind}: ${state}`)
  const ready = (id: Id) =>
    until(`${id} to be ready`, () => running.panel.parts.services.get(id).health.state === 'ready')
  const forgeFile = { id: '' }

  /** Waits for the next word about a credential that tells of this many drifted sinks, and says how long it took. */
  async function told(id: Id, drifted: number, act: () => Promise<unknown>): Promise<number> {
    const controller = new AbortController()
    const events: PanelEvent[] = []
    const stream = running.panel.parts.events.subscribe(controller.signal)
    void (async () => {
      for await (const event of stream) events.push(event)
    })().catch(() => undefined)
    const start = performance.now()
    await act()
    await until('the drift to be told', () =>
      events.some(
        (event) => event.type === 'credential' && event.credential.id === id && event.credential.drifted === drifted,
      ),
    )
    controller.abort()
    return performance.now() - start
  }

  beforeAll(async () => {
    vi.stubEnv('DOCKER_HOST', docker.host)
    programs = await bundlePanelPrograms()
    project = await composeProject(docker, 'regie-map')
    for (const id of Object.keys(ports)) ports[id as Id] = await freePort() // the keys are these
    await mkdir(project.at('login'))
    await mkdir(project.at('Clients'))
    await project.write('start.cjs', forgeStart)
    await project.write('compose.yaml', composeFile())
    running = await startPanel({ programs: programs.programs, demo: false })
    const env = project.at('.env')
    const sinks = {
      forge: [
        { type: 'env', path: env, key: 'FORGE_USER', field: 'username' },
        { type: 'env', path: env, key: 'FORGE_PASSWORD' },
      ],
      comfyui: [
        { type: 'comfyui-login', path: project.at('login/PASSWORD') },
        { type: 'file', path: project.at('Clients/Token.txt'), requires: 'nothing' },
      ],
    }
    for (const id of Object.keys(ports) as Id[]) {
      const scheme = id === 'forge' ? 'basic' : 'comfyui-login'
      const made = Credential.parse(await rest('POST', 'credentials', { id, scheme, sinks: sinks[id] }))
      if (id === 'forge') forgeFile.id = made.sinks[1]?.id ?? ''
      const compose = { file: project.file, service: id, project: project.name }
      const url = `http://127.0.0.1:${ports[id]}`
      await rest('POST', 'services', { id, kind: id, runtime: 'compose', url, credentialId: id, compose })
    }
    await until('Docker', () => running.panel.parts.engine.status().state === 'connected')
    await rest('POST', 'services/start-all')
    for (const id of Object.keys(ports) as Id[]) await ready(id)
  })
  afterAll(async () => {
    await running.stop()
    await project.remove()
    await programs.remove()
    vi.unstubAllEnvs()
  })

  test('shows the file and the environment as the containers have them, and that both agree', async () => {
    const [forge, comfyui] = await Promise.all([mapOf('forge'), mapOf('comfyui')])

    expect(statesOf(forge)).toEqual([
      ...['vault: source', 'sink: same', 'sink: same', 'container-env: same', 'container-env: same', 'live: accepted'],
    ])
    expect(find(forge, 'container-env', { id: forgeFile.id })).toMatchObject({
      key: 'FORGE_ACCOUNT',
      serviceId: 'forge',
      fingerprint: forge[0]?.fingerprint,
    })
    expect(statesOf(comfyui)).toEqual([
      ...['vault: source', 'sink: same', 'sink: same', 'container-file: same', 'container-file: same'],
      'live: accepted',
    ])
    expect(comfyui.filter(({ kind }) => kind === 'container-file').map(({ where }) => where)).toEqual([
      '/data/login/PASSWORD',
      '/clients/Token.txt',
    ])
  })

  test('a hand edit of .env is told within two seconds, with both fingerprints; adopted, it needs a recreate', async () => {
    const before = await readFile(project.at('.env'), 'utf8')
    const old = find(await mapOf('forge'), 'vault')?.fingerprint
    const edited = fingerprint('edited-by-hand')

    const ms = await told('forge', 1, () =>
      writeFile(project.at('.env'), before.replace(/FORGE_PASSWORD=.*/, 'FORGE_PASSWORD=edited-by-hand')),
    )

    expect(ms).toBeLessThan(2000)
    const drifted = await mapOf('forge')
    expect(find(drifted, 'sink', { state: 'drifted' })).toMatchObject({ change: { from: old, to: edited } })
    // The container has what it was made with.
    expect(find(drifted, 'container-env', { id: forgeFile.id })).toMatchObject({ state: 'same', fingerprint: old })
    await rest('POST', 'credentials/forge/adopt', { sinkId: forgeFile.id })
    const adopted = await mapOf('forge')
    expect(find(adopted, 'container-env', { id: forgeFile.id })).toMatchObject({
      state: 'needs-recreate',
      fingerprint: old,
      reason: { problem: 'place.environment-old' },
    })
    expect(find(adopted, 'live')).toMatchObject({ state: 'needs-recreate', requires: 'recreate' })
    await rest('POST', 'services/forge/recreate')
    await ready('forge')
    expect(statesOf(await mapOf('forge')).filter((state) => !/same|source|accepted/.test(state))).toEqual([])
  })

  test('a file mounted by itself and replaced outside: the container’s old one is recognised, a restart is the way', async () => {
    const file = project.at('login/PASSWORD')
    const own = find(await mapOf('comfyui'), 'vault')?.fingerprint
    const other = `$2b$12$${'a'.repeat(53)}`
    const replace = async (text: string) => {
      await writeFile(`${file}.new`, text)
      await rename(`${file}.new`, file)
    }

    expect(await told('comfyui', 1, () => replace(`${other}\nregie`))).toBeLessThan(2000)

    const inside = { where: '/data/login/PASSWORD' }
    const drifted = await mapOf('comfyui')
    expect(find(drifted, 'sink', { state: 'drifted' })?.fingerprint).toBe(fingerprint(other))
    expect(find(drifted, 'container-file', inside)).toMatchObject({ state: 'same', fingerprint: own })
    const sinkId = find(drifted, 'sink', { state: 'drifted' })?.id
    await rest('POST', 'credentials/comfyui/adopt', { sinkId })
    await rest('POST', 'credentials/comfyui/sync', {})
    const adopted = await mapOf('comfyui')
    expect(find(adopted, 'container-file', inside)).toMatchObject({
      state: 'needs-restart',
      fingerprint: own,
      reason: { problem: 'place.stale-mount', params: { path: file, service: 'comfyui' } },
    })
    expect(find(adopted, 'live')).toMatchObject({ state: 'needs-restart', reason: { problem: 'place.live-restart' } })
    await rest('POST', 'services/comfyui/restart')
    await ready('comfyui')
    const restarted = await mapOf('comfyui')
    expect(find(restarted, 'container-file', inside)).toMatchObject({ state: 'same', fingerprint: fingerprint(other) })
    expect(find(restarted, 'live')?.state).toBe('accepted')
  })

  test(
    'a file that was changed since the start: seen equal, refused by the service, which needs a restart',
    long,
    async () => {
      const file = project.at('login/PASSWORD')
      const other = `$2b$12$${'b'.repeat(53)}`
      await told('comfyui', 1, () => writeFile(file, `${other}\nregie`))
      const sinkId = find(await mapOf('comfyui'), 'sink', { state: 'drifted' })?.id
      await rest('POST', 'credentials/comfyui/adopt', { sinkId })
      await rest('POST', 'credentials/comfyui/sync', {})

      const places = await mapOf('comfyui')

      expect(find(places, 'container-file', { where: '/data/login/PASSWORD' })?.state).toBe('same')
      expect(find(places, 'live')).toMatchObject({ state: 'needs-restart', requires: 'restart' })
      // What left the containers on the way here were fingerprints.
      expect(JSON.stringify(places)).not.toContain(other)
    },
  )

  test('a stopped container is not looked into, and says so', async () => {
    await rest('POST', 'services/comfyui/stop')
    await until('the end', () => running.panel.parts.services.get('comfyui').health.state === 'stopped')
    expect(find(await mapOf('comfyui'), 'container-file')).toMatchObject({
      state: 'unknown',
      reason: { problem: 'place.not-running' },
    })
  })
})
