import { mkdir, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import path from 'node:path'
import { WebSocketServer } from 'ws'
import { defaultBehaviour, type Behaviour } from '../behaviour'
import { openCard } from '../card'
import { text, type Reply } from '../http/reply'
import { BodyTooLarge, callOf, listen, type Call } from '../http/server'
import { createLog, type Log } from '../log'
import type { Simulator } from '../simulator'
import { pause } from '../slices'
import { Executor } from './executor'
import { createHub, type Hub } from './hub'
import { aiohttpError, createLogin, type Login } from './login'
import { createRouter } from './routes'
import { corsHeaders, ownMiddleware } from './transport'
import { createPromptWorker, type PromptWorker } from './worker'

export type { Simulator }

export interface ComfyuiOptions {
  /** Plays the part of ComfyUI's own folder: `login/PASSWORD`, `output`, `input`, `temp`, `models`, … */
  folder: string
  host?: string
  /** 0, the default, takes a free port. */
  port?: number
  behaviour?: Partial<Behaviour>
  /** `--enable-cors-header`: an origin, or `*`. */
  cors?: string
  /** `--disable-all-custom-nodes`: ComfyUI-Login is not loaded, and the server is open. */
  withoutLogin?: boolean
  maxUploadMiB?: number
  argv?: readonly string[]
  log?: Log
  /** What a planned crash does; by default the server vanishes. */
  crash?: () => void
}

/** ComfyUI goes on without protection when the node cannot be imported. */
function importLogin(options: ComfyuiOptions, log: Log): Login | null {
  if (options.withoutLogin === true) return null
  try {
    return createLogin({ folder: options.folder, cors: options.cors ?? null, log })
  } catch (error) {
    const node = path.join(options.folder, 'custom_nodes', 'ComfyUI-Login')
    log.error(
      `Cannot import ${node} module for custom nodes: ${error instanceof Error ? error.message : String(error)}`,
    )
    log.info('\nImport times for custom nodes:')
    log.info(`   0.0 seconds (IMPORT FAILED): ${node}`)
    return null
  }
}

async function prepareFolders(folder: string) {
  await rm(path.join(folder, 'temp'), { recursive: true, force: true })
  for (const name of ['output', 'input', 'temp', path.join('user', 'default')]) {
    await mkdir(path.join(folder, name), { recursive: true })
  }
}

/** What comes before it listens. Returns the login that is in front of it, if any. */
async function boot(options: ComfyuiOptions, log: Log): Promise<Login | null> {
  await prepareFolders(options.folder)
  log.info('Checkpoint files will always be loaded safely.')
  log.info('Device: cuda:0 NVIDIA GeForce RTX 3090 : cudaMallocAsync (simulated)')
  log.info('ComfyUI version: 0.3.64')
  for (const name of options.behaviour?.failedImports ?? []) {
    const node = path.join(options.folder, 'custom_nodes', name)
    log.error(`Cannot import ${node} module for custom nodes: No module named 'gone'`)
    log.info(`   0.0 seconds (IMPORT FAILED): ${node}`)
  }
  return importLogin(options, log)
}

/** The command line that `/system_stats` tells. Without the flag the real program sends no previews at all. */
const argvOf = ({ argv, cors }: ComfyuiOptions, { preview }: Behaviour): string[] => [
  ...(argv ?? ['main.py']),
  ...(preview === 'none' ? [] : ['--preview-method', 'auto']),
  ...(cors === undefined || argv ? [] : ['--enable-cors-header', cors]),
]

const withCors = (reply: Reply, cors: string | null): Reply => ({
  ...reply,
  headers: { ...corsHeaders(cors), ...reply.headers },
})

function failed(error: unknown, limitBytes: number, log: Log): Reply {
  if (error instanceof BodyTooLarge) return text(413, `Maximum request body size ${limitBytes} exceeded.`)
  log.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return aiohttpError
}

interface SocketParts {
  guarded: (call: Call) => Reply | null
  hub: Hub
  executor: Executor
  worker: PromptWorker
}

/** Takes WebSockets at `/ws`. Returns what cuts them all. */
function acceptSockets(server: Server, { guarded, hub, executor, worker }: SocketParts): () => void {
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    const call = callOf(request, 0)
    const refused = guarded(call)
    if (refused || !/^(\/api)?\/ws$/.test(call.path)) {
      const status = refused?.status ?? 404
      const body = String(refused?.body ?? '')
      socket.end(
        `HTTP/1.1 ${status} Refused\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      )
      return
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      hub.join(client, call.query.get('clientId'), (sid) => {
        const { clientId, node } = executor.current
        return { remaining: worker.remaining(), node: clientId === sid ? node : null }
      })
    })
  })
  return () => {
    for (const client of sockets.clients) client.terminate()
  }
}

/** Starts a simulated ComfyUI with ComfyUI-Login in this process. Rejects with EADDRINUSE when the port is taken. */
export async function startComfyuiSimulator(options: ComfyuiOptions): Promise<Simulator> {
  const { folder, host = '127.0.0.1', cors = null } = options
  const log = options.log ?? createLog(null)
  let behaviour: Behaviour = { ...defaultBehaviour.comfyui, ...options.behaviour }
  const closing = new AbortController()
  const limitBytes = Math.round((options.maxUploadMiB ?? 100) * 1024 * 1024)
  await pause(behaviour.slowStartMs, closing.signal)
  const login = await boot(options, log)
  const hub = createHub(limitBytes)
  let close: () => Promise<void> = () => Promise.resolve()
  const card = openCard(behaviour.card)
  const executor = new Executor({
    ...{ folder, card, hub },
    behaviour: () => behaviour,
    closing: closing.signal,
    crash: options.crash ?? (() => void close()),
    log: (line) => log.info(line),
  })
  const worker = createPromptWorker(executor, hub, (line) => log.info(line))
  const route = createRouter({
    folder,
    behaviour: () => behaviour,
    worker,
    hub,
    login,
    log,
    argv: argvOf(options, behaviour),
    modelsLoaded: () => executor.hasModels,
    card: behaviour.card && card,
    limitBytes,
  })
  const guarded = (call: Call): Reply | null => ownMiddleware(call, cors) ?? login?.guard(call) ?? null
  const http = await listen({
    host,
    port: options.port ?? 0,
    limitBytes,
    serverName: 'Python/3.11 aiohttp/3.12.15',
    handle: async (call) => withCors(guarded(call) ?? (await route(call)), cors),
    failed: (error) => failed(error, limitBytes, log),
  })
  const terminate = acceptSockets(http.server, { guarded, hub, executor, worker })
  const unfollow = log.follow((line) => hub.logs({ entries: [line], size: { cols: 120, rows: 30 } }))
  close = async () => {
    closing.abort()
    unfollow()
    worker.clear()
    terminate()
    await http.close()
  }
  log.info('Starting server\n')
  log.info(`To see the GUI go to: http://${host}:${http.port}`)
  return {
    url: `http://${host}:${http.port}`,
    port: http.port,
    log,
    behave: (changes) => void (behaviour = { ...behaviour, ...changes }),
    close,
  }
}
