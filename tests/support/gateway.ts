import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

const program = path.resolve(import.meta.dirname, '../cases/services/gateway.mjs')

interface GatewayOptions {
  to: string
  /** What strangers are answered: 302 (to a sign-in) or the status itself. */
  status: number
  /** The `Authorization` that goes through. */
  expected: string
  prefix?: string
  port?: number
}

/** A sign-in in front of a service, as a program of its own. Gone with `await using`. */
export async function startGateway({ to, status, expected, prefix = '', port = 0 }: GatewayOptions) {
  const child = spawn(process.execPath, [program, String(port), to, String(status), expected, prefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = (await once(child.stdout, 'data')) as [Buffer] // 'gateway <port>', once it listens
  const close = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  return {
    url: `http://127.0.0.1:${said.toString('utf8').trim().split(' ')[1] ?? ''}${prefix}`,
    close,
    [Symbol.asyncDispose]: close,
  }
}
