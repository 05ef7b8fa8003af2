import type { JobInLine, GatewayService } from '../../shared/contract'
import type { Cards } from '../cards'
import type { Engine } from '../docker/engine'
import type { Generations } from '../generation'
import type { Services } from '../services'
import { monitorsOf } from '../sleeping/monitors'
import { removeMonitor } from '../sleeping/removing'
import type { Usage } from '../usage'
import type { watchBypass } from './bypass'
import type { Numbers } from './cards'
import type { WatchedMachine } from './machine'
import type { Secrets } from './secrets'

interface LineParts {
  usage: Pick<Usage, 'on'>
  generations: Pick<Generations, 'pendingOn' | 'accountOf' | 'get'>
  cards: Pick<Cards, 'waiting'>
  numbers: Pick<Numbers, 'placeOf'>
  /** What an account is called; null: nobody knows any more. */
  nameOf: (account: string) => string | null
}

/** Jobs that a service has: people's through the gateway, and the Studio's. */
function givenTo(serviceId: string, { usage, generations, numbers }: LineParts): { by: string; since: number }[] {
  const studio = generations.pendingOn(serviceId).flatMap(({ id, state }) => {
    const by = state === 'running' ? generations.accountOf(id) : null
    return by === null ? [] : [{ id, by, since: generations.get(id).createdAt }]
  })
  const people = usage.on(serviceId).map(({ id, account, begunAt }) => ({ id, by: account, since: begunAt }))
  const place = ({ id }: { id: string }) => numbers.placeOf(serviceId, id) ?? 0
  return [...studio, ...people].toSorted((one, other) => place(one) - place(other) || one.since - other.since)
}

function lineOf(serviceId: string, parts: LineParts): JobInLine[] {
  const job = (by: string, since: number, reason: JobInLine['reason']) => ({
    ...{ by, name: parts.nameOf(by) ?? by, since, reason },
  })
  return [
    ...givenTo(serviceId, parts).map(({ by, since }) => job(by, since, null)),
    ...parts.cards
      .waiting()
      .flatMap(({ serviceId: on, by, since, reason }) =>
        on !== serviceId || by === null ? [] : job(by, since, reason),
      ),
  ]
}

/** What administrators are told of the services beside their listeners. */
export function describeServices(
  services: Pick<Services, 'list'>,
  engine: Pick<Engine, 'containers'>,
  { bypass, ...parts }: LineParts & { bypass: Pick<ReturnType<typeof watchBypass>, 'of'> },
): () => GatewayService[] {
  return () => {
    const all = services.list()
    return all.map((service) => ({
      serviceId: service.id,
      line: lineOf(service.id, parts),
      bypass: bypass.of(service.id),
      monitors: monitorsOf(service, all, engine.containers()),
    }))
  }
}

/** What administrators are told of the services beside their listeners, and how a rival of Regie's sleeping is removed. */
export function buildGatewayServices(
  { people, audit }: Pick<Secrets, 'people' | 'audit'>,
  { engine }: Pick<WatchedMachine, 'engine'>,
  { services, ...parts }: Omit<LineParts, 'nameOf'> & { services: Services; bypass: ReturnType<typeof watchBypass> },
) {
  const nameOf = (account: string) => people.account(account)?.name ?? null
  return {
    gatewayServices: describeServices(services, engine, { ...parts, nameOf }),
    removeMonitor: (shown: Parameters<typeof removeMonitor>[1]) =>
      removeMonitor({ services, engine, auditFirst: (entry) => audit.appendFirst(entry) }, shown),
  }
}
