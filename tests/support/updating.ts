import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Behaviour } from '../../electron/simulator/behaviour'
import { templateOf } from '../../electron/stacks/templates'
import { Deployment, Service, Update, UpdateOffer } from '../../shared/contract'
import type { TestDocker } from './docker'
import { bundlePanelPrograms, startPanel } from './panel'
import { freePort } from './ports'
import { until } from './until'

const stackId = 'comfyui-qwen'

/** What tells one version of the test's stack from another. */
export interface TestVersion {
  name: string
  behaviour?: Partial<Behaviour>
  /** Lines of the Dockerfile after its files are there. */
  build?: string
  /** What runs in place of the simulator; `$*` are its arguments. */
  script?: string
  /** Arguments of the simulator beside the usual ones. */
  flags?: string
  /** Lines of the service in the Compose file, indented by four. */
  service?: string
  /** Settings of the example beside the usual ones. */
  settings?: string
}

const usual = ['compose.yaml', 'Dockerfile', 'serve.py', 'healthcheck.py', '.env.example', 'README.md']
const more = templateOf(stackId).files.filter((name) => !usual.includes(name))

const quick: Partial<Behaviour> = { loadMs: 0, stepMs: 1, preview: 'none', customNodes: ['PackNode', 'PackOther'] }

const simulator = 'exec /bin/node /app/simulator.js "$@"'

/** The files of a version: the simulator's image with a behaviour, made as a stack's image is. */
const filesOf = (image: string, mark: string, version: TestVersion): Record<string, string> => ({
  'compose.yaml': `services:
  ${stackId}:
    build: .
    image: regie-update-test/${mark}:${version.name}
    init: true
    restart: unless-stopped
    ports:
      - 127.0.0.1:\${COMFYUI_PORT:-8188}:8188
    environment:
      COMFYUI_ARGS: \${COMFYUI_ARGS:-}
    volumes:
      - { type: bind, source: "\${MODELS_FOLDER:-./models}", target: /opt/ComfyUI/models }
      - { type: bind, source: "\${OUTPUTS_FOLDER:-./outputs}", target: /opt/ComfyUI/output }
      - { type: bind, source: "\${CACHE_FOLDER:-./cache}", target: /cache }
      - { type: bind, source: ./login, target: /opt/ComfyUI/login }
      - { type: bind, source: ./login, target: /opt/ComfyUI/custom_nodes/ComfyUI-Login }
      - { type: bind, source: ./user, target: /opt/ComfyUI/user }
      - { type: bind, source: ./input, target: /opt/ComfyUI/input }
    deploy:
      resources: { reservations: { devices: [{ driver: nvidia, capabilities: [gpu] }] } }
    healthcheck: { test: [CMD, /bin/node, -e, process.exit()] }
    stop_grace_period: 2s
${version.service ?? ''}`,
  Dockerfile: `FROM ${image}
COPY serve.py healthcheck.py /app/
${version.build ?? ''}
ENTRYPOINT ["/bin/sh", "/app/serve.py"]
CMD ["comfyui", "--folder", "/opt/ComfyUI", "--host", "0.0.0.0", "--port", "8188", "--behaviour", "/app/healthcheck.py"]
`,
  'serve.py': `# version ${version.name}\nset -- "$@" ${version.flags ?? ''}\n${version.script ?? simulator}\n`,
  'healthcheck.py': JSON.stringify({ ...quick, ...version.behaviour }),
  '.env.example': `COMPOSE_PROJECT_NAME='x'\nGPU_UUID='none'\nCOMFYUI_PORT='8188'\nMODELS_FOLDER='./models'\nOUTPUTS_FOLDER='./outputs'\nCACHE_FOLDER='./cache'\nRUN_AS='0:0'\nCOMFYUI_ARGS=''\n${version.settings ?? ''}`,
  'README.md': `version ${version.name}\n`,
  // What the real stack has beside that is nothing to the simulator.
  ...Object.fromEntries(more.map((name) => [name, ''])),
})

/** A panel as these tests reach it, in this process or in one of its own. */
export interface UpdatingPanel {
  dataFolder: string
  rest(method: string, at: string, body?: unknown): Promise<{ status: number; body: unknown }>
  stop(): Promise<void>
}

/** A start and a picture have what they need on a busy machine: only the night's tests wait them out. */
export const littlePatience = { startMs: 30_000, proofMs: 8_000, pictureMs: 40_000, idleMs: 2_000 }

/** The panel in this process, with little patience. */
async function openPanel(stacks: string): Promise<UpdatingPanel> {
  const bundle = await bundlePanelPrograms()
  const running = await startPanel({
    programs: { ...bundle.programs, stacks },
    demo: false,
    updatePatience: littlePatience,
  })
  return {
    dataFolder: running.dataFolder,
    rest: (method, at, body) => running.rest(method, at, body),
    async stop() {
      await running.stop()
      await bundle.remove()
    },
  }
}

