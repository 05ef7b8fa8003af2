import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { temporaryFolder } from './programs'
import { until } from './until'

const run = promisify(execFile)
const root = path.resolve(import.meta.dirname, '../..')

/** Why no systemd can be booted here; null where it can. */
export function whyNoSystemd(): string | null {
  if (process.platform !== 'linux') return 'systemd is of Linux'
  if (process.getuid?.() !== 0) return 'booting a systemd of its own needs root'
  if (!existsSync('/lib/systemd/systemd')) return 'there is no systemd on this machine'
  const { status } = spawnSync('unshare', ['--fork', '--pid', '--mount', '--cgroup', 'mount', '--make-rprivate', '/'])
  return status === 0 ? null : 'this machine lets nobody make namespaces'
}

/** A systemd with a user manager for root, apart from the machine's own: other processes, other files, other mounts. */
export interface OwnSystemd extends AsyncDisposable {
  /** Runs a program in it, with the user manager's environment, and resolves with what it printed. */
  run(file: string, args: readonly string[]): Promise<string>
}

export async function bootSystemd(): Promise<OwnSystemd> {
  const folder = await temporaryFolder('regie-systemd')
  const args = ['--fork', '--kill-child', '--pid', '--mount', '--cgroup', '--uts', '--ipc']
  const script = path.join(root, 'tests/support/systemd.sh')
  const child = spawn('unshare', [...args, 'bash', script, folder.path, root], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)))
  const first = () => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim()
  const inside = async (file: string, given: readonly string[]) => {
    const enter = ['--target', first(), '--mount', '--pid', '--uts', '--ipc', '--cgroup', '--root', '--wd']
    const env = { PATH: process.env['PATH'], HOME: '/root', XDG_RUNTIME_DIR: '/run/user/0' }
    return (await run('nsenter', [...enter, file, ...given], { env, timeout: 60_000 })).stdout
  }
  const succeeds = (file: string, ...given: string[]) =>
    inside(file, given).then(
      () => true,
      () => false,
    )
  const end = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await folder[Symbol.asyncDispose]()
  }
  try {
    await until('systemd to have booted', () => {
      if (child.exitCode !== null) throw new Error(`systemd did not boot: ${said}`)
      return succeeds('systemctl', 'list-units', '--no-pager')
    })
    await inside('mkdir', ['-p', '-m', '700', '/run/user/0'])
    const manager = [
      '--quiet',
      '--property=Delegate=yes',
      '--setenv=XDG_RUNTIME_DIR=/run/user/0',
      '--setenv=HOME=/root',
    ]
    await inside('systemd-run', [...manager, '--unit=user-manager', '/lib/systemd/systemd', '--user'])
    await until('the user manager', () => succeeds('systemctl', '--user', 'list-units', '--no-pager'))
  } catch (error) {
    await end()
    throw error
  }
  return { run: inside, [Symbol.asyncDispose]: end }
}
