import type { IdleMonitor, Service } from '../../shared/contract'
import { Problem, type Reason } from '../../shared/problems'
import type { Container } from '../docker/engine'

/** How programs that stop a service, or unload its models, when nobody uses it are called in deployments. */
const monitorName = /idle[-_. ]?monitor/i

type Seen = Pick<Container, 'id' | 'name' | 'image' | 'state' | 'compose' | 'tellingWords'>

const isMonitor = ({ name, image, compose, tellingWords = [] }: Seen): boolean =>
  [name, image, compose?.service ?? '', ...tellingWords].some((text) => monitorName.test(text))

/** Whether a monitor's name says that it watches this service: it is called after it. */
const watches = ({ name, compose }: Seen, service: Pick<Service, 'compose' | 'container'>): boolean => {
  const targets = [service.container?.name, service.compose?.service].filter((target) => target !== undefined)
  return targets.some((target) => name.includes(target) || compose?.service.includes(target) === true)
}

/** The idle monitors that run and watch a service. What is the container of a service of ours is none. */
export function monitorsOf(
  service: Pick<Service, 'runtime' | 'compose' | 'container'>,
  ours: readonly Pick<Service, 'container'>[],
  containers: readonly Seen[],
): IdleMonitor[] {
  if (service.runtime !== 'compose') return []
  const own = new Set(ours.flatMap(({ container }) => (container ? [container.id] : [])))
  return containers
    .filter((one) => one.state === 'running' && isMonitor(one) && !own.has(one.id) && watches(one, service))
    .map(({ id, name, image }) => ({ container: id, name, image }))
}

/** Whether Regie puts it to sleep. */
const sleeps = ({ idle, runtime }: Pick<Service, 'idle' | 'runtime'>): boolean =>
  runtime === 'compose' && (idle.stopAfterMin !== null || idle.unloadAfterMin !== null)

/**
 * What is to be told of idle monitors of the deployment's own that run beside Regie's: two sleepers fight. Nothing is
 * done to them.
 */
export function rivalsOf(services: readonly Service[], containers: readonly Seen[]): Reason[] {
  const pairs = services
    .filter(sleeps)
    .flatMap((service) =>
      monitorsOf(service, services, containers).map(({ name }) => ({ service: service.id, monitor: name })),
    )
  if (pairs.length === 0) return []
  const list = (of: 'service' | 'monitor') => [...new Set(pairs.map((pair) => pair[of]))].join(', ')
  return [new Problem('sleeping.rivals', { services: list('service'), monitors: list('monitor') }).reason]
}
