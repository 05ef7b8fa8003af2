import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import * as z from 'zod'
import { composeProject } from '../support/compose'
import type { TestDocker } from '../support/docker'
import { freePort } from '../support/ports'
import { until } from '../support/until'
import type { TornKind } from './kind'
import type { Failpoint } from './failpoints'
import { startPanelProcess, type PanelProcess, type TorturePrograms } from './process'
import { planSinkFiles, writeSinkFiles, type Revealed, type SinkPlan } from './sinks'

export const kinds: readonly TornKind[] = ['comfyui', 'forge']

/** A data folder, a deployment beside it, and the panel that looks after both, in its present life. */
export interface World {
  name: string
  root: string
  data: string
  /** Whether the services live on when the panel dies. */
  outlives: boolean
  urls: Record<TornKind, string>
  plan: SinkPlan
  panel(): PanelProcess
  /** Starts the panel's next life; the one before must be over. */
  begin(failpoint?: Failpoint | null): PanelProcess
  secrets(): Promise<Record<TornKind, Revealed>>
  /** Starts whichever service does not run, and waits until each is ready. */
  servicesReady(): Promise<void>
  /** Environment of the panel; the engine's address may be changed between two lives. */
  env: NodeJS.ProcessEnv
  remove(): Promise<void>
}

const Reveal = z.object({ username: z.string(), password: z.string(), token: z.string().default('') })
const Health = z.object({ health: z.object({ state: z.string(), reason: z.string().optional() }) })

type Ground = Pick<World, 'name' | 'root' | 'outlives' | 'urls' | 'plan' | 'env'> & {
  serviceInput: (kind: TornKind) => object
  clear: () => Promise<void>
}

const noEngine = process.platform === 'win32' ? 'npipe:////./pipe/regie-no-engine' : 'unix:///nonexistent/docker.sock'

/** Adds the credentials and services of a ground by a panel's first life. */
async function settle(programs: TorturePrograms, ground: Ground): Promise<World> {
  const data = path.join(ground.root, 'data')
  await writeSinkFiles(ground.plan)
  const start = (failpoint: Failpoint | null) =>
    startPanelProcess(programs, { dataFolder: data, failpoint, env: world.env })
  const world: World = {
    ...ground,
    data,
    panel: () => panel,
    begin: (failpoint = null) => (panel = start(failpoint)),
    async secrets() {
      const reveal = async (kind: TornKind) => Reveal.parse(await panel.call('POST', `credentials/${kind}/reveal`, {}))
      return { comfyui: await reveal('comfyui'), forge: await reveal('forge') }
    },
    async servicesReady() {
      const state = async (kind: TornKind) => Health.parse(await panel.call('GET', `services/${kind}`)).health
      await Promise.all(
        kinds.map((kind) =>
          until(`${kind} to be ready`, async () => {
            const { state: now, reason } = await state(kind)
            if (now === 'ready') return true
            if (now === 'locked-out') throw new Error(`${kind} is locked out: ${reason ?? ''}`)
            if (now === 'stopped' || now === 'absent' || now === 'unhealthy')
              await panel.call('POST', `services/${kind}/start`)
            return false
          }),
        ),
      )
    },
    async remove() {
      if (panel.lives()) await panel.stop()
      await ground.clear()
      await rm(ground.root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
  let panel = start(null)
  await panel.listening()
  for (const kind of kinds) {
    await panel.call('POST', 'credentials', ground.plan.credentials[kind])
    await panel.call('POST', 'services', { id: kind, kind, credentialId: kind, ...ground.serviceInput(kind) })
  }
  await world.servicesReady()
  return world
}

const urlsOnFreePorts = async () => ({
  comfyui: `http://127.0.0.1:${await freePort()}`,
  forge: `http://127.0.0.1:${await freePort()}`,
})

/** Simulated services: one as a native program under its guardian, the other as Regie's own simulator. */
export async function nativeWorld(programs: TorturePrograms, native: TornKind = 'comfyui'): Promise<World> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'regie-torture-'))
  // Regie takes no data folder that others may read.
  await mkdir(path.join(root, 'data'), { mode: 0o700 })
  const urls = await urlsOnFreePorts()
  const folderOf = (kind: TornKind) =>
    kind === native ? path.join(root, 'native') : path.join(root, 'data', 'services', kind)
  await mkdir(path.join(folderOf('comfyui'), 'login'), { recursive: true })
  const stack = path.join(root, 'stack')
  const { simulator } = programs.programs
  return settle(programs, {
    name: `native ${native}`,
    root,
    outlives: false,
    urls,
    env: { ...process.env, DOCKER_HOST: noEngine },
    plan: planSinkFiles(stack, {
      login: path.join(folderOf('comfyui'), 'login', 'PASSWORD'),
      env: path.join(folderOf('forge'), '.env'),
    }),
    serviceInput: (kind) => {
      if (kind !== native) return { runtime: 'simulator', url: urls[kind] }
      const { port } = new URL(urls[kind])
      const args = [simulator, kind, '--folder', folderOf(kind), '--port', port]
      return { runtime: 'process', url: urls[kind], process: { command: process.execPath, args } }
    },
    clear: () => Promise.resolve(),
  })
}

