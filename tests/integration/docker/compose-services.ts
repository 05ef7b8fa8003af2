import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createBackend } from '../../../electron/kinds'
import { createCompose } from '../../../electron/compose/program'
import { createEngine } from '../../../electron/docker/create-engine'
import { createServices, type ServiceEvent } from '../../../electron/services'
import { createChanges } from '../../../electron/services/runtimes/compose/changes'
import type { ComposeSpec, Operation, Service, ServiceConfig } from '../../../shared/contract'
import type { TestProject } from '../../support/compose'
import type { TestDocker } from '../../support/docker'
import { givingOf } from '../../support/giving'
import { freePort } from '../../support/ports'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

/** What the simulated ComfyUI takes as its token: it compares, and never looks inside. */
export const token = '$2b$12$abcdefghijklmnopqrstuuAbCdEfGhIjKlMnOpQrStUvWxYz01234'

export interface Setup {
  docker: TestDocker
  own: NodeJS.ProcessEnv | (() => NodeJS.ProcessEnv)
  services?: ServiceConfig[]
  /** What takes the place of the time that a start may take. */
  startTimeoutMs?: number
}

/** A panel's services over a real engine and a real Compose, with what they told. */
export async function composePanel({ docker, own, services: configs = [], startTimeoutMs = 30_000 }: Setup) {
  const folder = await temporaryFolder('regie-compose-panel')
  const events: { event: ServiceEvent; at: number }[] = []
  const bugs: unknown[] = []
  const reportBug = (error: unknown) => bugs.push(error)
  const redact = (text: string) => text.replaceAll(token, '[secret]')
  const engine = createEngine({
    address: { read: () => docker.host, write: () => undefined },
    composeProgram: () => Promise.resolve(null),
    reportBug,
  })
  const compose = createCompose({
    engine,
    redact,
    known: () => services.composeServices(),
    own: typeof own === 'function' ? own : () => own,
  })
  const changesOf = (spec: ComposeSpec, containerId: string) =>
    createChanges({ spec, compose, client: () => engine.client() }).of({ id: containerId, runsSince: null })
  let stored: unknown[] = configs
  const services = createServices({
    config: { read: () => stored, write: (next) => (stored = next) },
    paths: { services: folder.path },
    programs: { simulator: '', guardian: '' },
    giving: givingOf().giving,
    backendFor: ({ id, kind, url }) =>
      createBackend({
        serviceId: id,
        kind,
        url,
        lendSecret: async (use) => use({ username: 'admin', password: 'password', token }),
        redact,
      }),
    redact,
    publish: (event) => events.push({ event, at: performance.now() }),
    watched: () => true,
    reportBug,
    engine,
    compose,
    timing: { compose: { startTimeoutMs } },
  })
  const seen = (id: string) =>
    events.flatMap(({ event, at }) =>
      event.type === 'service' && event.service.id === id ? [{ at, ...event.service }] : [],
    )
  return {
    engine,
    compose,
    services,
    bugs,
    /** Every state in which a service was told, in order, with its time. */
    seen,
    reaches: (id: string, what: string, is: (service: Service) => boolean) =>
      until(`${id}: ${what}`, () => {
        const service = services.get(id)
        return is(service) && service
      }),
    /** Every step of an operation, with its last state. */
    steps: (id: string, operation: Operation) =>
      Object.fromEntries(
        seen(id)
          .filter((service) => service.operation === operation)
          .flatMap((service) => service.progress?.steps ?? [])
          .map(({ title, state, detail }) => [title, `${state}: ${detail ?? ''}`]),
      ),
    /** What a project's files ask for and a container does not have, compared now. */
    changesOf,
    /** What is pending of a service, compared now. Throws why that cannot be told. */
    async pendingNow(id: string) {
      const { container, compose: spec } = services.get(id)
      if (!container || !spec) throw new Error(`${id} has no container`)
      const found = await changesOf(spec, container.id)
      if (!found.known) throw new Error(found.why.message)
      return found.changes[0] ?? null
    },
    panelLines: async (id: string) =>
      (await services.logs(id, 1000)).filter(({ stream }) => stream === 'panel').map(({ text }) => text),
    async close() {
      await services.close()
      await engine.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}
export type ComposePanel = Awaited<ReturnType<typeof composePanel>>

/** A Compose project as the users have it: a ComfyUI with its login folder, its values from `.env`. */
export async function writeComfyui(project: TestProject, image: string, more: string[] = []): Promise<ServiceConfig> {
  const port = await freePort()
  await mkdir(path.join(project.folder, 'data', 'login'), { recursive: true })
  await writeFile(path.join(project.folder, 'data', 'login', 'PASSWORD'), `${token}\nadmin\n`)
  await project.write('settings.conf', 'one\n')
  await project.write('.env', `# the port on this machine\nCOMFYUI_PORT=${port}\nTOKEN='${token}'\nNOTE=first\n`)
  await project.write(
    'compose.yaml',
    [
      'version: "2.4"',
      'services:',
      '  comfyui-qwen:',
      `    image: ${image}`,
      `    container_name: ${project.name}`,
      '    command: [comfyui, --folder, /data, --host, 0.0.0.0, --port, "8188"]',
      '    ports: ["127.0.0.1:${COMFYUI_PORT}:8188"]',
      '    environment: { NOTE: "${NOTE}", TOKEN: "${TOKEN}" }',
      '    volumes: ["./data:/data", "./settings.conf:/settings.conf:ro"]',
      '    stop_grace_period: 2s',
      ...more,
      '',
    ].join('\n'),
  )
  return {
    id: 'comfyui-qwen',
    kind: 'comfyui',
    runtime: 'compose',
    url: `http://127.0.0.1:${port}`,
    compose: { file: project.file, service: 'comfyui-qwen', project: project.name },
  }
}
