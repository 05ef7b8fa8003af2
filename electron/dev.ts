import type { IncomingMessage, ServerResponse } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import type { Duplex } from 'node:stream'
import { codeLine } from './http/codes'
import { createHttpDoor } from './http/server'
import { Sessions } from './http/sessions'
import { createPanel } from './panel/create'
import { programsOf } from './panel/programs'
import { openConfig, openSessionStore } from './storage/config'
import { prepareDataFolder } from './storage/data-folder'
import { dataPaths } from './storage/paths'
import { keyFileKeeper } from './vault/keepers'

/** `npm run dev`: the demo panel inside Vite's server. The child programs and worker are those of the last build. */
const dataFolder = prepareDataFolder(process.env['REGIE_DATA'] ?? path.join(os.tmpdir(), 'regie-dev'))
let port = 0
const panel = await createPanel({
  dataFolder,
  demo: true,
  simulators: true,
  config: openConfig(dataFolder),
  keeper: keyFileKeeper(dataPaths(dataFolder).vaultKey),
  notices: [],
  programs: programsOf(path.resolve(import.meta.dirname, '..', 'dist', 'main')),
  desktop: null,
  ownUrl: () => (port === 0 ? null : `http://127.0.0.1:${port}/`),
})
const sessions = new Sessions({
  store: openSessionStore(dataFolder),
  adminToken: process.env['REGIE_ADMIN_TOKEN'] ?? null,
  access: panel.parts.access,
  print: (code) => process.stdout.write(codeLine(code)),
})
const door = createHttpDoor({ ...panel, sessions }, () => ({ port, extraHosts: [] }))

/** Paths that are the core's; Vite serves the rest from the sources. */
const isCore = (url = '') => /^\/(rpc|api|signin)[/?]/.test(url)

/** Answers a request that is the core's. Returns false for Vite's own. */
export function handle(request: IncomingMessage, response: ServerResponse): boolean {
  if (!isCore(request.url)) return false
  port = request.socket.localPort ?? 0
  door.listener(request, response)
  return true
}

/** Takes over the core's WebSocket; Vite's own for hot reload is left alone. */
export function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
  if (!isCore(request.url)) return
  door.upgrade(request, socket, head)
}

/** The path of the link that signs in, once. */
export const signInPath = `/signin?token=${sessions.issueOneTimeToken()}`

/** Stops what the panel started. */
export const close = (): Promise<void> => panel.close()