/** As the users' entrypoints do: the password comes by the environment. */
const forgeStart = `
const fs = require('node:fs')
const { FORGE_USER, FORGE_PASSWORD } = process.env
fs.mkdirSync('/data', { recursive: true })
fs.writeFileSync('/data/.env', 'FORGE_USER=' + FORGE_USER + '\\nFORGE_PASSWORD=' + FORGE_PASSWORD + '\\n')
process.argv = ['node', 'simulator', 'forge', '--folder', '/data', '--host', '0.0.0.0', '--port', '7860']
import('/app/simulator.js')
`

/**
 * A Compose project: Forge takes its password from the environment (a new secret means a new container), ComfyUI from a
 * mounted folder, or with `mounts: 'file'` from a file that is mounted by itself.
 */
export async function composeWorld(
  programs: TorturePrograms,
  docker: TestDocker,
  options: { mounts: 'folder' | 'file'; env?: NodeJS.ProcessEnv },
): Promise<World> {
  const project = await composeProject(docker, 'regie-torture')
  const urls = await urlsOnFreePorts()
  const portOf = (kind: TornKind) => new URL(urls[kind]).port
  const login = project.at('login/PASSWORD')
  const plan = planSinkFiles(path.join(project.folder, 'clients'), { login, env: project.at('.env') })
  const volume = options.mounts === 'folder' ? './login:/data/login' : './login/PASSWORD:/data/login/PASSWORD'
  await project.write('start.cjs', forgeStart)
  await project.write(
    'compose.yaml',
    [
      'version: "2.4"',
      'services:',
      '  forge:',
      `    image: ${docker.image}`,
      '    entrypoint: [/bin/node, /start.cjs]',
      `    ports: ["127.0.0.1:${portOf('forge')}:7860"]`,
      '    environment: { FORGE_USER: "${FORGE_USER}", FORGE_PASSWORD: "${FORGE_PASSWORD}" }',
      '    volumes: ["./start.cjs:/start.cjs:ro"]',
      '  comfyui:',
      `    image: ${docker.image}`,
      '    command: [comfyui, --folder, /data, --host, 0.0.0.0, --port, "8188"]',
      `    ports: ["127.0.0.1:${portOf('comfyui')}:8188"]`,
      `    volumes: ["${volume}"]`,
      '',
    ].join('\n'),
  )
  const root = path.dirname(project.folder)
  return settle(programs, {
    name: `compose, mounted ${options.mounts}`,
    root,
    outlives: true,
    urls,
    env: { ...process.env, ...options.env, DOCKER_HOST: docker.host, TORTURE: randomBytes(4).toString('hex') },
    plan,
    serviceInput: (kind) => ({
      runtime: 'compose',
      url: urls[kind],
      compose: { file: project.file, service: kind, project: project.name },
    }),
    clear: () => project.remove(),
  })
}
