import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  Deployment,
  Proof,
  RoomReport,
  Rotation,
  RotationPlan,
  Service,
  Stack,
  StackCheck,
  type StackId,
} from '../../../shared/contract'
import { recognise } from '../../../electron/stacks/recognise'
import { templateOf } from '../../../electron/stacks/templates'
import { long } from '../../support/long'
import { composePrograms, composeProject, type TestProject } from '../../support/compose'
import { describeWithDocker, type TestDocker } from '../../support/docker'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { replayProgram } from '../../support/nvidia-smi'
import { freePort } from '../../support/ports'
import { regiePrograms } from '../../support/programs'
import { until } from '../../support/until'

const mark = randomBytes(3).toString('hex')

/** What stands in for the real images, which no test machine has: the simulator, with what the stack gives it. */
const standIn: Record<StackId, (image: string) => string> = {
  'comfyui-qwen': (image) => `services:
  comfyui-qwen:
    image: ${image}
    entrypoint: [/bin/node, /app/simulator.js, comfyui, --folder, /opt/ComfyUI, --host, 0.0.0.0, --port, '8188']
    # In the image a link does this.
    volumes: ['./login:/opt/ComfyUI/custom_nodes/ComfyUI-Login']
    healthcheck: { test: [CMD, /bin/node, -e, process.exit()] }
`,
  'forge-turbo': (image) => `services:
  forge-turbo:
    image: ${image}
    entrypoint:
      - /bin/sh
      - -c
      - >-
        echo "FORGE_USER='$$FORGE_USER'" > /settings/.env && echo "FORGE_PASSWORD='$$FORGE_PASSWORD'" >> /settings/.env &&
        exec node /app/simulator.js forge --folder /settings --host 0.0.0.0 --port 7860
    healthcheck: { test: [CMD, /bin/node, -e, process.exit()] }
`,
  'forge-neo': (image) => `services:
  forge-neo:
    image: ${image}
    entrypoint:
      - /bin/sh
      - -c
      - >-
        echo "FORGE_USER='$$FORGE_USER'" > /settings/.env && echo "FORGE_PASSWORD='$$FORGE_PASSWORD'" >> /settings/.env &&
        exec node /app/simulator.js forge --neo --folder /settings --host 0.0.0.0 --port 7860
    healthcheck: { test: [CMD, /bin/node, -e, process.exit()] }
`,
}

const silent = (image: string) => `services:
  comfyui-qwen:
    image: ${image}
    entrypoint: [/bin/node, -e, 'process.on("SIGTERM", () => process.exit()); setInterval(() => {}, 1000)']
    healthcheck: { test: [CMD, /bin/node, -e, process.exit()] }
`

