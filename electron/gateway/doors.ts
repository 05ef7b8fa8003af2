import type { Server } from 'node:http'
import type { GatewayListener, ServiceConfig, ServiceGateway } from '../../shared/contract'
import { Problem, type Reason } from '../../shared/problems'
import { createSerial } from '../async/serial'
import { within } from '../async/within'
import { freePort } from '../services/free-port'
import type { Listener } from './listener'

/** How long what goes on at a listener that is closed may go on, in ms; then it is cut. */
const drainMs = 10_000

/** A listener that could not be opened is tried again after so long, in ms. */
const againMs = 10_000

export interface DoorOptions {
  /** Makes the listener of a service; nothing listens yet. Throws a Problem where it cannot be. */
  make: (service: ServiceConfig, gateway: ServiceGateway) => Promise<Listener>
  /** The other services, to name who has a port. */
  others: () => readonly Pick<ServiceConfig, 'id' | 'url' | 'gateway'>[]
  changed: () => void
  reportBug: (error: unknown) => void
  drainMs?: number
  againMs?: number
}

const inUrl = (host: string) => (host.includes(':') ? `[${host}]` : host)

/** An address that stands for all of a machine's is shown as the one by which this machine reaches it. */
const shownHost = (host: string) => (host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : inUrl(host))

/** Where people reach it. */
export const addressOf = ({ host, port, tls }: ServiceGateway): string =>
  `${tls === 'off' ? 'http' : 'https'}://${shownHost(host)}:${port}`

const listening = (server: Server, { host, port }: ServiceGateway): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })

const needsAnother = (one: ServiceGateway | null, other: ServiceGateway | null) =>
  one?.enabled !== other?.enabled ||
  one?.host !== other?.host ||
  one?.port !== other?.port ||
  one?.tls !== other?.tls ||
  one?.certificate?.cert !== other?.certificate?.cert ||
  one?.certificate?.key !== other?.certificate?.key ||
  one?.names.join(' ') !== other?.names.join(' ')

/** The one listener of one service: opened, moved and closed as its configuration says, one change after the other. */
export function createDoor(serviceId: string, options: DoorOptions) {
  const { make, others, changed, reportBug } = options
  const inTurn = createSerial()
  let wanted: ServiceGateway | null = null
  let service: ServiceConfig | null = null
  let listener: Listener | null = null
  let state: GatewayListener['state'] = 'off'
  let failure: { reason: Reason; freePort?: number } | null = null
  let again: NodeJS.Timeout | null = null

  const become = (next: typeof state, why: typeof failure = null) => {
    state = next
    failure = why
    changed()
  }

  async function problemOf(error: unknown, { host, port }: ServiceGateway) {
    if (error instanceof Problem) return { reason: error.reason }
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code !== 'EADDRINUSE') {
      if (code === '') reportBug(error)
      return { reason: new Problem('gateway.cannot-listen', { host, port, detail: code || 'it failed' }).reason }
    }
    const free = await freePort(port + 1)
    const owner = others().find(
      ({ id, url, gateway }) => portOf(url) === port || (id !== serviceId && gateway?.enabled && gateway.port === port),
    )
    const problem = owner
      ? new Problem('gateway.port-of-service', { port, by: owner.id, free })
      : new Problem('gateway.port-taken', { port, free })
    return { reason: problem.reason, freePort: free }
  }

  async function drain(old: Listener): Promise<void> {
    const ended = new Promise<void>((resolve) => old.server.once('close', resolve))
    old.stop()
    if (!(await within(options.drainMs ?? drainMs, ended))) {
      old.cut()
      await ended
    }
  }

  async function open(gateway: ServiceGateway, config: ServiceConfig): Promise<void> {
    become('opening')
    try {
      const made = await make(config, gateway)
      await listening(made.server, gateway)
      made.server.on('error', reportBug)
      listener = made
      become('listening')
    } catch (error) {
      become('failed', await problemOf(error, gateway))
      again = setTimeout(() => void inTurn(settle), options.againMs ?? againMs).unref()
    }
  }

  /** Brings about what is wanted now. What goes on at a listener that moves goes on while the new one is open. */
  async function settle(): Promise<void> {
    clearTimeout(again ?? undefined)
    const old = listener
    listener = null
    if (wanted?.enabled && service) {
      // The same port cannot be had twice: the old one lets go of it first, and goes on with what it has.
      old?.stop()
      await open(wanted, service)
      if (old) void drain(old).catch(reportBug)
      return
    }
    if (old) {
      become('closing')
      await drain(old)
    }
    become('off')
  }

  return {
    /** Takes what the configuration says now. */
    want(config: ServiceConfig | null): void {
      const gateway = config?.gateway ?? null
      service = config
      if (!needsAnother(gateway, wanted)) {
        wanted = gateway
        return
      }
      wanted = gateway
      void inTurn(settle).catch(reportBug)
    },
    read: (): Pick<GatewayListener, 'state' | 'url' | 'reason' | 'freePort'> => ({
      state,
      url: wanted ? addressOf(wanted) : '',
      ...failure,
    }),
    /** Resolves when what was wanted until now is so, or has failed. */
    settled: () => inTurn.settled(),
  }
}

export type Door = ReturnType<typeof createDoor>

const portOf = (url: string): number => {
  const { port, protocol } = new URL(url)
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}
