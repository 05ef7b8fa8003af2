import { readFile } from 'node:fs/promises'
import type { KnownBinding } from '../services/containers'
import type { ExposureBinding, ExposureOrigin } from '../../shared/contract'
import { isLoopbackBinding } from './grade'

const shown = (ip: string, port: number) => `${ip.includes(':') ? `[${ip}]` : ip}:${port}`

/** An empty address stands for all of them. */
const bindingsAt = (ports: readonly { hostIp: string; hostPort: number }[], port: number) => [
  ...new Set(ports.filter(({ hostPort }) => hostPort === port).map(({ hostIp }) => shown(hostIp || '0.0.0.0', port))),
]

/** Address of `/proc/net/tcp` and `tcp6`: 32-bit words in the machine's byte order, here little-endian. */
function readHexAddress(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  const words = Array.from({ length: bytes.length / 4 }, (_, index) =>
    bytes.subarray(index * 4, index * 4 + 4).reverse(),
  )
  const ordered = Buffer.concat(words)
  if (ordered.length === 4) return ordered.join('.')
  if (ordered.every((byte) => byte === 0)) return '::'
  if (ordered.subarray(0, 15).every((byte) => byte === 0) && ordered[15] === 1) return '::1'
  const mapped = ordered.subarray(0, 12).toString('hex') === '00000000000000000000ffff'
  if (mapped) return ordered.subarray(12).join('.')
  return Array.from({ length: 8 }, (_, index) => ordered.readUInt16BE(index * 2).toString(16)).join(':')
}

/** The addresses on which a port is listened at, from the text of `/proc/net/tcp` or `/proc/net/tcp6`. */
export function parseListening(text: string, port: number): string[] {
  const found = text.split('\n').flatMap((line) => {
    const [, address = '', hexPort = '', state] =
      /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) /.exec(line) ?? []
    return state === '0A' && Number.parseInt(hexPort, 16) === port ? [shown(readHexAddress(address), port)] : []
  })
  return [...new Set(found)]
}

async function listeningSockets(port: number): Promise<string[]> {
  const texts = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  )
  return texts.flatMap((text) => parseListening(text, port))
}

const reachOf = (live: readonly string[]): ExposureBinding['reach'] =>
  live.length === 0 ? 'unknown' : live.every(isLoopbackBinding) ? 'this-machine' : 'network'

/**
 * Where a service listens: as the engine has bound its container's port, else as the system's sockets tell (Linux), else
 * only as the addresses that answered.
 */
export async function bindingOf(
  port: number,
  known: KnownBinding,
  origins: readonly ExposureOrigin[],
): Promise<ExposureBinding> {
  const file = known.file === null ? null : bindingsAt(known.file, port)
  if (known.container !== null) {
    const live = bindingsAt(known.container, port)
    const others = known.container.filter(({ hostPort }) => hostPort !== port)
    return {
      source: 'container',
      live,
      file,
      reach: reachOf(live),
      otherPorts: [...new Set(others.map(({ hostIp, hostPort }) => shown(hostIp || '0.0.0.0', hostPort)))],
    }
  }
  const sockets = await listeningSockets(port)
  if (sockets.length > 0) return { source: 'sockets', live: sockets, file, reach: reachOf(sockets), otherPorts: [] }
  const answered = origins.filter(({ answers }) => answers).map(({ address }) => shown(address, port))
  return { source: 'answers', live: answered, file, reach: reachOf(answered), otherPorts: [] }
}
