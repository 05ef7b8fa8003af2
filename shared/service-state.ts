import type { HealthState, Service } from './contract'

const upStates: readonly HealthState[] = ['starting', 'listening', 'authenticated', 'ready', 'locked-out']

const upContainers: readonly NonNullable<Service['container']>['state'][] = ['running', 'paused', 'restarting']

/** Whether nothing can be said of it, because Docker does not answer. */
export const isUnseen = ({ runtime, health }: Service): boolean =>
  runtime === 'compose' && health.problem?.startsWith('docker.') === true && !upStates.includes(health.state)

/** Whether something runs behind the service, whoever started it. */
export const isUp = (service: Service): boolean =>
  service.pid !== null ||
  upStates.includes(service.health.state) ||
  (service.container !== null && upContainers.includes(service.container.state) && !isUnseen(service))

/** Whether its container is paused: it lives, and does nothing. */
export const isPaused = ({ container }: Service): boolean => container?.state === 'paused'
