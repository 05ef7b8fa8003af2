import { createServer, type Server } from 'node:http'
import type { GatewayListener, ServiceConfig, ServiceGateway } from '../../shared/contract'
import { Problem, type Reason } from '../../shared/problems'
import { createSerial } from '../async/serial'
import { within } from '../async/within'
import { ownerOf, takenProblem, type PortsKnown } from '../services/ports'
import type { Listener } from './listener'

/** How long what goes on at a listener that is closed may go on, in ms; then it is cut. */
const drainMs = 10_000

/** A listener that could not be opened is tried again after so long, in ms. */
const againMs = 10_000

export interface DoorOptions {
  /** Makes the listener of a service; nothing listens yet. Throws a Problem where it cannot be. */
  make: (service: ServiceConfig, gateway: ServiceGateway) => Promise<Listener>
  /** The services and Regie's own listeners, to name who has a port. */
  ports: PortsKnown
  changed: () => void
  reportBug: (error: unknown) => void
  drainMs?: number
  againMs?: number
}

const inUrl = (host: string) => (host.includes(':') ? `[${host}]` : host)

/** An address that stands for all of a machine's is shown as the one by which this machine reaches it. */
const shownHost = (host: string) => (host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : inUrl(host))

/** Where people reach it. */
const addressOf = ({ host, port, tls }: ServiceGateway): string =>
  `${tls === 'off' ? 'http' : 'https'}://${shownHost(host)}:${port}`

const listening = (server: Server, { host, port }: ServiceGateway): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })

/** A listener that listens, and where it does. */
interface Open {
  listener: Listener
  at: ServiceGateway
}

/** Whether a host can be had at all, at any port. Rejects where it cannot. */
async function tryHost(at: ServiceGateway): Promise<void> {
  const server = createServer()
  await listening(server, { ...at, port: 0 })
  await new Promise((resolve) => server.close(resolve))
}

/** `ready` is called once all but the address is had. */
async function opened(
  at: ServiceGateway,
  config: ServiceConfig,
  { make, reportBug }: DoorOptions,
  ready?: () => Promise<void>,
): Promise<Open> {
  const listener = await make(config, at)
  await ready?.()
  await listening(listener.server, at)
  listener.server.on('error', reportBug)
  return { listener, at }
}

const needsAnother = (one: ServiceGateway | null, other: ServiceGateway | null) =>
  one?.enabled !== other?.enabled ||
  one?.host !== other?.host ||
  one?.port !== other?.port ||
  one?.tls !== other?.tls ||
  one?.certificate?.cert !== other?.certificate?.cert ||
  one?.certificate?.key !== other?.certificate?.key ||
  one?.names.join(' ') !== other?.names.join(' ')

/** Why a listener cannot be opened, with a port that is free where the one that was asked for is taken. */
async function reasonOf(error: unknown, { host, port }: ServiceGateway, serviceId: string, options: DoorOptions) {
  if (error instanceof Problem) return { reason: error.reason }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code !== 'EADDRINUSE') {
    if (code === '') options.reportBug(error)
    return { reason: new Problem('gateway.cannot-listen', { host, port, detail: code || 'it failed' }).reason }
  }
  const owner = ownerOf({ host, port }, serviceId, options.ports, true)
  const { problem, free } = await takenProblem({ host, port }, owner, options.ports, true)
  return { reason: problem.reason, freePort: free }
}

/** Closes a listener; what goes on at it may go on for a while. */
async function drain(old: Listener, ms: number): Promise<void> {
  const ended = new Promise<void>((resolve) => old.server.once('close', resolve))
  old.stop()
  if (!(await within(ms, ended))) {
    old.cut()
    await ended
  }
}

