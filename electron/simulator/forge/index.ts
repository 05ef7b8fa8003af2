import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { defaultBehaviour, type Behaviour } from '../behaviour'
import { openCard } from '../card'
import { text, type Reply } from '../http/reply'
import { BodyTooLarge, listen, type Call } from '../http/server'
import { createLog, type Log } from '../log'
import { pause } from '../slices'
import type { Simulator } from '../simulator'
import { readAccount } from './account'
import { installedCheckpoints, type Checkpoint } from './catalog'
import { createGenerator } from './generate'
import { loadOptions } from './options'
import { splitFailure, threadDeath } from './dead-thread'
import { createGradioLogin, guard, zoneOf, type Account, type Flags, type GradioLogin, type Stage } from './protection'
import { detail, exceptionReply, ForgeException, HttpError, notFound } from './replies'
import { createRouter } from './routes'

export type { Account }

export interface ForgeOptions {
  /** Plays the part of Forge's own folder: `.env` with FORGE_USER and FORGE_PASSWORD (GRADIO_… for another pair), `config.json`, `outputs`, `models`. */
  folder: string
  host?: string
  /** 0, the default, takes a free port. */
  port?: number
  behaviour?: Partial<Behaviour>
  /** Which of `--api-auth` and `--gradio-auth` the account of `.env` is used for. `both` by default. */
  protect?: 'none' | 'api' | 'gradio' | 'both'
  /** In place of the account in `.env`. */
  account?: Account
  /** `--api`; on by default. */
  api?: boolean
  nowebui?: boolean
  /** Plays Forge Neo, the fork: some routes are gone, and an unknown sampler is refused. */
  neo?: boolean
  /** Whether the port was a flag of its own: then `/cmd-flags` fails. */
  portWasGiven?: boolean
  log?: Log
  crash?: () => void
}

/** Started without what it needs. */
export class CannotStart extends Error {}

/** The thread that would listen has died with these lines, and the process goes on. */
export class WebThreadEnded extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'))
  }
}

async function readCheckpoints(folder: string, withInstalled: boolean): Promise<Checkpoint[]> {
  // A folder that is not there holds no models.
  const files = await readdir(path.join(folder, 'models', 'Stable-diffusion')).catch(() => [])
  const added = files
    .filter((file) => /\.(safetensors|ckpt|gguf)$/.test(file))
    .map((file) => ({ file, name: file.replace(/\.[^.]+$/, ''), hash: null }))
  const installed = withInstalled ? installedCheckpoints : []
  return [...installed, ...added.filter(({ file }) => !installed.some((known) => known.file === file))]
}

function flagsOf(options: ForgeOptions): Flags {
  const { folder, protect = 'both', api = true, nowebui = false, neo = false } = options
  const account = protect === 'none' ? null : (options.account ?? readAccount(folder))
  const pages = protect === 'none' ? null : (options.account ?? readAccount(folder, 'gradio'))
  if (protect !== 'none' && !account) {
    throw new CannotStart(`FORGE_USER and FORGE_PASSWORD are not both set in ${path.join(folder, '.env')}`)
  }
  return {
    api,
    nowebui,
    neo,
    apiAuth: protect === 'api' || protect === 'both' ? account : null,
    gradioAuth: protect === 'gradio' || protect === 'both' ? pages : null,
  }
}

/** `--api-auth` is split at every comma and colon, and must give exactly two parts. Null when it does. */
function splitsWrong({ apiAuth }: Flags): string | null {
  const pairs = apiAuth === null ? [] : `${apiAuth.username}:${apiAuth.password}`.split(',')
  const wrong = pairs.map((pair) => pair.split(':').length).find((parts) => parts !== 2)
  return wrong === undefined ? null : splitFailure(wrong)
}

const authFrame = 'File "modules/api/api.py", line 205, in __init__'

