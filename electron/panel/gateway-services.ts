import type { JobInLine, GatewayService } from '../../shared/contract'
import { reason } from '../../shared/problems'
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
  usage: Pick<Usage, 'on' | 'held'>
  generations: Pick<Generations, 'pendingOn' | 'accountOf' | 'get'>
  cards: Pick<Cards, 'waiting'>
  numbers: Pick<Numbers, 'placeOf'>
  /** What an account is called; null: nobody knows any more. */
  nameOf: (account: string) => string | null
}

/** Jobs that a service has: people's through the gateway, and the Studio's. */
function givenTo(serviceId: string, { usage, generations, numbers }: LineParts) {
  const studio = generations.pendingOn(serviceId).flatMap(({ id, state }) => {
    const by = state === 'running' ? generations.accountOf(id) : null
    return by === null ? [] : [{ id, by, since: generations.get(id).createdAt, from: 'studio' as const }]
  })
  const people = usage
    .on(serviceId)
    .map(({ id, account, begunAt }) => ({ id, by: account, since: begunAt, from: 'gateway' as const }))
  const place = ({ id }: { id: string }) => numbers.placeOf(serviceId, id) ?? 0
  return [...studio, ...people].toSorted((one, other) => place(one) - place(other) || one.since - other.since)
}

function lineOf(serviceId: string, parts: LineParts): JobInLine[] {
  const named = ({ by, ...more }: Omit<JobInLine, 'name'>): JobInLine => ({
    ...{ by, name: parts.nameOf(by) ?? by, ...more },
  })
  const held = parts.usage.held().filter(({ service }) => service === serviceId)
  const onCard = parts.cards.waiting().filter((one) => one.serviceId === serviceId)
  const jobOf = (id: string | null): JobInLine['job'] =>
    id === null ? null : { id, from: held.some((one) => one.id === id) ? 'gateway' : 'studio' }
  return [
    ...givenTo(serviceId, parts).map(({ id, from, ...one }) => named({ ...one, reason: null, job: { id, from } })),
    ...onCard.flatMap(({ by, since, reason: why, job }) =>
      by === null ? [] : named({ by, since, reason: why, job: jobOf(job) }),
    ),
    // Who is not in the line of a card yet waits for the service.
    ...held
      .filter(({ id }) => !onCard.some(({ job }) => job === id))
      .map(({ id, account, since }) =>
        named({ by: account, since, reason: reason('job.waking'), job: { id, from: 'gateway' } }),
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