/** The one listener of one service: opened, moved and closed as its configuration says, one change after the other. */
export class Door {
  readonly #serviceId: string
  readonly #options: DoorOptions
  readonly #inTurn = createSerial()
  #wanted: ServiceGateway | null = null
  #service: ServiceConfig | null = null
  #served: Open | null = null
  #state: GatewayListener['state'] = 'off'
  #failure: { reason: Reason; freePort?: number } | null = null
  #again: NodeJS.Timeout | null = null

  constructor(serviceId: string, options: DoorOptions) {
    this.#serviceId = serviceId
    this.#options = options
  }

  /** Takes what the configuration says now. */
  want(config: ServiceConfig | null): void {
    const before = this.#wanted
    this.#service = config
    this.#wanted = config?.gateway ?? null
    if (needsAnother(this.#wanted, before)) this.#settleInTurn()
  }

  read(): Pick<GatewayListener, 'state' | 'url' | 'reason' | 'freePort' | 'servedUrl'> {
    const [wanted, served] = [this.#wanted, this.#served]
    return {
      state: this.#state,
      url: wanted ? addressOf(wanted) : '',
      ...this.#failure,
      ...(this.#state === 'failed' && served && { servedUrl: addressOf(served.at) }),
    }
  }

  /** Where it listens at this moment; null while it does not. */
  servedAt(): Pick<ServiceGateway, 'host' | 'port'> | null {
    return this.#served?.at ?? null
  }

  /** Resolves when what was wanted until now is so, or has failed. */
  settled(): Promise<void> {
    return this.#inTurn.settled()
  }

  #settleInTurn(): void {
    void this.#inTurn(() => this.#settle()).catch(this.#options.reportBug)
  }

  #become(next: GatewayListener['state'], why: { reason: Reason; freePort?: number } | null = null): void {
    this.#state = next
    this.#failure = why
    this.#options.changed()
  }

  #drain(old: Open): Promise<void> {
    return drain(old.listener, this.#options.drainMs ?? drainMs)
  }

  /** What goes on at a listener that is let go goes on for a while. */
  #letGo(old: Open | null): void {
    if (this.#served === old) this.#served = null
    if (old) void this.#drain(old).catch(this.#options.reportBug)
  }

  /** Opens what is wanted. What is served stays so until the new address is had, and where that cannot be. */
  async #open(gateway: ServiceGateway, config: ServiceConfig): Promise<void> {
    this.#become('opening')
    const old = this.#served
    const way = { isLetGo: false }
    // The same port cannot be had twice: the old one lets go of it first.
    const makeWay = async () => {
      if (old?.at.port !== gateway.port) return
      if (old.at.host !== gateway.host) await tryHost(gateway)
      way.isLetGo = true
      this.#letGo(old)
    }
    try {
      this.#served = await opened(gateway, config, this.#options, makeWay)
      if (!way.isLetGo) this.#letGo(old)
      this.#become('listening')
    } catch (error) {
      if (old && way.isLetGo) this.#served = await this.#reopened({ ...gateway, host: old.at.host }, config)
      this.#become('failed', await reasonOf(error, gateway, this.#serviceId, this.#options))
      // Another try would cut what goes on at the old one each time.
      if (this.#served && way.isLetGo) return
      this.#again = setTimeout(() => this.#settleInTurn(), this.#options.againMs ?? againMs).unref()
    }
  }

  /** Where people reached it before; null where that cannot be had any more either. */
  #reopened(at: ServiceGateway, config: ServiceConfig): Promise<Open | null> {
    return opened(at, config, this.#options).catch((error: unknown) => {
      this.#options.reportBug(error)
      return null
    })
  }

  /** Brings about what is wanted now. */
  async #settle(): Promise<void> {
    clearTimeout(this.#again ?? undefined)
    const [wanted, service, old] = [this.#wanted, this.#service, this.#served]
    if (wanted?.enabled && service) {
      if (old && !needsAnother(wanted, old.at)) this.#become('listening')
      else await this.#open(wanted, service)
      return
    }
    this.#served = null
    if (old) this.#become('closing')
    if (old) await this.#drain(old)
    this.#become('off')
  }
}
