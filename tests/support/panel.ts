import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { cookieName, Sessions } from '../../electron/http/sessions'
import { listen, type ListenOptions } from '../../electron/http/server'
import { createPanel } from '../../electron/panel/create'
import type { PanelOptions } from '../../electron/panel/options'
import type { Programs } from '../../electron/panel/programs'
import { ownerCaller } from '../../electron/shell/owner-caller'
import { openConfig, openSessionStore } from '../../electron/storage/config'
import { dataPaths } from '../../electron/storage/paths'
import { keyFileKeeper, type KeyKeeper } from '../../electron/vault/keepers'
import { quickBcrypt, regiePrograms } from './programs'
import { checkDeclared } from './undeclared'

export const adminToken = 'test-admin-token'

/**
 * The child programs for a test file, with a one-page renderer, and a bcrypt that costs little. Call `remove` after all
 * tests.
 */
export async function bundlePanelPrograms(): Promise<{ programs: Programs; remove(): Promise<void> }> {
  const bundle = await regiePrograms({
    simulator: 'electron/simulator/main.ts',
    guardian: 'electron/services/guardian.ts',
    leakWorker: 'electron/leaks/leak-worker.ts',
    readWorker: 'electron/kinds/reading/read-worker.ts',
    databaseWorker: 'electron/storage/database-worker.ts',
    modelWorker: 'electron/models/model-worker.ts',
  })
  const renderer = await mkdtemp(path.join(os.tmpdir(), 'regie-renderer-'))
  mkdirSync(path.join(renderer, 'assets'), { recursive: true })
  writeFileSync(path.join(renderer, 'index.html'), '<!doctype html><meta name="csp-nonce" content="{{nonce}}">')
  writeFileSync(path.join(renderer, 'api-docs.html'), '<!doctype html><title>API</title>')
  writeFileSync(path.join(renderer, 'docs.html'), '<!doctype html><title>Documentation</title>')
  writeFileSync(path.join(renderer, 'assets', 'main-abc.js'), 'export {}')
  const stacks = path.resolve(import.meta.dirname, '../../resources/stacks')
  const remove = async () => {
    await rm(renderer, { recursive: true, force: true })
    await bundle.remove()
  }
  return { programs: { ...bundle.programs, bcryptWorker: quickBcrypt, renderer, stacks }, remove }
}

export interface RunningPanel {
  url: string
  dataFolder: string
  panel: Awaited<ReturnType<typeof createPanel>>
  sessions: Sessions
  /** A REST call as administrator; answers the status and the parsed body. */
  rest(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>
  stop(): Promise<void>
}

/** The headers of a page of a session that was just opened: its cookie, and the half that the page keeps. */
export const pageHeaders = (url: string, { id, pageKey }: { id: string; pageKey: string }): Record<string, string> => ({
  cookie: `${cookieName(Number(new URL(url).port))}=${id}`,
  'x-regie-page': pageKey.split('.')[0] ?? '',
})

/** The person at this computer, who has just confirmed in the shell's dialog that it is they. */
export function provenOwner({ owner }: RunningPanel['panel']['parts']) {
  owner.presence.wasProven('dialog')
  return ownerCaller(owner)
}

/** A real panel behind the real HTTP door, in this process, on a free port and in a temporary folder. */
export async function startPanel(options: {
  programs: Programs
  demo?: boolean
  keeper?: (dataFolder: string) => KeyKeeper | null
  dataFolder?: string
  publicOrigins?: readonly string[]
  trustedProxies?: readonly string[]
  updatePatience?: PanelOptions['updatePatience']
  gatewayStages?: PanelOptions['gatewayStages']
  sleepClock?: PanelOptions['sleepClock']
  goldenPatience?: PanelOptions['goldenPatience']
  /** How it listens, where that is not usual. */
  door?: Partial<ListenOptions>
}): Promise<RunningPanel> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(path.join(os.tmpdir(), 'regie-panel-')))
  const keeper = options.keeper ?? ((folder) => keyFileKeeper(dataPaths(folder).vaultKey))
  const own: { url: string | null } = { url: null }
  const panel = await createPanel({
    dataFolder,
    demo: options.demo ?? true,
    simulators: options.demo ?? true,
    config: openConfig(dataFolder),
    keeper: keeper(dataFolder),
    notices: [],
    programs: options.programs,
    desktop: null,
    publicOrigins: options.publicOrigins ?? [],
    trustedProxies: options.trustedProxies ?? [],
    ownUrl: () => own.url,
    ...(options.updatePatience && { updatePatience: options.updatePatience }),
    ...(options.sleepClock && { sleepClock: options.sleepClock }),
    ...(options.goldenPatience && { goldenPatience: options.goldenPatience }),
    ...(options.gatewayStages && { gatewayStages: options.gatewayStages }),
  })
  const sessions = new Sessions({ store: openSessionStore(dataFolder), adminToken, access: panel.parts.access })
  const door = await listen({ ...panel, sessions, host: '127.0.0.1', port: 0, ...options.door })
  own.url = door.url
  return {
    url: door.url,
    dataFolder,
    panel,
    sessions,
    async rest(method, at, body) {
      const response = await fetch(new URL(`api/v1/${at}`, door.url), {
        method,
        headers: {
          authorization: `Bearer ${adminToken}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) }
    },
    async stop() {
      await door.close()
      await panel.close()
      await checkDeclared(dataFolder)
      if (options.dataFolder === undefined) await rm(dataFolder, { recursive: true, force: true })
    },
  }
}