/** A panel with a stack of the simulator's image, of which there are as many versions as a test thinks up. */
export async function startUpdating(docker: TestDocker, open = openPanel) {
  const mark = randomBytes(3).toString('hex')
  const root = await mkdtemp(path.join(os.tmpdir(), 'regie-updating-'))
  const templates = path.join(root, 'stacks')
  const panel = await open(templates)
  const services: string[] = []

  /** What the panel brings along from now on. */
  const offer = async (version: TestVersion) => {
    const folder = path.join(templates, stackId)
    await mkdir(folder, { recursive: true })
    for (const [name, text] of Object.entries(filesOf(docker.image, mark, version)))
      await writeFile(path.join(folder, name), text)
  }
  const rest: UpdatingPanel['rest'] = (method, at, body) => panel.rest(method, at, body)
  const containersOf = (project: string) =>
    docker.client.listContainers({ all: true, filters: { label: [`com.docker.compose.project=${project}`] } })

  await rest('PUT', 'docker/address', { address: docker.host })
  await rest('POST', 'vault/unlock', { passphrase: 'not needed' })

  return {
    ...{ mark, docker, dataFolder: panel.dataFolder },
    root,
    offer,
    rest,
    containersOf,
    /** A service of version `one`, ready, whose folder says that it was made by an earlier Regie. */
    async deploy(name: string) {
      await offer({ name: 'one' })
      const id = `${name}-${mark}`
      const folder = path.join(root, id)
      services.push(id)
      const asked = { stackId, serviceId: id, folder, gpuUuid: null, port: await freePort() }
      const answer = await rest('POST', 'stacks/deploy', asked)
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
      const deployment = Deployment.parse(answer.body)
      if (deployment.state !== 'done') throw new Error(`not deployed: ${JSON.stringify(deployment.reason)}`)
      await this.ready(id)
      await this.age(folder)
      return { id, folder, port: asked.port, read: (file: string) => readFile(path.join(folder, file), 'utf8') }
    },
    /** Lets a folder's manifest name an earlier version, since the code knows one alone. */
    async age(folder: string) {
      const file = path.join(folder, '.regie-stack.json')
      const manifest = JSON.parse(await readFile(file, 'utf8')) as object // the panel has just written it
      await writeFile(file, `${JSON.stringify({ ...manifest, version: '0.0.1' }, null, 2)}\n`)
    },
    ready: (id: string) =>
      until(`${id} to be ready`, async () => {
        const { health } = Service.parse((await rest('POST', `services/${id}/probe`)).body)
        if (health.state === 'ready') return true
        throw new Error(JSON.stringify(health.rungs))
      }),
    see: async (id: string) => UpdateOffer.parse((await rest('GET', `services/${id}/update`)).body),
    async begin(id: string, order: Record<string, unknown> = {}) {
      const { to } = UpdateOffer.parse((await rest('GET', `services/${id}/update`)).body)
      const answer = await rest('POST', `services/${id}/update`, { to, ...order })
      return answer.status === 200 ? Update.parse(answer.body) : Promise.reject(new Error(JSON.stringify(answer.body)))
    },
    list: async () => Update.array().parse((await rest('GET', 'updates')).body),
    get: async (id: string) => Update.parse((await rest('GET', `updates/${id}`)).body),
    async ended(id: string) {
      return until(
        'the update to end',
        async () => {
          const update = Update.parse((await rest('GET', `updates/${id}`)).body)
          return update.state !== 'running' && update.state !== 'rolling-back' && update
        },
        90_000,
      )
    },
    async remove() {
      for (const id of services) {
        await rest('POST', `services/${id}/down`)
        await rest('DELETE', `services/${id}`)
      }
      await panel.stop()
      const images = await docker.client.listImages({ filters: { reference: [`regie-update-test/${mark}`] } })
      for (const { RepoTags } of images)
        for (const tag of RepoTags ?? [])
          await docker.client
            .getImage(tag)
            .remove({ force: true })
            .catch(() => undefined)
      await rm(root, { recursive: true, force: true })
    },
    /** Every file of a folder with its content, to see that it is as it was. */
    async contentOf(folder: string, leaveOut: readonly string[] = []) {
      const found: Record<string, string> = {}
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        const file = path.join(entry.parentPath, entry.name)
        const name = path.relative(folder, file)
        if (entry.isFile() && !leaveOut.some((one) => name.startsWith(one)))
          found[name] = (await readFile(file)).toString('latin1')
      }
      return found
    },
  }
}
export type Updating = Awaited<ReturnType<typeof startUpdating>>
