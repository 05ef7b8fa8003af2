import type { Service } from '../../shared/contract'
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

/** Whether Regie puts it to sleep. */
const sleeps = ({ idle, runtime }: Pick<Service, 'idle' | 'runtime'>): boolean =>
  runtime === 'compose' && (idle.stopAfterMin !== null || idle.unloadAfterMin !== null)

/**
 * What is to be told of idle monitors of the deployment's own that run beside Regie's: two sleepers fight. Nothing is
 * done to them.
 */
export function rivalsOf(services: readonly Service[], containers: readonly Seen[]): Reason[] {
  const monitors = containers.filter((one) => one.state === 'running' && isMonitor(one))
  const pairs = services
    .filter(sleeps)
    .flatMap((service) =>
      monitors
        .filter((monitor) => monitor.id !== service.container?.id && watches(monitor, service))
        .map(({ name }) => ({ service: service.id, monitor: name })),
    )
  if (pairs.length === 0) return []
  const list = (of: 'service' | 'monitor') => [...new Set(pairs.map((pair) => pair[of]))].join(', ')
  return [new Problem('sleeping.rivals', { services: list('service'), monitors: list('monitor') }).reason]
}