await describeWithDocker('ready-made stacks', (docker: TestDocker) => {
  let bundle: Awaited<ReturnType<typeof bundlePanelPrograms>>
  let full: Awaited<ReturnType<typeof regiePrograms<'bcryptWorker'>>>
  let running: RunningPanel
  let root: string
  const deployed: string[] = []

  beforeAll(async () => {
    bundle = await bundlePanelPrograms()
    root = await mkdtemp(path.join(os.tmpdir(), 'regie-stacks-'))
    // What is written for ComfyUI-Login is a hash at its full cost.
    full = await regiePrograms({ bcryptWorker: 'electron/credentials/bcrypt-worker.ts' })
    running = await startPanel({ programs: { ...bundle.programs, ...full.programs }, demo: false })
    await running.rest('PUT', 'docker/address', { address: docker.host })
    await running.rest('POST', 'vault/unlock', { passphrase: 'not needed' })
  })
  afterAll(async () => {
    for (const id of deployed) {
      await running.rest('POST', `services/${id}/down`)
      await running.rest('DELETE', `services/${id}`)
    }
    await running.stop()
    await bundle.remove()
    await full.remove()
    await rm(root, { recursive: true, force: true })
  })

  /** A folder for a stack, with the stand-in for its image already in it. */
  const prepared = async (name: string, override: string) => {
    const folder = await mkdtemp(path.join(root, `${name}-`))
    await writeFile(path.join(folder, 'compose.override.yaml'), override)
    return folder
  }
  const answers = async (stackId: StackId, name: string, folder: string) => ({
    stackId,
    serviceId: `${name}-${mark}`,
    folder,
    gpuUuid: null,
    port: await freePort(),
  })
  const containersOf = (project: string) =>
    docker.client.listContainers({ all: true, filters: { label: [`com.docker.compose.project=${project}`] } })
  const idsOf = async (what: 'services' | 'credentials') => {
    const { body } = await running.rest('GET', what)
    return (body as { id: string }[]).map(({ id }) => id) // both lists have ids
  }
  const problemOf = (body: unknown) =>
    (body as { data: { problem: string; params: Record<string, string | number> } }).data // as the contract has it

  test('are listed with a name, a folder and a port that are free', async () => {
    const { body } = await running.rest('GET', 'stacks')
    const stacks = Stack.array().parse(body)
    expect(stacks.map(({ id, isUnmaintained }) => [id, isUnmaintained])).toEqual([
      ['comfyui-qwen', false],
      ['forge-turbo', true],
      ['forge-neo', false],
    ])
    // This machine may have cards; without one it is the processor's.
    expect(stacks[0]?.cards.at(-1)).toMatchObject({ gpuUuid: null, state: 'ok', pytorch: '2.14.1', cuda: null })
    for (const { suggested } of stacks) expect(existsSync(suggested.folder)).toBe(false)
  })

  test('ComfyUI is copied, configured and started, and opens for its credential alone', async () => {
    const folder = await prepared('qwen', standIn['comfyui-qwen'](docker.image))
    const asked = await answers('comfyui-qwen', 'qwen', folder)
    const { body: found } = await running.rest('POST', 'stacks/check', asked)
    const check = StackCheck.parse(found)
    expect(check.items.filter(({ state }) => state === 'failed')).toEqual([])
    expect(check.ready).toBe(true)
    expect(await readdir(folder)).toEqual(['compose.override.yaml'])

    deployed.push(asked.serviceId)
    const { status, body } = await running.rest('POST', 'stacks/deploy', asked)
    expect(status).toBe(200)
    const deployment = Deployment.parse(body)
    expect(deployment.reason).toBe(undefined)
    expect(deployment.steps.map(({ id, state }) => `${id} ${state}`)).toEqual(
      ['check', 'files', 'settings', 'credential', 'service', 'start'].map((id) => `${id} done`),
    )
    expect(deployment.state).toBe('done')

    const written = (await readFile(path.join(folder, '.env'), 'utf8')).split('\n').filter((line) => /^\w/.test(line))
    const user = `${process.getuid?.()}:${process.getgid?.()}`
    expect(written).toEqual([
      `COMPOSE_PROJECT_NAME='${asked.serviceId}'`,
      "GPU_UUID='none'",
      "TORCH_BUILD='cpu'",
      `COMFYUI_PORT='${asked.port}'`,
      "MODELS_FOLDER='./models'",
      "OUTPUTS_FOLDER='./outputs'",
      "CACHE_FOLDER='./cache'",
      `RUN_AS='${user}'`,
      expect.stringMatching(/^MEMORY_LIMIT='\d+g'$/),
      "COMFYUI_ARGS='--cpu'",
      "COMFYUI_MANAGER='no'",
      "TZ='Etc/UTC'",
    ])
    if (process.platform !== 'win32') expect((await stat(path.join(folder, '.env'))).mode & 0o777).toBe(0o600)
    expect(await readFile(path.join(folder, 'login', 'PASSWORD'), 'utf8')).toMatch(/^\$2b\$12\$[./\w]{53}\nregie$/)
    expect(await readFile(path.join(folder, 'login', '.secret-key.txt'), 'utf8')).toMatch(/^[\w-]{43}=,[\d.T:-]{26}$/)
    expect(await readFile(path.join(folder, 'compose.yaml'), 'utf8')).not.toContain('reservations')
    expect(await recognise(folder)).toEqual({
      stackId: 'comfyui-qwen',
      version: templateOf('comfyui-qwen').version,
      changed: [],
    })
    expect(await readFile(path.join(folder, 'Dockerfile'))).toEqual(
      await readFile(path.join(bundle.programs.stacks, 'comfyui-qwen', 'Dockerfile')),
    )

    const [container] = await containersOf(asked.serviceId)
    const published = container?.Ports.filter(({ PublicPort }) => PublicPort)
    expect(published).toMatchObject([{ IP: '127.0.0.1', PublicPort: asked.port, PrivatePort: 8188 }])
    const inside = await docker.client.getContainer(container?.Id ?? '').inspect()
    expect(inside.HostConfig).toMatchObject({ CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges:true'], Init: true })
    const proof = Proof.parse((await running.rest('POST', `credentials/${asked.serviceId}/verify`)).body)
    expect(proof.outcome).toBe('proven')
    expect(proof.rows[0]).toMatchObject({ none: { got: 401 }, wrong: { got: 401 }, fresh: { got: 200 } })
    const plan = RotationPlan.parse((await running.rest('GET', `credentials/${asked.serviceId}/rotation-plan`)).body)
    expect(plan.services).toMatchObject([{ action: 'restart', sessions: 'end' }])
    const rotation = Rotation.parse((await running.rest('POST', `credentials/${asked.serviceId}/rotate`)).body)
    expect(rotation.proof.find(({ purpose }) => purpose === 'session')?.old).toMatchObject({ got: 401, state: 'pass' })
  })

  test('what Docker keeps for nobody is told, and the image of a deployed stack is not among it', long, async () => {
    const { status, body } = await running.rest('GET', 'docker/room')
    expect(status).toBe(200)
    const report = RoomReport.parse(body)
    expect(report.needed.images).toBeGreaterThan(0)
    expect(report.items.flatMap(({ names }) => names)).not.toContain(docker.image)
    const refused = await running.rest('POST', 'docker/room/remove', { ids: ['image:of-nobody'] })
    expect([refused.status, problemOf(refused.body).problem]).toEqual([404, 'room.not-offered'])
  })

  test('Forge gets its account from the environment, in quotes that every Compose reads alike', long, async () => {
    const folder = await prepared('forge', standIn['forge-turbo'](docker.image))
    const asked = {
      ...(await answers('forge-turbo', 'forge', folder)),
      username: 'painter',
      password: 'w0rd#with-hash',
    }
    deployed.push(asked.serviceId)
    const { body } = await running.rest('POST', 'stacks/deploy', asked)
    expect(Deployment.parse(body)).toMatchObject({ state: 'done', kept: [] })
    expect(JSON.stringify(body)).not.toContain(asked.password)
    const env = await readFile(path.join(folder, '.env'), 'utf8')
    expect(env).toContain("\nFORGE_USER='painter'\nFORGE_PASSWORD='w0rd#with-hash'\n")
    expect(env).toContain(`\nFORGE_PORT='${asked.port}'\n`)
    expect(env).toContain("\nFORGE_ARGS='--always-cpu --skip-torch-cuda-test'\n")
    const proof = Proof.parse((await running.rest('POST', `credentials/${asked.serviceId}/verify`)).body)
    expect(proof.outcome).toBe('proven')
    const { body: credential } = await running.rest('GET', `credentials/${asked.serviceId}`)
    expect(credential).toMatchObject({ sinks: [{ requires: 'recreate' }, { requires: 'recreate' }] })
  })

  test('Forge Neo is guarded as Forge is, and mounts the models of a ComfyUI for reading', long, async () => {
    const shared = path.join(root, 'ComfyUI')
    await mkdir(path.join(shared, 'models', 'checkpoints'), { recursive: true })
    await writeFile(path.join(shared, 'models', 'checkpoints', 'a.safetensors'), 'weights')
    const folder = await prepared('neo', standIn['forge-neo'](docker.image))
    const asked = { ...(await answers('forge-neo', 'neo', folder)), sharedModelsFolder: shared }
    deployed.push(asked.serviceId)
    const { body } = await running.rest('POST', 'stacks/deploy', asked)
    expect(Deployment.parse(body)).toMatchObject({ state: 'done', kept: [] })
    const env = await readFile(path.join(folder, '.env'), 'utf8')
    expect(env).toContain(`\nCOMFYUI_FOLDER='${shared}'\n`)
    expect(env).toContain("\nTORCH_BUILD='cpu'\n")
    expect(env).toContain("\nFORGE_ARGS='--cpu --skip-torch-cuda-test'\n")
    const [container] = await containersOf(asked.serviceId)
    const mount = container?.Mounts.find(({ Destination }) => Destination === '/comfyui')
    expect(mount).toMatchObject({ Source: shared, RW: false })
    expect((await running.rest('GET', `services/${asked.serviceId}`)).body).toMatchObject({ kind: 'forge-neo' })
    const proof = Proof.parse((await running.rest('POST', `credentials/${asked.serviceId}/verify`)).body)
    expect(proof.outcome).toBe('proven')
  })

  test('a folder without models is not shared', async () => {
    const asked = { ...(await answers('forge-neo', 'bare', path.join(root, 'bare'))), sharedModelsFolder: root }
    const { body } = await running.rest('POST', 'stacks/check', asked)
    const refused = StackCheck.parse(body).items.filter(({ state }) => state === 'failed')
    expect(refused).toMatchObject([
      { field: 'sharedModelsFolder', reason: { problem: 'stacks.no-shared-models', params: { path: root } } },
    ])
  })

  test('a card that PyTorch does not run on is refused before anything is written or downloaded', async () => {
    const uuid = 'GPU-bbbbbbbb-0000-1111-2222-333344445555'
    const card = { index: '0', uuid, name: 'NVIDIA GeForce RTX 5090', driver_version: '570.86.10', compute_cap: '12.0' }
    const scenario = path.join(root, 'blackwell.json')
    await writeFile(scenario, JSON.stringify({ gpus: [{ ...card, 'memory.total': '32607' }] }))
    vi.stubEnv('REGIE_REPLAY_SCENARIO', scenario)
    await running.rest('PUT', 'gpus/program', { program: replayProgram })
    try {
      const refused = { gpuUuid: uuid, state: 'failed', computeCapability: '12.0', driverVersion: '570.86.10' }
      const stacks = Stack.array().parse((await running.rest('GET', 'stacks')).body)
      expect(stacks.map(({ id, cards }) => [id, cards[0]?.reason?.problem])).toEqual([
        ['comfyui-qwen', 'stacks.driver-too-old'],
        ['forge-turbo', 'stacks.card-too-new'],
        ['forge-neo', 'stacks.driver-too-old'],
      ])
      expect(stacks[0]?.cards[0]).toMatchObject(refused)
      const folder = path.join(root, 'blackwell')
      const asked = { ...(await answers('comfyui-qwen', 'blackwell', folder)), gpuUuid: uuid }
      const { body } = await running.rest('POST', 'stacks/check', asked)
      const torch = StackCheck.parse(body).items.find(({ id }) => id === 'torch')
      expect(torch).toMatchObject({ state: 'failed', field: 'gpuUuid', reason: { params: { needed: '580' } } })
      expect((await running.rest('POST', 'stacks/deploy', asked)).status).toBe(409)
      expect(existsSync(folder)).toBe(false)
      expect(await idsOf('credentials')).not.toContain(asked.serviceId)
    } finally {
      vi.unstubAllEnvs()
      await running.rest('PUT', 'gpus/program', { program: null })
    }
  })

  test('files that are there are named one by one and left alone', async () => {
    const folder = path.join(root, 'occupied')
    await mkdir(path.join(folder, 'login'), { recursive: true })
    for (const name of ['.env', 'compose.yaml', path.join('login', 'PASSWORD')])
      await writeFile(path.join(folder, name), 'mine')
    const asked = await answers('comfyui-qwen', 'occupied', folder)
    const { status, body } = await running.rest('POST', 'stacks/deploy', asked)
    expect([status, problemOf(body).problem]).toEqual([409, 'stacks.conflict'])
    expect(problemOf(body).params['files']).toBe(`compose.yaml, .env, ${path.join('login', 'PASSWORD')}`)
    expect(await readFile(path.join(folder, '.env'), 'utf8')).toBe('mine')
    expect((await readdir(folder)).sort()).toEqual(['.env', 'compose.yaml', 'login'])
    expect(await idsOf('credentials')).not.toContain(asked.serviceId)
  })

  test('a port that is taken, a name that is taken and a folder that is none are refused at their fields', async () => {
    const holder = createServer()
    const port = await freePort()
    await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve))
    try {
      const file = path.join(root, 'a-file')
      await writeFile(file, '')
      const { body } = await running.rest('POST', 'stacks/check', {
        ...(await answers('comfyui-qwen', 'refused', path.join(root, 'refused'))),
        port,
        serviceId: deployed[0],
        modelsFolder: file,
      })
      const check = StackCheck.parse(body)
      const failed = check.items.filter(({ state }) => state === 'failed')
      expect(check.ready).toBe(false)
      expect(Object.fromEntries(failed.map(({ field, reason }) => [field, reason?.problem]))).toEqual({
        port: 'stacks.port-taken',
        serviceId: 'service.exists',
        modelsFolder: 'stacks.not-a-folder',
      })
      expect(existsSync(path.join(root, 'refused'))).toBe(false)
    } finally {
      holder.close()
    }
  })

  test('a GPU that is not there is refused', async () => {
    const asked = await answers('comfyui-qwen', 'gpu', path.join(root, 'gpu'))
    const { body } = await running.rest('POST', 'stacks/check', { ...asked, gpuUuid: 'GPU-00000000-1111' })
    const gpu = StackCheck.parse(body).items.find(({ id }) => id === 'gpu')
    expect(gpu).toMatchObject({ state: 'failed', field: 'gpuUuid' })
  })

  test('a deployment that is cancelled leaves nothing half made', async () => {
    const folder = await prepared('cancelled', silent(docker.image))
    const asked = await answers('comfyui-qwen', 'cancelled', folder)
    const { body } = await running.rest('POST', 'stacks/deploy', { ...asked, wait: false })
    const { id } = Deployment.parse(body)
    await until('the container', async () => (await containersOf(asked.serviceId))[0]?.State === 'running')
    const busy = await running.rest('POST', 'stacks/deploy', asked)
    expect([busy.status, problemOf(busy.body).problem]).toEqual([409, 'stacks.busy'])

    const undone = Deployment.parse((await running.rest('POST', `stacks/deployments/${id}/undo`)).body)
    expect(undone).toMatchObject({ state: 'undone', reason: { problem: 'stacks.cancelled' }, kept: [] })
    expect(await readdir(folder)).toEqual(['compose.override.yaml'])
    expect(await containersOf(asked.serviceId)).toEqual([])
    expect(await idsOf('services')).not.toContain(asked.serviceId)
    expect(await idsOf('credentials')).not.toContain(asked.serviceId)
  })

  test(
    'one that does not start is kept whole, and can be taken back; what the container wrote stays',
    long,
    async () => {
      const broken = standIn['comfyui-qwen'](docker.image).replace(
        /entrypoint: .*/,
        'entrypoint: [/bin/sh, -c, "echo a workflow > /opt/ComfyUI/user/mine.json; exit 3"]\n    restart: "no"',
      )
      const folder = await prepared('broken', broken)
      const asked = await answers('comfyui-qwen', 'broken', folder)
      const deployment = Deployment.parse((await running.rest('POST', 'stacks/deploy', asked)).body)
      expect(deployment).toMatchObject({ state: 'not-started', kept: [] })
      expect(deployment.reason?.message).toContain(asked.serviceId)
      expect(await idsOf('services')).toContain(asked.serviceId)

      const at = `stacks/deployments/${deployment.id}`
      const undone = Deployment.parse((await running.rest('POST', `${at}/undo`)).body)
      expect(undone).toMatchObject({ state: 'undone', kept: [path.join(folder, 'user')] })
      expect((await readdir(folder)).sort()).toEqual(['compose.override.yaml', 'user'])
      expect(await idsOf('services')).not.toContain(asked.serviceId)
      expect(Deployment.parse((await running.rest('GET', at)).body)).toEqual(undone)
    },
  )

  test('a deployment that is in place is not taken back', async () => {
    const { status, body } = await running.rest('POST', 'stacks/deployments/no-such/undo')
    expect([status, problemOf(body).problem]).toEqual([404, 'stacks.deployment-not-found'])
  })

  test('without an engine nothing is begun, and the reason is the engine’s own', async () => {
    await running.rest('PUT', 'docker/address', { address: `unix://${path.join(root, 'no.sock')}` })
    try {
      const asked = await answers('forge-turbo', 'nowhere', path.join(root, 'nowhere'))
      await until('the engine to be missed', async () => {
        const { body } = await running.rest('GET', 'docker')
        return (body as { state: string }).state === 'unreachable'
      })
      const { body } = await running.rest('POST', 'stacks/check', asked)
      const engine = StackCheck.parse(body).items.find(({ id }) => id === 'engine')
      expect(engine).toMatchObject({
        state: 'failed',
        reason: { problem: expect.stringMatching(/^docker\./) as string },
      })
      const refused = await running.rest('POST', 'stacks/deploy', asked)
      expect([refused.status, problemOf(refused.body).problem]).toEqual([503, engine?.reason?.problem])
      expect(existsSync(path.join(root, 'nowhere'))).toBe(false)
    } finally {
      await running.rest('PUT', 'docker/address', { address: docker.host })
    }
  })
})

