import { connect, createServer } from 'node:net'
import { within } from '../async/within'

/** How long somebody who listens may take to accept, in ms: on this machine it is at once, and Windows refuses slowly. */
const acceptMs = 300

const loopback = '127.0.0.1'

/** An address that stands for all is reached at the loopback. */
const reached = (host: string) => (host === '0.0.0.0' || host === '::' ? loopback : host)

async function accepts(port: number, host: string): Promise<boolean> {
  const socket = connect({ port, host: reached(host) })
  try {
    return await within(
      acceptMs,
      new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject)),
    ).catch(() => false)
  } finally {
    socket.destroy()
  }
}

const isRefused = (port: number, host: string) =>
  new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve('code' in error && error.code === 'EADDRINUSE'))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(false)))
  })

/**
 * Whether a program listens at a TCP port of an address of this machine. Tried both ways: Windows and macOS let one
 * listen at the loopback beside another who listens at all addresses. False where the address cannot be had at all.
 */
export const isTaken = async (port: number, host = loopback): Promise<boolean> =>
  (await isRefused(port, host)) || accepts(port, host)

/** The first TCP port from `from` on that nothing listens on at the loopback address now, and that `isOurs` denies. */
export async function freePort(from: number, isOurs: (port: number) => boolean = () => false): Promise<number> {
  for (let port = from; port < from + 500; port += 1) if (!isOurs(port) && !(await isTaken(port))) return port
  throw new Error(`no free port from ${from} on`)
}
