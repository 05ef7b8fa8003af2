import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createBackend } from '../../../electron/kinds'
import { asItIs } from '../../../electron/logs/cutting'
import { createServices, type ServiceEvent, type ServicesOptions } from '../../../electron/services'
import type { ServiceConfig } from '../../../shared/contract'
import { givingOf } from '../../support/giving'
import { freePort } from '../../support/ports'

/** What the simulated ComfyUI takes as its token: it compares, and never looks inside. */
export const token = '$2b$12$abcdefghijklmnopqrstuuAbCdEfGhIjKlMnOpQrStUvWxYz01234'

/** The folder of a simulated ComfyUI whose login is set up, as ComfyUI-Login leaves it. */
export async function prepareComfyui(folder: string, behaviour: object = {}) {
  await mkdir(path.join(folder, 'login'), { recursive: true })
  await writeFile(path.join(folder, 'login', 'PASSWORD'), `${token}\nadmin\n`)
  await writeFile(path.join(folder, 'behaviour.json'), JSON.stringify(behaviour))
}

export interface Setup {
  /** The data folder's part for services. */
  folder: string
  programs: ServicesOptions['programs']
  entries?: unknown[]
  timing?: ServicesOptions['timing']
  /** What Regie uses to sign in. */
  secret?: string | null
  gpus?: ServicesOptions['gpus']
  /** Lends programs what they refer to; nothing where it is left out. */
  giving?: ServicesOptions['giving']
}

/** Services as the panel builds them, over real backends, with the configuration in memory and the events kept. */
export function createPanelServices({
  folder,
  programs,
  entries = [],
  timing,
  secret = token,
  gpus,
  giving = givingOf().giving,
}: Setup) {
  const events: { event: ServiceEvent; at: number }[] = []
  const bugs: unknown[] = []
  let stored = entries
  const services = createServices({
    config: { read: () => stored, write: (next) => (stored = next) },
    paths: { services: folder },
    programs,
    giving,
    backendFor: ({ id, kind, url }) =>
      createBackend({
        serviceId: id,
        kind,
        url,
        lendSecret: async (use) =>
          use(secret === null ? null : { username: 'admin', password: 'password', token: secret }),
        redact: asItIs,
      }),
    redact: (text) => text.replaceAll(token, '[secret]'),
    publish: (event) => events.push({ event, at: performance.now() }),
    watched: () => true,
    reportBug: (error) => bugs.push(error),
    ...(timing ? { timing } : {}),
    ...(gpus ? { gpus } : {}),
  })
  return { services, events, bugs, stored: () => stored }
}

export async function simulated(id: string): Promise<ServiceConfig> {
  return { id, kind: 'comfyui', runtime: 'simulator', url: `http://127.0.0.1:${await freePort()}` }
}

/** A service that runs a command of node's, with its folder as the working folder. */
export async function command(id: string, cwd: string, args: string[]): Promise<ServiceConfig> {
  const url = `http://127.0.0.1:${await freePort()}`
  const port = new URL(url).port
  const spec = { command: process.execPath, args: args.map((arg) => arg.replace('{port}', port)), cwd, env: {} }
  return { id, kind: 'comfyui', runtime: 'process', url, process: spec }
}
