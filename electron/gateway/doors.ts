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

async function opened(gateway: ServiceGateway, config: ServiceConfig, { make, reportBug }: DoorOptions) {
  const listener = await make(config, gateway)
  await listening(listener.server, gateway)
  listener.server.on('error', reportBug)
  return listener
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
  const free = await freePort(port + 1)
  const hasIt = ({ id, url, gateway }: Pick<ServiceConfig, 'id' | 'url' | 'gateway'>) =>
    portOf(url) === port || (id !== serviceId && gateway?.enabled && gateway.port === port)
  const owner = options.others().find(hasIt)
  const problem = owner
    ? new Problem('gateway.port-of-service', { port, by: owner.id, free })
    : new Problem('gateway.port-taken', { port, free })
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
export function createDoor(serviceId: string, options: DoorOptions) {
  const { changed, reportBug } = options
  const inTurn = createSerial()
  const patienceMs = options.drainMs ?? drainMs
  let wanted: ServiceGateway | null = null
  let service: ServiceConfig | null = null
  let listener: Listener | null = null
  let state: GatewayListener['state'] = 'off'
  let failure: { reason: Reason; freePort?: number } | null = null
  let again: NodeJS.Timeout | null = null

  const become = (next: typeof state, why: typeof failure = null) => {
    ;[state, failure] = [next, why]
    changed()
  }

  async function open(gateway: ServiceGateway, config: ServiceConfig): Promise<void> {
    become('opening')
    try {
      listener = await opened(gateway, config, options)
      become('listening')
    } catch (error) {
      become('failed', await reasonOf(error, gateway, serviceId, options))
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
      if (old) void drain(old, patienceMs).catch(reportBug)
      await open(wanted, service)
      return
    }
    if (old) become('closing')
    if (old) await drain(old, patienceMs)
    become('off')
  }

  return {
    /** Takes what the configuration says now. */
    want(config: ServiceConfig | null): void {
      const before = wanted
      service = config
      wanted = config?.gateway ?? null
      if (needsAnother(wanted, before)) void inTurn(settle).catch(reportBug)
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