await describeWithDocker('a Compose project that is there', (docker: TestDocker) => {
  let bundle: Awaited<ReturnType<typeof bundlePanelPrograms>>
  let running: RunningPanel
  let project: TestProject
  let port: number
  const hash = '$2b$04$abcdefghijklmnopqrstuuJ0Tt5WvB0V7aZ0u8zVtqV5Qq1N6yHkq'

  beforeAll(async () => {
    bundle = await bundlePanelPrograms()
    running = await startPanel({ programs: bundle.programs, demo: false })
    await running.rest('PUT', 'docker/address', { address: docker.host })
    project = await composeProject(docker, 'regie-adopt')
    port = await freePort()
    await mkdir(project.at('login'))
    await project.write(path.join('login', 'PASSWORD'), `${hash}\nowner`)
    const image = `image: ${docker.image}`
    await project.write(
      'compose.yaml',
      `services:
  comfyui-qwen:
    ${image}
    command: [comfyui, --folder, /opt/ComfyUI, --host, 0.0.0.0, --port, '8188']
    volumes: ['./:/opt/ComfyUI']
    ports: ['127.0.0.1:${port}:8188']
  idle-monitor:
    ${image}
    entrypoint: [/bin/node, -e, 'process.on("SIGTERM", () => process.exit()); setInterval(() => {}, 1000)']
    profiles: [monitor]
`,
    )
    const [program] = await composePrograms()
    if (!program) throw new Error('no Compose program on this machine')
    await project.compose(program, 'up', '-d')
  })
  afterAll(async () => {
    await project.remove()
    await running.stop()
    await bundle.remove()
  })

  const order = (services: object[]) => ({ project: { file: project.file, project: project.name }, services })

  test('is adopted by its labels with the credential that it has', async () => {
    const found = await until('the project to be seen with its published port', async () => {
      const { body } = await running.rest('GET', 'docker/projects')
      return (body as { name: string; services: { name: string; guess: unknown }[] }[]).find(
        ({ name, services: [first] }) => name === project.name && first?.guess,
      )
    })
    expect(found.services[0]).toMatchObject({ guess: { kind: 'comfyui', url: `http://127.0.0.1:${port}` } })
    const id = `adopted-${mark}`
    const service = { id, name: 'Qwen', kind: 'comfyui', url: `http://127.0.0.1:${port}`, service: 'comfyui-qwen' }
    const credential = { id, scheme: 'comfyui-login', username: 'owner', token: hash }
    const { status, body } = await running.rest('POST', 'docker/projects/adopt', order([{ ...service, credential }]))
    expect(status).toBe(200)
    expect(Service.array().parse(body)).toMatchObject([{ id, name: 'Qwen', runtime: 'compose', credentialId: id }])
    await until('the program to listen', async () => {
      const service = Service.parse((await running.rest('POST', `services/${id}/probe`)).body)
      return service.health.state === 'ready'
    })
    const proof = Proof.parse((await running.rest('POST', `credentials/${id}/verify`)).body)
    expect(proof.outcome).toBe('proven')
  })

  test('is read from its folder, with a profile that is off by default', long, async () => {
    const { status, body } = await running.rest('POST', 'docker/projects/read', {
      file: project.folder,
      profiles: ['monitor'],
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ activeProfiles: ['monitor'], files: [project.file] })
    const { services } = body as { services: { name: string; serviceId: string | null }[] }
    expect(services.map(({ name }) => name).sort()).toEqual(['comfyui-qwen', 'idle-monitor'])
    expect(services.find(({ name }) => name === 'comfyui-qwen')?.serviceId).toBe(`adopted-${mark}`)
  })

  test('none of its files is written unless that was asked for', async () => {
    const id = `quiet-${mark}`
    const file = project.at(path.join('login', 'PASSWORD'))
    const before = await readFile(file)
    const service = { id, name: 'Qwen', kind: 'comfyui', url: `http://127.0.0.1:${port}`, service: 'comfyui-qwen' }
    const credential = { id, scheme: 'comfyui-login', sinks: [{ type: 'comfyui-login', path: file }] }
    const { status } = await running.rest('POST', 'docker/projects/adopt', order([{ ...service, credential }]))
    expect(status).toBe(200)
    expect(await readFile(file)).toEqual(before)
    expect((await running.rest('GET', `credentials/${id}`)).body).toMatchObject({ state: 'drifted', drifted: 1 })
    await running.rest('DELETE', `services/${id}`)
    await running.rest('DELETE', `credentials/${id}`)
  })

  test('is adopted as a whole or not at all', async () => {
    const url = `http://127.0.0.1:${port}`
    const [first, second] = [`first-${mark}`, `adopted-${mark}`]
    const { status } = await running.rest(
      'POST',
      'docker/projects/adopt',
      order([
        {
          ...{ id: first, kind: 'comfyui', url, service: 'comfyui-qwen' },
          credential: { id: first, scheme: 'token', token: 'secret-token-1' },
        },
        {
          ...{ id: `other-${mark}`, kind: 'forge', url, service: 'idle-monitor' },
          credential: { id: second, scheme: 'token', token: 'secret-token-2' },
        },
      ]),
    )
    expect(status).toBe(409)
    const { body: services } = await running.rest('GET', 'services')
    const { body: credentials } = await running.rest('GET', 'credentials')
    const ids = (list: unknown) => (list as { id: string }[]).map(({ id }) => id)
    expect(ids(services)).toEqual([`adopted-${mark}`])
    expect(ids(credentials)).toEqual([`adopted-${mark}`])
  })
})
