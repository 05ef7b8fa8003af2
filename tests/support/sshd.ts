import { spawn, spawnSync } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import net from 'node:net'
import path from 'node:path'
import { freePort } from './ports'
import { until } from './until'

/** Why no ssh server can be started here; null when it can. */
export function sshdMissing(): string | null {
  if (process.getuid?.() !== 0) return 'an ssh server of its own needs root'
  for (const program of ['/usr/sbin/sshd', '/usr/bin/ssh', '/usr/bin/ssh-keygen'])
    if (spawnSync(program, ['-?'], { stdio: 'ignore' }).error) return `${program} is not installed (openssh-server)`
  return null
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = net.connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

/**
 * A real ssh server on a free port of the loopback, which lets one key in, and a folder with an `ssh` that uses that key and
 * knows that server: the system's own program with a configuration of the test's. `environment` is what its sessions have.
 */
export async function startSshd(folder: string, environment: Readonly<Record<string, string>>) {
  const at = (name: string) => path.join(folder, name)
  const port = await freePort()
  for (const key of ['host', 'client'])
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(key)], { stdio: 'ignore' })
  spawnSync('cp', [at('client.pub'), at('authorized')])
  await chmod(at('authorized'), 0o600)
  const variables = Object.entries(environment).map(([name, value]) => `"${name}=${value}"`)
  await writeFile(
    at('sshd_config'),
    [
      ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${at('host')}`, `AuthorizedKeysFile ${at('authorized')}`],
      ...[`PidFile ${at('pid')}`, 'StrictModes no', 'UsePAM no', 'PasswordAuthentication no'],
      ...['PermitRootLogin prohibit-password', `SetEnv ${variables.join(' ')}`, ''],
    ].join('\n'),
  )
  const hostKey = spawnSync('cat', [at('host.pub')], { encoding: 'utf8' }).stdout.trim()
  await writeFile(at('known'), `[127.0.0.1]:${port} ${hostKey}\n`)
  await writeFile(at('ssh_config'), `Host *\n  IdentityFile ${at('client')}\n  UserKnownHostsFile ${at('known')}\n`)
  const bin = at('bin')
  await mkdir(bin)
  await writeFile(path.join(bin, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F '${at('ssh_config')}' "$@"\n`, {
    mode: 0o755,
  })
  await mkdir('/run/sshd', { recursive: true })
  const server = spawn('/usr/sbin/sshd', ['-D', '-f', at('sshd_config')], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  await until('the ssh server to listen', () => answers(port))
  return {
    /** As a machine's address. */
    address: `ssh://root@127.0.0.1:${port}`,
    /** To be put first in a PATH. */
    bin,
    async stop() {
      server.kill()
      await ended
    },
  }
}
