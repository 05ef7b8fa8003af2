import type { Gateway as GatewayState, GatewayListener, PanelEvent, ServiceConfig } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Listen } from '../async/listeners'
import type { LendSecret } from '../vault/secret'
import { createDoor, type Door } from './doors'
import { createEntering } from './entering'
import { createFigures, type Figures } from './figures'
import { createInside, type Inside } from './inside'
import { createListener } from './listener'
import { createPipeline } from './pipeline'
import type { Stages } from './stages'
import { createUpstreams, type Upstreams } from './upstreams'

export { closedStages, plainRefusal } from './closed'
export type { Inside, Opened } from './inside'
export type * from './stages'

export interface GatewayOptions {
  services: {
    list(): readonly { id: string }[]
    /** Throws a Problem for an unknown one. */
    config(id: string): ServiceConfig
  }
  lendSecret: (credentialId: string | null) => LendSecret
  stages: Stages
  /** Certificate and key of a gateway with TLS, in PEM. Throws a Problem where there is none. */
  certificateOf?: (service: ServiceConfig) => Promise<{ cert: string | Buffer; key: string | Buffer }>
  redact: (text: string) => string
  listen: Listen<[PanelEvent]>
  publish: (event: PanelEvent) => void
  reportBug: (error: unknown) => void
  /** How long what goes on may go on when a listener is closed, in ms, in place of the usual. */
  drainMs?: number
}

/** The front door to the services. */
export interface Gateway {
  read(): GatewayState
  /** Everything that is open, to be cut when somebody may no longer have it. */
  inside: Inside
  /** Resolves when every listener is as the configuration says, or has failed. */
  settled(): Promise<void>
  /** Takes nothing new, lets what goes on end for a while, and cuts the rest. */
  close(): Promise<void>
}

/** Opens a listener for each service that wants one, and keeps them as the configuration says. */
export function createGateway(options: GatewayOptions): Gateway {
  const { services, publish, listen, reportBug } = options
  const inside = createInside()
  const doors = new Map<string, { door: Door; figures: Figures }>()
  let upstreams: Promise<Upstreams> | null = null
  let isClosed = false

  const configOf = (id: string): ServiceConfig | null => {
    try {
      return services.config(id)
    } catch (error) {
      if (error instanceof Problem) return null
      throw error
    }
  }

  async function make(config: ServiceConfig, figures: Figures) {
    const { id, kind, gateway } = config
    const tls = gateway?.tls === 'off' ? null : await certificate(options, config)
    const stages = { ...options.stages, observer: figures.counting(options.stages.observer) }
    // As it is when it is asked: a service may get another credential.
    const lendSecret: LendSecret = (use) => options.lendSecret(services.config(id).credentialId ?? null)(use)
    upstreams ??= createUpstreams()
    return createListener({
      ...{ serviceId: id, kind, tls, stages, inside, figures, reportBug },
      upstreams: await upstreams,
      redact: options.redact,
      entering: createEntering({ kind, lendSecret }),
      pipeline: createPipeline({ stages, reportBug }),
    })
  }

  function doorOf(id: string): { door: Door; figures: Figures } {
    const known = doors.get(id)
    if (known) return known
    const figures = createFigures()
    const door = createDoor(id, {
      make: (config) => make(config, figures),
      others: () => services.list().flatMap((service) => configOf(service.id) ?? []),
      changed: () => publish({ type: 'gateway' }),
      reportBug,
      ...(options.drainMs !== undefined && { drainMs: options.drainMs }),
    })
    const made = { door, figures }
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

  const read = (id: string, { door, figures }: { door: Door; figures: Figures }): GatewayListener => ({
    ...{ serviceId: id, machine: 'local', ...door.read(), ...figures.read() },
    inFlight: inside.count(id, 'request'),
    sockets: inside.count(id, 'socket'),
    inside: inside.guests(id),
  })

  return {
    inside,
    read: () => ({
      listeners: [...doors].flatMap(([id, known]) => (configOf(id)?.gateway ? [read(id, known)] : [])),
    }),
    async settled() {
      await Promise.all([...doors.values()].map(({ door }) => door.settled()))
    },
    async close() {
      isClosed = true
      forget()
      for (const { door } of doors.values()) door.want(null)
      await Promise.all([...doors.values()].map(({ door }) => door.settled()))
      await (await upstreams)?.close()
    },
  }
}

function certificate({ certificateOf }: GatewayOptions, config: ServiceConfig) {
  if (!certificateOf) throw new Problem('gateway.no-certificate')
  return certificateOf(config)
}
