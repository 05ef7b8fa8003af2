import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { once } from 'node:events'
import net from 'node:net'
import type { PanelEvent, ServiceConfig, ServiceGateway } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { createListeners } from '../../electron/async/listeners'
import { closedStages, createGateway, type GatewayOptions, type Guest, type Stages } from '../../electron/gateway'
import type { Secret } from '../../electron/vault/secret'
import { freePort } from './ports'
import { until } from './until'

/** Somebody whom a test lets in. */
export const guest: Guest = {
  ...{ account: 'user', name: 'Maya', role: 'user', keyId: 'k1', services: null },
  limits: { concurrentJobs: null, jobsPerDay: null, gpuSecondsPerDay: null },
}

/** Stages that let everybody pass to a service. */
export const openStages = (url: () => string): Stages => ({
  ...closedStages,
  admit: () => guest,
  rule: () => ({ rule: 'everybody' }),
  ready: ({ asked: { serviceId: id } }, again = 0) =>
    again > 0 ? { refused: new Problem('gateway.away', { id }), status: 502 } : { url: url() },
})

interface FrontDoorOptions {
  /** The service that stands behind; `kind` decides how it is opened. */
  kind?: ServiceConfig['kind']
  url: string
  secret?: () => Secret | null
  stages?: (open: Stages) => Stages
  gateway?: Partial<ServiceGateway>
  drainMs?: number
  againMs?: number
  headMs?: number
  stallMs?: number
  mostConnections?: NonNullable<GatewayOptions['mostConnections']>
  mostHeld?: NonNullable<GatewayOptions['mostHeld']>
  authority?: GatewayOptions['authority']
  lookEveryMs?: number
}

/** Certifies nothing. */
const noAuthority: GatewayOptions['authority'] = {
  status: () => ({ state: 'none', name: null, fingerprint: null, expiresAt: null, permitted: null }),
  ensure: () => Promise.resolve(),
  certificateFor: () => Promise.reject(new Problem('tls.no-authority')),
}

/** A real gateway in this process, in front of one service. Gone with `await using`. */
export async function startFrontDoor(options: FrontDoorOptions) {
  const { kind = 'comfyui', url, secret = () => null } = options
  const port = options.gateway?.port ?? (await freePort())
  const bugs: unknown[] = []
  const bus = createListeners<[PanelEvent]>()
  let config: ServiceConfig = {
    ...{ id: 'qwen', kind, runtime: 'external', url },
    gateway: {
      enabled: true,
      host: '127.0.0.1',
      tls: 'off',
      names: [],
      unknownRoutes: false,
      ...options.gateway,
      port,
    },
  }
  const open = openStages(() => config.url)
  const gateway = createGateway({
    services: { list: () => [{ id: config.id }], config: () => config },
    authority: options.authority ?? noAuthority,
    lendSecret: () => async (use) => use(secret()),
    stages: options.stages?.(open) ?? open,
    redact: (text) => text.replaceAll('geheim', '[secret]'),
    listen: bus.on,
    publish: () => undefined,
    reportBug: (error) => bugs.push(error),
    ...(options.lookEveryMs !== undefined && { lookEveryMs: options.lookEveryMs }),
    ...(options.drainMs !== undefined && { drainMs: options.drainMs }),
    ...(options.againMs !== undefined && { againMs: options.againMs }),
    ...(options.headMs !== undefined && { headMs: options.headMs }),
    ...(options.stallMs !== undefined && { stallMs: options.stallMs }),
    ...(options.mostConnections && { mostConnections: options.mostConnections }),
    ...(options.mostHeld && { mostHeld: options.mostHeld }),
  })
  await gateway.settled()
  return {
    gateway,
    port,
    url: `${config.gateway?.tls === 'off' ? 'http' : 'https'}://127.0.0.1:${port}`,
    /** What was reported as a failure of the gateway's own. */
    bugs,
    /** Where it listens, as the configuration says. */
    place: (): ServiceGateway => place(config),
    /** Changes the service as a PATCH would, and resolves when the gateway has followed. */
    async change(changed: Partial<ServiceConfig>) {
      config = { ...config, ...changed }
      bus.tell({ type: 'service', service: { id: config.id } } as PanelEvent) // the id is all that is read
      await gateway.settled()
    },
    async [Symbol.asyncDispose]() {
      await gateway.close()
    },
  }
}

function place({ gateway }: ServiceConfig): ServiceGateway {
  if (!gateway) throw new Error('it has none')
  return gateway
}

/** A program that answers as it is told. */
export async function startUpstream(answer: RequestListener, setUp: (server: Server) => void = () => undefined) {
  const server = createServer(answer)
  setUp(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo // a TCP server's
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    server,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** So many questions go there and back while whoever is held could have gone on. */
const turnsWaited = 10

/**
 * Waits until a count stands still: it has begun, and stays as it is while others' questions go all the way to the service and
 * back through the same door. Resolves with it.
 */
export const standsStill = (what: string, count: () => number, ask: () => Promise<unknown>): Promise<number> =>
  until(`${what} to stand still`, async () => {
    const before = count()
    for (let turn = 0; turn < turnsWaited && count() === before; turn += 1) await ask()
    return before > 0 && count() === before ? before : null
  })

export async function bodyOf(stream: AsyncIterable<Buffer> | IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of stream as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Sends bytes as they are and answers all that comes until the other side, or `until`, ends it. */
export async function sendRaw(port: number, bytes: string, until?: (got: string) => boolean): Promise<string> {
  const socket = net.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => undefined)
  let got = ''
  socket.setEncoding('latin1')
  socket.on('data', (piece: string) => {
    got += piece
    if (until?.(got)) socket.destroy()
  })
  socket.write(bytes, 'latin1')
  await once(socket, 'close')
  return got
}
