import type Dockerode from 'dockerode'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { until } from '../until'
import { clientFor, removeEngineFolder } from './engine'

/** Runs a program; throws with what it printed where it fails. */
function run(program: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`)
}

/** Why no engines with networks of their own can be started here; null when they can. */
export function fleetMissing(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are Linux’s own'
  if (process.getuid?.() !== 0) return 'engines in network namespaces need root'
  for (const program of ['dockerd', 'ip', 'nsenter', 'unshare'])
    if (spawnSync(program, [program === 'ip' ? '-V' : '--version'], { stdio: 'ignore' }).status !== 0)
      return `${program} is not installed`
  const name = `regie-${randomBytes(3).toString('hex')}`
  const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' })
  if (made.status !== 0) return `no network namespace can be made here: ${made.stderr.trim()}`
  spawnSync('ip', ['netns', 'del', name])
  return null
}

/** One engine of a fleet: a dockerd with a network, a host name and made-up GPUs of its own. */
export interface FleetEngine {
  name: string
  /** Its socket, as `DOCKER_HOST` takes it. */
  host: string
  /** Its address in the fleet's network, which no other program of this machine reaches. */
  address: string
  gpus: readonly string[]
  client: Dockerode
  /** The network namespace, by its path, for what is to be asked from inside the fleet. */
  namespace: string
  start(): Promise<void>
  /** Ends it as a machine ends that is switched off: at once (`SIGKILL`), or in order. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

export interface FleetEngines {
  engines: FleetEngine[]
  /** Ends all of them and leaves nothing of them behind. */
  remove(): Promise<void>
}

/** A UUID of a card that no machine has. */
export const madeUpGpu = (number: number) => `GPU-${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`

/**
 * Engines that reach each other as machines do: each in a network namespace of its own, with a cable to a switch in
 * yet another one, so that nothing of this machine's network is touched. GPUs are names alone: no driver is needed.
 */
export async function fleetEngines(
  machines: readonly { name: string; gpus: readonly string[] }[],
): Promise<FleetEngines> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'regie-fleet-'))
  const mark = randomBytes(3).toString('hex')
  const hub = `regie-${mark}-hub`
  const spaces = [hub]
  const engines: FleetEngine[] = []
  const remove = async () => {
    await Promise.all(engines.map((engine) => engine.stop()))
    for (const space of spaces) spawnSync('ip', ['netns', 'del', space])
    await removeEngineFolder(folder)
  }
  try {
    run('ip', 'netns', 'add', hub)
    run('ip', '-n', hub, 'link', 'add', 'switch', 'type', 'bridge')
    run('ip', '-n', hub, 'link', 'set', 'switch', 'up')
    for (const [at, machine] of machines.entries()) {
      const space = `regie-${mark}-${at + 1}`
      spaces.push(space)
      plugIn(space, hub, at + 1)
      await mkdir(path.join(folder, String(at + 1)))
      engines.push(engineIn(space, path.join(folder, String(at + 1)), { ...machine, address: addressOf(at + 1) }))
    }
    await Promise.all(engines.map((engine) => engine.start()))
  } catch (error) {
    await remove()
    throw error
  }
  return { engines, remove }
}

/** None of it leaves the namespaces. */
const addressOf = (number: number) => `10.77.0.${number}`

/** A namespace with a cable to the switch. Without a way out: a lookup of a registry fails at once, and never waits. */
function plugIn(space: string, hub: string, number: number): void {
  run('ip', 'netns', 'add', space)
  run('ip', 'link', 'add', `port${number}`, 'netns', hub, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space)
  run('ip', '-n', hub, 'link', 'set', `port${number}`, 'master', 'switch')
  run('ip', '-n', hub, 'link', 'set', `port${number}`, 'up')
  run('ip', '-n', space, 'addr', 'add', `${addressOf(number)}/24`, 'dev', 'eth0')
  run('ip', '-n', space, 'link', 'set', 'eth0', 'up')
  run('ip', '-n', space, 'link', 'set', 'lo', 'up')
}

function engineIn(
  space: string,
  folder: string,
  { name, gpus, address }: Pick<FleetEngine, 'name' | 'gpus' | 'address'>,
): FleetEngine {
  const at = (file: string) => path.join(folder, file)
  const namespace = `/run/netns/${space}`
  const host = `unix://${at('docker.sock')}`
  let daemon: ChildProcess | null = null
  // `ip netns exec` mounts a /sys of its own, in which dockerd finds no cgroup of devices: nsenter leaves it as it is.
  const inside = ['--net=' + namespace, 'unshare', '--uts', 'sh', '-c', 'hostname "$0" && exec dockerd "$@"', name]
  const places = ['--host', host, '--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid')]
  const cards = gpus.flatMap((uuid) => ['--node-generic-resource', `NVIDIA-GPU=${uuid}`])
  const client = clientFor(host)
  return {
    ...{ name, host, address, gpus, client, namespace },
    async start() {
      const started = spawn('nsenter', [...inside, ...places, '--bridge', 'none', ...cards], {
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      let printed = ''
      started.stderr.setEncoding('utf8').on('data', (text: string) => (printed = `${printed}${text}`.slice(-4000)))
      daemon = started
      await until(`the engine of ${name} to answer`, async () => {
        if (started.exitCode !== null) throw new Error(`dockerd of ${name} ended: ${printed}`)
        await client.ping()
        return true
      })
    },
    async stop(signal = 'SIGTERM') {
      const running = daemon
      daemon = null
      if (!running || running.exitCode !== null || running.signalCode !== null) return
      const ended = new Promise((resolve) => running.once('exit', resolve))
      running.kill(signal)
      await ended
    },
  }
}