function failed(error: unknown, log: Log): Reply {
  if (error instanceof HttpError) return detail(error.status, error.message)
  if (error instanceof ForgeException) {
    log.error(`*** API error: ${error.type}: ${error.message}`)
    return exceptionReply(error)
  }
  if (error instanceof BodyTooLarge) return detail(413, 'Request Entity Too Large')
  log.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return text(500, 'Internal Server Error')
}

interface Site {
  flags: Flags
  login: GradioLogin
  route: ReturnType<typeof createRouter>
  stage: Stage
}

/** Adds the last routes after a while. */
async function comeUp(site: Site, delay: Promise<void>, log: Log) {
  await delay
  site.stage = 'whole'
  log.info('Startup time: 1.0s (simulated: 1.0s).')
}

async function answer(call: Call, { flags, login, route, stage }: Site): Promise<Reply> {
  const zone = zoneOf(call.path === '/' ? '/' : call.path.replace(/\/+$/, ''), flags, stage)
  const found = zone === 'none' ? null : route(call)
  // A protected path without a route of its own is refused before it is not found.
  if (!found) return (zone === 'gradio' ? guard(call, zone, flags, login) : null) ?? notFound
  const refused = found.isWrongMethod && zone !== 'gradio' ? null : guard(call, zone, flags, login)
  return refused ?? (await found.handler(call))
}

/**
 * Starts a simulated Stable Diffusion WebUI Forge in this process.
 * Rejects with EADDRINUSE when the port is taken, with CannotStart when the account is missing, and with WebThreadEnded
 * where nothing would ever listen.
 */
export async function startForgeSimulator(options: ForgeOptions): Promise<Simulator> {
  const { folder, host = '127.0.0.1' } = options
  const log = options.log ?? createLog(null)
  let behaviour: Behaviour = { ...defaultBehaviour.forge, ...options.behaviour }
  const flags = flagsOf(options)
  const broken = splitsWrong(flags)
  if (broken !== null && flags.nowebui) throw new WebThreadEnded(threadDeath('api_only_worker', authFrame, broken))
  const closing = new AbortController()
  await pause(behaviour.slowStartMs, closing.signal)
  await mkdir(folder, { recursive: true })
  const readAll = () => readCheckpoints(folder, behaviour.models !== 'none')
  let checkpoints = await readAll()
  const settings = loadOptions(folder, checkpoints)
  let close: () => Promise<void> = () => Promise.resolve()
  const generator = createGenerator({
    folder,
    behaviour: () => behaviour,
    checkpoints: () => checkpoints,
    options: () => settings,
    refusesUnknownSamplers: flags.neo,
    closing: closing.signal,
    crash: options.crash ?? (() => void close()),
    log,
    card: openCard(behaviour.card),
  })
  const login = createGradioLogin(flags.gradioAuth)
  const route = createRouter({
    folder,
    flags,
    login,
    generator,
    options: settings,
    checkpoints: async () => (checkpoints = await readAll()),
    givenPort: options.portWasGiven === true ? (options.port ?? 0) : null,
  })
  const stage: Stage = broken !== null ? 'internal' : behaviour.apiRoutesDelayMs === 0 ? 'whole' : 'gradio'
  const site = { flags, login, route, stage }
  const http = await listen({
    host,
    port: options.port ?? 0,
    limitBytes: 512 * 1024 * 1024,
    serverName: 'uvicorn',
    handle: (call) => answer(call, site),
    failed: (error) => failed(error, log),
  })
  log.info(`Running on local URL:  http://${host}:${http.port}`)
  if (broken !== null) for (const line of threadDeath('webui_worker', authFrame, broken)) log.error(line)
  else void comeUp(site, pause(stage === 'whole' ? 0 : behaviour.apiRoutesDelayMs, closing.signal), log)
  close = async () => {
    closing.abort()
    await http.close()
  }
  return {
    url: `http://${host}:${http.port}`,
    port: http.port,
    log,
    behave: (changes) => void (behaviour = { ...behaviour, ...changes }),
    close,
  }
}
