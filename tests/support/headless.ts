import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { ContractRouterClient } from '@orpc/contract'
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import type { Contract } from '../../shared/contract'

const root = path.resolve(import.meta.dirname, '../..')

export interface HeadlessOptions {
  /** An existing data folder; a temporary one that disappears with the panel when left out. */
  data?: string
  /** 0, the default, takes a free one. */
  port?: number
  /** Starts with the two simulated services. True unless said otherwise. */
  demo?: boolean
  env?: Record<string, string>
  /** The program: the project's own build unless another copy is named. */
  entry?: string
}

/** A real headless panel in a process of its own. */
export interface HeadlessPanel {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  url: string
  port: number
  pid: number
  data: string
  /** Works once. */
  signInLink: string
  adminToken: string
  /** Milliseconds from the start of the process to its first answer. */
  startedInMs: number
  /** Everything that it printed. */
  output(): string
  /** Everything that the contract names, as an administrator. */
  client: ContractRouterClient<Contract>
  /** Calls the REST API as an administrator; `path` starts below `/api/v1`. */
  rest(path: string, init?: RequestInit): Promise<Response>
  /** Asks it to end, as a service manager does, waits until it has, and deletes a temporary data folder. */
  stop(): Promise<void>
  /** Ends it at once, as a crash does; the data folder stays until `stop`. */
  kill(): Promise<void>
}

/** A panel of a test meets no Docker engine unless it is given one, and its exposure test asks the loopback alone. */
const secluded = {
  DOCKER_HOST: process.platform === 'win32' ? 'npipe:////./pipe/regie-no-engine' : 'unix:///nonexistent/docker.sock',
  REGIE_DOOR_ADDRESSES: '127.0.0.1,::1',
}

/**
 * Starts the built panel without a window (`npm run headless` without its build step) and resolves when it answers.
 * Rejects with its output when it does not. The build must be there: `electron/build.mjs`.
 */
export async function startHeadless(options: HeadlessOptions = {}): Promise<HeadlessPanel> {
  const { port = 0, demo = true, env = {}, entry = path.join(root, 'dist', 'main', 'headless.js') } = options
  const data = options.data ?? (await mkdtemp(path.join(os.tmpdir(), 'regie-panel-')))
  const adminToken = randomBytes(24).toString('base64url')
  const args = [entry, '--port', String(port), '--data', data]
  if (demo) args.push('--demo')
  const startedAt = performance.now()
  const child = spawn(process.execPath, args, {
    cwd: data,
    env: { ...process.env, ...secluded, REGIE_ADMIN_TOKEN: adminToken, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { printed, saying, ended, hasEnded } = listenTo(child)

  const removeData = async () => {
    if (options.data === undefined) await rm(data, { recursive: true, force: true, maxRetries: 5 })
  }
  const stop = async () => {
    if (!hasEnded()) {
      child.kill('SIGTERM')
      const impatience = setTimeout(() => child.kill('SIGKILL'), 15_000)
      await ended
      clearTimeout(impatience)
    }
    await removeData()
  }

  let address: RegExpExecArray
  let link: RegExpExecArray
  try {
    address = await saying(/^Regie listening on (http:\/\/[^/\s]+:(\d+))\/?\s*$/m, 30_000)
    link = await saying(/https?:\/\/\S+[?#&/]\S*(?:token|sign-?in)\S*(?=\s)/i, 5_000)
  } catch (error) {
    await stop()
    const told = printed().replace(/token=\S+/g, 'token=…')
    throw new Error(`the panel did not start; it printed:\n${told}`, { cause: error })
  }
  const startedInMs = performance.now() - startedAt
  const url = address[1] ?? ''

  const authorization = `Bearer ${adminToken}`
  return {
    url,
    port: Number(address[2]),
    pid: child.pid ?? 0,
    data,
    signInLink: link[0],
    adminToken,
    startedInMs,
    output: printed,
    client: createORPCClient(new RPCLink({ url: `${url}/rpc`, headers: { authorization } })),
    rest(to, init) {
      const headers = new Headers(init?.headers)
      headers.set('authorization', authorization)
      if (typeof init?.body === 'string') headers.set('content-type', 'application/json')
      return fetch(`${url}/api/v1${to}`, { ...init, headers })
    },
    stop,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** What a program prints, and how one hears of it without looking again and again: a bench measures by it. */
function listenTo(child: ChildProcessByStdio<null, Readable, Readable>) {
  let text = ''
  const listeners = new Set<() => void>()
  const tell = () => listeners.forEach((look) => look())
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (more: string) => {
      text += more
      tell()
    })
  }
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  void ended.then(tell)
  return {
    ended,
    hasEnded,
    printed: () => text,
    /** Resolves when it has said so. Rejects when it ends before, or does not say it in time. */
    saying: (what: RegExp, timeoutMs: number) =>
      new Promise<RegExpExecArray>((resolve, reject) => {
        const settle = (how: () => void) => {
          clearTimeout(patience)
          listeners.delete(look)
          how()
        }
        const look = () => {
          const found = what.exec(text)
          if (found) settle(() => resolve(found))
          else if (hasEnded()) settle(() => reject(new Error('the panel ended')))
        }
        const giveUp = () => reject(new Error(`gave up waiting for ${what.source}`))
        const patience = setTimeout(() => settle(giveUp), timeoutMs)
        listeners.add(look)
        look()
      }),
  }
}

/** Environment in which the replay program of `nvidia-smi/` is found first; it plays one of its scenarios. */
export function replayedGpus(scenario = 'workstation'): Record<string, string> {
  const folder = path.join(import.meta.dirname, 'nvidia-smi')
  return { PATH: [folder, process.env['PATH']].join(path.delimiter), REGIE_REPLAY_SCENARIO: scenario }
}

/** The panel's own log file, for a failed test; empty when there is none. */
export async function panelLog(panel: HeadlessPanel): Promise<string> {
  return readFile(path.join(panel.data, 'panel.log'), 'utf8').catch(() => '')
}
