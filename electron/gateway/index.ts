import type { Gateway as GatewayState, GatewayListener, PanelEvent, ServiceConfig } from '../../shared/contract'
import { Problem, type Reason } from '../../shared/problems'
import type { Listen } from '../async/listeners'
import { keepCertificate, type Authority, type KeptCertificate, type ServerCertificate } from '../tls'
import type { Listening } from '../services/ports'
import type { LendSecret } from '../vault/secret'
import { certificateSource } from './certificates'
import type { MostConnections } from './connections'
import { Door, type DoorOptions } from './doors'
import { createEntering } from './entering'
import { createFigures, type Figures } from './figures'
import { createHeldBytes, type MostHeld } from './held-bytes'
import { createInside, type Inside } from './inside'
import { Listener } from './listener'
import { createPipeline } from './pipeline'
import type { ListenerPlace } from './self-asking'
import type { Stages } from './stages'
import { createUpstreams, type Upstreams } from './upstreams'

export { closedStages, plainRefusal } from './closed'
export type { Inside, Opened } from './inside'
export { createProving } from './proving'
export { createRule } from './ruling'
export type * from './stages'

/** What a listener speaks TLS with, and why nothing newer could be had. */
interface UsedCertificate {
  kept: KeptCertificate
  told: { reason: Reason | null }
}

export interface GatewayOptions {
  services: {
    list(): readonly { id: string }[]
    /** Throws a Problem for an unknown one. */
    config(id: string): ServiceConfig
  }
  lendSecret: (credentialId: string | null) => LendSecret
  stages: Stages
  /** Who waits for a service, and whether it wakes for them. */
  waiting?: (serviceId: string) => Pick<GatewayListener, 'held' | 'waking'>
  /** Where Regie listens beside the gateway, to name who has a port. */
  alsoListening?: () => readonly Listening[]
  /** Certifies listeners with TLS. */
  authority: Pick<Authority, 'certificateFor' | 'ensure' | 'status'>
  redact: (text: string) => string
  listen: Listen<[PanelEvent]>
  publish: (event: PanelEvent) => void
  reportBug: (error: unknown) => void
  /** Whether an address is of a reverse proxy that is believed where a request comes from; left out: none is. */
  isTrustedProxy?: (address: string) => boolean
  /** How often certificates are looked at, in ms, in place of the usual. */
  lookEveryMs?: number
  /** How long what goes on may go on when a listener is closed, in ms, in place of the usual. */
  drainMs?: number
  /** When a listener that could not be opened is tried again, in ms, in place of the usual. */
  againMs?: number
  /** How long the head of a request may take, in ms, in place of the usual. */
  headMs?: number
  /** How long a body that is read whole may stop, in ms, in place of the usual. */
  stallMs?: number
  /** How much of what is read whole is held at once, in place of the usual. */
  mostHeld?: MostHeld
  /** How many connections each listener holds, in place of the usual. */
  mostConnections?: MostConnections
}

/** The front door to the services. */
export interface Gateway {
  read(): Pick<GatewayState, 'listeners'>
  /** Where this machine reaches the listener of a service; null while it does not listen. */
  at(serviceId: string): ListenerPlace | null
  /** Where its listeners listen at this moment: not always where they are wanted. */
  listening(): readonly Listening[]
  /** Everything that is open, to be cut when somebody may no longer have it. */
  inside: Inside
  /** Resolves when every listener is as the configuration says, or has failed. */
  settled(): Promise<void>
  /** Takes nothing new, lets what goes on end for a while, and cuts the rest. */
  close(): Promise<void>
}

/** Keeps a listener's certificate fresh, and among those that are told, for as long as it listens. */
function keepWhileListening(
  { server }: Listener,
  used: UsedCertificate,
  id: string,
  certificates: Map<string, UsedCertificate>,
): void {
  server.once('listening', () => {
    certificates.set(id, used)
    used.kept.begin()
  })
  server.once('close', () => {
    used.kept.close()
    if (certificates.get(id) === used) certificates.delete(id)
  })
}

/** Makes listeners, each with its certificate; they share the connections to the services. */
function createMaking(options: GatewayOptions, inside: Inside, certificates: Map<string, UsedCertificate>) {
  const { services, publish, reportBug } = options
  const heldBytes = createHeldBytes(options.mostHeld)
  let upstreams: Promise<Upstreams> | null = null

  /** The certificate of a listener, kept fresh while it listens; null for plain HTTP. Throws a Problem. */
  async function certify(id: string, renew: (certificate: ServerCertificate) => void): Promise<UsedCertificate | null> {
    const source = certificateSource(options.authority, id, () => services.config(id).gateway)
    if (!source) return null
    const told = { reason: null as Reason | null } // written below
    const kept = await keepCertificate({
      ...{ source, reportBug, ...(options.lookEveryMs !== undefined && { intervalMs: options.lookEveryMs }) },
      changed: (certificate) => {
        renew(certificate)
        publish({ type: 'gateway' })
      },
      failed(problem) {
        if (problem?.id === told.reason?.problem) return
        told.reason = problem?.reason ?? null
        publish({ type: 'gateway' })
      },
    })
    return { kept, told }
  }

  async function listener(config: ServiceConfig, figures: Figures) {
    const { id, kind } = config
    const used = await certify(id, (renewed) => made.renew(renewed))
    const stages = { ...options.stages, observer: figures.counting(options.stages.observer) }
    // As it is when it is asked: a service may get another credential.
    const lendSecret: LendSecret = (use) => options.lendSecret(services.config(id).credentialId ?? null)(use)
    upstreams ??= createUpstreams()
    const made = new Listener({
      ...{ serviceId: id, kind, tls: used?.kept.current() ?? null, stages, inside, figures, heldBytes, reportBug },
      ...{ stallMs: options.stallMs, mostConnections: options.mostConnections },
      ...{ upstreams: await upstreams, redact: options.redact },
      entering: createEntering({ kind, lendSecret }),
      pipeline: createPipeline({ stages, reportBug }),
      ...(options.headMs !== undefined && { headMs: options.headMs }),
      isTrustedProxy: options.isTrustedProxy ?? (() => false),
    })
    if (used) keepWhileListening(made, used, id, certificates)
    return made
  }

  return {
    /** Nothing listens yet. Throws a Problem where there is no certificate. */
    listener,
    /** Ends the connections to the services. */
    close: async (): Promise<void> => (await upstreams)?.close(),
  }
}

