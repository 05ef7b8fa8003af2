import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { freePort } from '../ports'
import { until } from '../until'
import { clientFor, removeEngineFolder } from './engine'

/** Why no engine of one's own can be started here; null when it can. */
export function ownEngineMissing(): string | null {
  if (process.getuid?.() !== 0) return 'an engine of its own needs root'
  for (const program of ['dockerd', 'openssl', 'docker'])
    if (spawnSync(program, [program === 'openssl' ? 'version' : '--version'], { stdio: 'ignore' }).status !== 0)
      return `${program} is not installed`
  return null
}

export interface OwnEngine {
  folder: string
  /** Its socket, as `DOCKER_HOST` takes it. */
  host: string
  /** The same over TCP with TLS: only clients with `certificates` are let in. */
  tlsHost: string
  /** Folder with ca.pem, cert.pem, key.pem. */
  certificates: string
  start(): Promise<void>
  stop(): Promise<void>
  /** Stops it and deletes its files. */
  remove(): Promise<void>
}

/** A certificate authority, and a certificate of it for the engine and for its clients, made now and never kept. */
function makeCertificates(folder: string): void {
  const run = (...args: string[]) => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(`openssl ${args[0] ?? ''}: ${stderr}`)
  }
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  run('req', '-x509', ...newKey, '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-subj', '/CN=regie test authority')
  for (const [name, extension] of [
    ['server', 'subjectAltName=IP:127.0.0.1'],
    ['', 'extendedKeyUsage=clientAuth'],
  ] as const) {
    const at = (kind: string) => (name === '' ? `${kind}.pem` : `${name}-${kind}.pem`)
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem']
    const subject = ['-subj', `/CN=regie test ${name || 'client'}`, '-addext', extension]
    run('req', '-x509', ...newKey, ...signing, '-keyout', at('key'), '-out', at('cert'), ...subject)
  }
}

/** An engine of a test's own: on its own socket and folders; it can be stopped and started. */
export async function ownEngine(): Promise<OwnEngine> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'regie-own-engine-'))
  const at = (name: string) => path.join(folder, name)
  makeCertificates(folder)
  const host = `unix://${at('docker.sock')}`
  const tlsHost = `tcp://127.0.0.1:${await freePort()}`
  let daemon: ChildProcess | null = null
  const places = ['--host', host, '--host', tlsHost, '--data-root', at('data'), '--exec-root', at('exec')]
  const tls = [
    '--tlsverify',
    '--tlscacert',
    at('ca.pem'),
    '--tlscert',
    at('server-cert.pem'),
    '--tlskey',
    at('server-key.pem'),
  ]
  // Not `--bridge=none`: that deletes docker0, which the machine's own engine may be using.
  const alone = ['--pidfile', at('pid'), '--iptables=false', '--ip-forward=false', '--ip-masq=false']

  const own: OwnEngine = {
    folder,
    host,
    tlsHost,
    certificates: folder,
    async start() {
      const started = spawn('dockerd', [...places, ...tls, ...alone], { stdio: ['ignore', 'ignore', 'pipe'] })
      let printed = ''
      started.stderr.setEncoding('utf8').on('data', (text: string) => (printed = `${printed}${text}`.slice(-4000)))
      daemon = started
      await until(
        'the own engine to answer',
        async () => {
          if (started.exitCode !== null) throw new Error(`dockerd ended: ${printed}`)
          await clientFor(host).ping()
          return true
        },
        30_000,
      )
    },
    async stop() {
      const running = daemon
      daemon = null
      if (!running || running.exitCode !== null) return
      const ended = new Promise((resolve) => running.once('exit', resolve))
      running.kill('SIGTERM')
      await ended
    },
    async remove() {
      await own.stop()
      await removeEngineFolder(folder)
    },
  }
  return own
}
