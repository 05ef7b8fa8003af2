import { networkInterfaces } from 'node:os'
import type { ServiceConfig } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { freePort, isTaken } from './free-port'
import { addressOf } from './runtimes/simulator'

/** An address of this machine and a TCP port. */
export interface Place {
  host: string
  port: number
}

/** Where Regie itself listens now: its own page, or the gateway of a service. */
export interface Listening extends Place {
  of: 'panel' | { gateway: string }
}

type Owner = { of: 'panel' } | { of: 'service' | 'gateway'; id: string }
type Placed = Pick<ServiceConfig, 'id' | 'url' | 'gateway'>

export interface PortsKnown {
  configs: () => readonly Placed[]
  listening: () => readonly Listening[]
}

/** Where the panel's own page is served, as it is handed in; nowhere while it is not. */
export const panelAt = (url: string | null | undefined): Listening[] =>
  url == null ? [] : [{ of: 'panel', ...addressOf(url) }]

const everywhere = new Set(['0.0.0.0', '::'])
const plain = (host: string) => (host === 'localhost' ? '127.0.0.1' : host)

/** Whether two cannot both be had: the same port at the same address, or at all of them. */
const overlap = (one: Place, other: Place): boolean =>
  one.port === other.port &&
  (plain(one.host) === plain(other.host) || everywhere.has(one.host) || everywhere.has(other.host))

/** Where a service is asked, if that is on this machine; a name is looked up nowhere. */
export function ownPlace(url: string): Place | null {
  const { host, port } = addressOf(url)
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? [])
  const isOwn = host.startsWith('127.') || ['localhost', '::1', ...everywhere, ...addresses].includes(host)
  return isOwn ? { host, port } : null
}

const gatewayOf = ({ gateway }: Placed): Place | null => (gateway?.enabled ? gateway : null)

/** Regie's own listeners that have a place, but for those of one service. */
function listenerAt({ configs, listening }: PortsKnown, hasIt: (place: Place) => boolean, but: string | null) {
  for (const { of, ...place } of listening()) {
    if (!hasIt(place)) continue
    if (of === 'panel') return { of } as const
    if (of.gateway !== but) return { of: 'gateway', id: of.gateway } as const
  }
  const other = configs().find((one) => {
    const at = gatewayOf(one)
    return one.id !== but && at !== null && hasIt(at)
  })
  return other ? ({ of: 'gateway', id: other.id } as const) : null
}

/**
 * Whose a place is that the gateway of a service wants, as far as Regie knows. `isTaken`: it cannot be had, so that who
 * has the port at another address has it here as well.
 */
export function ownerOf(place: Place, id: string, known: PortsKnown, isTakenNow = false): Owner | null {
  const hasIt = (other: Place) => (isTakenNow ? other.port === place.port : overlap(place, other))
  const own = listenerAt(known, hasIt, id)
  if (own) return own
  const service = known.configs().find(({ url }) => {
    const at = ownPlace(url)
    return at !== null && hasIt(at)
  })
  return service ? { of: 'service', id: service.id } : null
}

/** A port that is free, and that Regie has no plans for. */
const freeBeside = ({ port }: Place, { configs }: PortsKnown): Promise<number> => {
  const ours = configs().flatMap((one) => [addressOf(one.url).port, one.gateway?.port ?? 0])
  return freePort(port + 1, (other) => ours.includes(other))
}

/** Says whose a port is that cannot be had, and one that is free. `isWanted`: it is tried again by itself. */
export async function takenProblem(place: Place, owner: Owner | null, known: PortsKnown, isWanted: boolean) {
  const { port } = place
  const free = await freeBeside(place, known)
  const problem = () => {
    if (owner === null) return new Problem(isWanted ? 'gateway.port-taken' : 'gateway.port-in-use', { port, free })
    if (owner.of === 'panel') return new Problem('gateway.port-of-panel', { port, free })
    return new Problem(owner.of === 'service' ? 'gateway.port-of-service' : 'gateway.port-of-gateway', {
      ...{ port, by: owner.id, free },
    })
  }
  return { problem: problem(), free }
}

const isSame = (one: Place | null, other: Place | null) => one?.host === other?.host && one?.port === other?.port

/** The gateway's new place must be had by nobody. Throws a Problem that names who has it. */
async function assertGateway(place: Place, id: string, known: PortsKnown): Promise<void> {
  const owner = ownerOf(place, id, known)
  // Its own listener, wherever that is, is no stranger to it.
  const isOwn = known.listening().some(({ of, port }) => of !== 'panel' && of.gateway === id && port === place.port)
  if (!owner && (isOwn || !(await isTaken(place.port, place.host)))) return
  throw (await takenProblem(place, owner ?? ownerOf(place, id, known, true), known, false)).problem
}

/**
 * Checks the addresses of a service that is new or has changed (`before`: as it was): its gateway may not want what
 * somebody has, and it may not be asked where Regie itself listens. What stays as it was is not asked about, so that
 * nothing that works is refused. Throws a Problem; nothing has changed then.
 */
export async function assertPortsFree(config: Placed, before: Placed | null, known: PortsKnown): Promise<void> {
  const others = known.configs().filter(({ id }) => id !== config.id)
  const now = { ...known, configs: () => [...others, config] }
  const gateway = gatewayOf(config)
  if (gateway && !isSame(gateway, before && gatewayOf(before))) await assertGateway(gateway, config.id, now)
  const url = ownPlace(config.url)
  if (!url || config.url === before?.url) return
  const owner = listenerAt(now, (place) => overlap(place, url), null)
  if (owner?.of === 'panel') throw new Problem('service.url-of-panel', { url: config.url })
  if (owner) throw new Problem('service.url-of-gateway', { url: config.url, by: owner.id })
}
