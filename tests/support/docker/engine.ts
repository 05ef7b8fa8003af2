import Dockerode from 'dockerode'
import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { aptInstall, canInstall } from '../prepare.mjs'
import { until } from '../until'

/** A client for an address as Docker writes it: a socket, a named pipe, or plain TCP. */
export function clientFor(host: string): Dockerode {
  const [, scheme, place = ''] = /^(\w+):\/\/(.*)$/.exec(host) ?? []
  if (scheme === 'unix' || scheme === 'npipe') return new Dockerode({ socketPath: place })
  const { hostname, port } = new URL(host)
  return new Dockerode({ host: hostname, port: Number(port) })
}

const answers = (host: string) =>
  clientFor(host)
    .ping()
    .then(
      () => true,
      () => false,
    )

/** The engine that this machine runs for its user: the one that the Docker program itself would choose. */
export async function runningEngine(): Promise<string | null> {
  const asked = promisify(execFile)('docker', ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'])
  const host = await asked.then(
    ({ stdout }) => stdout.trim(),
    () => null,
  )
  return host && (await answers(host)) ? host : null
}

export interface PrivateEngine {
  host: string
  /** Ends the engine with all its containers, and deletes its files. */
  stop(): Promise<void>
}

const isInstalled = (program: string) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0

/**
 * Starts an engine of our own on a socket and folders of its own, on Debian as root, where the packages may be
 * installed for it; elsewhere throws an Error with the reason.
 */
export async function startPrivateEngine(): Promise<PrivateEngine> {
  if (!canInstall()) throw new Error('no Docker engine answers, and only Debian as root can be given one by itself')
  if (!isInstalled('dockerd') || !isInstalled('docker-compose')) {
    console.log('No Docker engine was found: installing docker.io and docker-compose with apt-get.')
    if (!aptInstall('docker.io', 'docker-compose')) throw new Error('docker.io could not be installed with apt-get')
  }
  const folder = await mkdtemp(path.join(os.tmpdir(), 'regie-docker-'))
  const at = (name: string) => path.join(folder, name)
  const host = `unix://${at('docker.sock')}`
  const args = ['--host', host, '--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid')]
  const daemon = spawn('dockerd', args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let printed = ''
  for (const stream of [daemon.stdout, daemon.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed = `${printed}${text}`.slice(-20_000)))
  const stop = () => end(daemon, folder)
  try {
    await until(
      'the private Docker engine to answer',
      () => {
        if (daemon.exitCode !== null) throw new Error('dockerd ended')
        return answers(host)
      },
      60_000,
    )
  } catch (error) {
    await stop()
    const words = printed.trim().split('\n').slice(-3).join('\n')
    throw new Error(`a private Docker engine could not be started here; it printed:\n${words}`, { cause: error })
  }
  return { host, stop }
}

async function end(daemon: ChildProcess, folder: string): Promise<void> {
  if (daemon.exitCode === null && daemon.signalCode === null) {
    const ended = new Promise((resolve) => daemon.once('close', resolve))
    daemon.kill('SIGTERM')
    await ended
  }
  await removeEngineFolder(folder)
}

/**
 * Deletes an engine's files. A container on the host's network leaves the engine's own network namespace mounted below
 * them, also when the engine has ended: no folder with a mount in it can be deleted.
 */
export async function removeEngineFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) return
  const mounts = existsSync('/proc/self/mounts') ? readFileSync('/proc/self/mounts', 'utf8').split('\n') : []
  const places = mounts.map((line) => line.split(' ')[1] ?? '').filter((place) => place.startsWith(`${folder}/`))
  // The innermost first.
  for (const place of places.reverse()) spawnSync('umount', ['--lazy', place], { stdio: 'ignore' })
  await rm(folder, { recursive: true, force: true, maxRetries: 2, retryDelay: 200 })
}