/** Where doors listen at this moment. */
const listeningOf = (doors: ReadonlyMap<string, { door: Door }>): Listening[] =>
  [...doors].flatMap(([id, { door }]) => {
    const at = door.servedAt()
    return at ? [{ of: { gateway: id }, host: at.host, port: at.port }] : []
  })

/** A service's configuration; null where there is none any more. */
function configIn(services: GatewayOptions['services'], id: string): ServiceConfig | null {
  try {
    return services.config(id)
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}

/** A service's door, which opens nothing yet, and what is counted at it. */
function buildDoor(
  id: string,
  { publish, reportBug, drainMs, againMs }: GatewayOptions,
  { listener }: Pick<ReturnType<typeof createMaking>, 'listener'>,
  ports: DoorOptions['ports'],
): { door: Door; figures: Figures } {
  const figures = createFigures()
  const door = new Door(id, {
    make: (config) => listener(config, figures),
    changed: () => publish({ type: 'gateway' }),
    ...{ ports, reportBug },
    ...(drainMs !== undefined && { drainMs }),
    ...(againMs !== undefined && { againMs }),
  })
  return { door, figures }
}

/** Opens a listener for each service that wants one, and keeps them as the configuration says. */
export function createGateway(options: GatewayOptions): Gateway {
  const { services, listen } = options
  const inside = createInside()
  const certificates = new Map<string, UsedCertificate>()
  const doors = new Map<string, { door: Door; figures: Figures }>()
  let isClosed = false

  const configOf = (id: string) => configIn(services, id)
  const listening = () => listeningOf(doors)
  const ports = {
    configs: () => services.list().flatMap((service) => configOf(service.id) ?? []),
    listening: () => [...listening(), ...(options.alsoListening?.() ?? [])],
  }
  const make = createMaking(options, inside, certificates)

  function doorOf(id: string): { door: Door; figures: Figures } {
    const known = doors.get(id)
    if (known) return known
    const made = buildDoor(id, options, make, ports)
    doors.set(id, made)
    return made
  }

  function follow(id: string): void {
    if (isClosed) return
    const config = configOf(id)
    if (config?.gateway || doors.has(id)) doorOf(id).door.want(config)
  }

  for (const { id } of services.list()) follow(id)
  const forget = listen((event) => {
    if (event.type === 'service') follow(event.service.id)
    else if (event.type === 'service-removed') follow(event.id)
  })

  const allSettled = async (): Promise<void> => {
    await Promise.all([...doors.values()].map(({ door }) => door.settled()))
  }

  return {
    ...{ inside, listening, settled: allSettled },
    read: () => ({
      listeners: [...doors].flatMap(([id, known]) =>
        configOf(id)?.gateway ? [described(id, known, inside, certificates.get(id), options.waiting)] : [],
      ),
    }),
    at: (id) => placeOf(configOf(id), doors.get(id)?.door, certificates.get(id)),
    async close() {
      isClosed = true
      forget()
      for (const { door } of doors.values()) door.want(null)
      await allSettled()
      await make.close()
    },
  }
}

/** Where a listener is reached; null while it does not listen. */
function placeOf(config: ServiceConfig | null, door: Door | undefined, used: UsedCertificate | undefined) {
  if (!config?.gateway || door?.read().state !== 'listening') return null
  const { host, port } = config.gateway
  return { host, port, cert: used?.kept.current().cert ?? null }
}

const nobodyWaits: NonNullable<GatewayOptions['waiting']> = () => ({ held: 0, waking: null })

/** A listener as it is told. */
const described = (
  id: string,
  { door, figures }: { door: Door; figures: Figures },
  inside: Inside,
  used: UsedCertificate | undefined,
  waiting: GatewayOptions['waiting'] = nobodyWaits,
): GatewayListener => ({
  ...waiting(id),
  ...{ serviceId: id, machine: 'local', ...door.read(), ...figures.read(), ...shownCertificate(used) },
  inFlight: inside.count(id, 'request'),
  sockets: inside.count(id, 'socket'),
  inside: inside.guests(id),
})

const shownCertificate = (used: UsedCertificate | undefined): Pick<GatewayListener, 'certificate'> => {
  if (!used) return {}
  const { names, expiresAt } = used.kept.current()
  const { reason } = used.told
  return { certificate: { names: names.map(({ value }) => value), expiresAt, ...(reason && { reason }) } }
}
