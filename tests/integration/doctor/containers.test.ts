// Every way to a cause that needs no container is in causes.test.ts.
// @module-tag long
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { Service } from '../../../shared/contract'
import { composePrograms, composeProject, type TestProject } from '../../support/compose'
import { describeWithDocker } from '../../support/docker'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { freePort } from '../../support/ports'
import { until } from '../../support/until'
import { doctorApi, namedIn, pair } from './support'

/** As the users' entrypoint does: the login file is written at each start, from the environment or from a file. */
const start = `
const fs = require('node:fs')
fs.mkdirSync('/data/login', { recursive: true })
const token = process.env.TOKEN || fs.readFileSync('/own.token', 'utf8')
fs.writeFileSync('/data/login/PASSWORD', token + '\\nann')
process.argv = ['node', 'simulator', 'comfyui', '--folder', '/data', '--host', '0.0.0.0', '--port', '8188']
import('/app/simulator.js')
`
const ids = ['mangled', 'stale', 'rehashed'] as const

await describeWithDocker('the doctor looks into containers', (docker) => {
  let bundle: Awaited<ReturnType<typeof bundlePanelPrograms>>
  let project: TestProject
  let running: RunningPanel
  let api: ReturnType<typeof doctorApi>
  const secrets = { mangled: pair(), stale: pair(), rehashed: pair(), own: pair() }
  const all = Object.values(secrets).flatMap(({ token, password }) => [token, password])
  const ports = { mangled: 0, stale: 0, rehashed: 0 }
  const keyOf = (id: string) => `${id.toUpperCase()}_TOKEN`

  const compose = () =>
    [
      'version: "2.4"',
      'services:',
      ...ids.flatMap((id) => [
        `  ${id}:`,
        `    image: ${docker.image}`,
        '    entrypoint: [/bin/node, /start.cjs]',
        '    working_dir: /data',
        '    stop_grace_period: 1s',
        `    ports: ["127.0.0.1:${ports[id]}:8188"]`,
        `    environment: { ${id === 'rehashed' ? 'OTHER' : 'TOKEN'}: "\${${keyOf(id)}}" }`,
        '    volumes: ["./start.cjs:/start.cjs:ro", "./own.token:/own.token:ro"]',
      ]),
      '',
    ].join('\n')

  beforeAll(async () => {
    vi.stubEnv('DOCKER_HOST', docker.host)
    bundle = await bundlePanelPrograms()
    project = await composeProject(docker)
    for (const id of ids) ports[id] = await freePort()
    await project.write('start.cjs', start)
    await project.write('own.token', secrets.own.token)
    await project.write('compose.yaml', compose())
    running = await startPanel({ programs: bundle.programs, demo: false })
    api = doctorApi(running, bundle.programs.simulator)
    for (const id of ids)
      await api.rest('POST', 'credentials', {
        id,
        scheme: 'comfyui-login',
        username: 'ann',
        ...secrets[id],
        sinks: [{ type: 'env', path: project.at('.env'), key: keyOf(id) }],
      })
    // One hash is written by hand in a way that this generation of Compose gets wrong; one is of another day.
    const [program] = await composePrograms()
    const { token } = secrets.mangled
    const wrong = program?.generation === 2 ? token : token.replaceAll('$', '$$$$')
    const text = await readFile(project.at('.env'), 'utf8')
    await project.write(
      '.env',
      text.replace(`'${token}'`, () => wrong).replace(secrets.stale.token, () => secrets.own.token),
    )
    if (program) await project.compose(program, 'up', '-d')
    for (const id of ids)
      await api.rest('POST', 'services', {
        id,
        kind: 'comfyui',
        runtime: 'compose',
        url: `http://127.0.0.1:${ports[id]}`,
        credentialId: id,
        compose: { file: project.file, service: id, project: project.name },
      })
    for (const id of ids)
      await until(`${id} to answer`, async () => {
        const service = Service.parse(await api.rest('GET', `services/${id}`))
        return service.container !== null && !['starting', 'stopped', 'absent'].includes(service.health.state)
      })
  }, 60_000)
  afterAll(async () => {
    await running.stop()
    await project.remove()
    await bundle.remove()
    vi.unstubAllEnvs()
  })

  const button = async (id: string, fix: string) => {
    const diagnosis = await api.diagnose(id)
    const named = namedIn(diagnosis, all)
    const found = named?.fixes.find((one) => one.id === fix)
    if (!found) throw new Error(`no button ${fix}: ${JSON.stringify(diagnosis.findings.slice(0, 3), null, 1)}`)
    return { named, apply: () => api.apply(found) }
  }
  const well = { verdict: 'well', cause: null }

  it('finds a hash that Compose mangled in the container’s environment, writes it in quotes, and recreates', async () => {
    const { named, apply } = await button('mangled', 'sync+recreate')

    expect(named).toMatchObject({ cause: 'mangled', reason: { problem: 'doctor.mangled' } })
    const places = named?.evidence.map(({ params }) => String(params['place'] ?? '')) ?? []
    expect(places.some((place) => place.endsWith(': TOKEN'))).toBe(true)
    expect(places.some((place) => place.endsWith(':/data/login/PASSWORD'))).toBe(true)

    await apply()
    expect(await api.diagnose('mangled')).toMatchObject(well)
  })

  it('finds an environment that a restart left as it was, and recreates', async () => {
    await api.rest('POST', 'credentials/stale/sync', {})
    await api.rest('POST', 'services/stale/restart')

    const { named, apply } = await button('stale', 'recreate')
    expect(named).toMatchObject({ cause: 'stale', reason: { problem: 'doctor.stale-environment' } })

    await apply()
    expect(await api.diagnose('stale')).toMatchObject(well)
  })

  it('finds the container’s own hash, which the service accepts, and takes it into the vault', async () => {
    const { named, apply } = await button('rehashed', 'adopt-live')
    expect(named).toMatchObject({ cause: 'other-secret', reason: { problem: 'doctor.other-secret' } })

    await apply()
    expect(await api.diagnose('rehashed')).toMatchObject(well)
    expect(await api.rest('GET', 'credentials/rehashed/history')).toContainEqual(
      expect.objectContaining({ action: 'credential.adopted' }),
    )
    await expect(
      running.panel.parts.doctor.adoptLive('rehashed', {
        fingerprint: '0123456789ab',
        who: 'ann',
        signal: new AbortController().signal,
      }),
    ).rejects.toMatchObject({ id: 'doctor.gone' })
  })

  it('knows the port that the container really publishes', async () => {
    const page = createServer((_, response) => void response.end('<title>Whisper WebUI</title>'))
    const port = await freePort()
    await new Promise<void>((resolve) => page.listen(port, '127.0.0.1', resolve))
    await api.rest('PATCH', 'services/stale', { url: `http://127.0.0.1:${port}` })

    const { named, apply } = await button('stale', 'address')
    expect(named).toMatchObject({ cause: 'wrong-port' })

    await apply()
    await new Promise((resolve) => page.close(resolve))
    expect(await api.diagnose('stale')).toMatchObject(well)
  })
})
