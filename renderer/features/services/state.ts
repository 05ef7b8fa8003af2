import type { Generation, HealthState, Service } from '../../../shared/contract'

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

/** Since when what `statusOf` shows holds. */
export const sinceOf = ({ operation, progress, health }: Service): number =>
  operation !== null && progress ? progress.startedAt : health.since

/** Whether Regie starts and stops it; others are only watched. */
export const isManaged = ({ runtime }: Service): boolean => runtime !== 'external'

/** Whether it was stopped on purpose, by an idle monitor or by hand, outside Regie. */
export const isAsleep = ({ health }: Service): boolean =>
  health.state === 'stopped' && health.problem === 'ending.asleep'

/** Whether its container is paused: it lives, and does nothing. */
export const isPaused = ({ container }: Service): boolean => container?.state === 'paused'

/** Whether Start is what can be done next. */
export const canStart = (service: Service): boolean =>
  isManaged(service) && !isUp(service) && !isUnseen(service) && service.operation === null

const isOpen = ({ state }: Generation): boolean => state === 'running' || state === 'queued'

/** How many jobs stopping it now would lose: its own count is some seconds old, and holds others' jobs too. */
export const jobsOf = ({ id, queue }: Service, generations: readonly Generation[]): number =>
  Math.max(
    queue ? queue.running + (queue.waiting ?? 0) : 0,
    generations.filter((generation) => generation.serviceId === id && isOpen(generation)).length,
  )

/** Whether it wants a person: it blocks work and will not get better by itself. */
export const isBlocked = ({ health, operation }: Service): boolean =>
  operation === null && (health.state === 'locked-out' || health.state === 'unhealthy')

/** The health reason in the form that all reasons have; null when nothing is amiss. */
export function reasonOf({ health }: Service) {
  const { reason, hint, problem, params } = health
  if (reason === undefined) return null
  return { problem: problem ?? '', params: params ?? {}, message: reason, hint: hint ?? '' }
}

/** How far a job is, 0 to 1: what comes after the last step counts as done, what is not known as not begun. */
export const fractionOf = ({ fraction, phase }: Generation['progress']): number =>
  fraction ?? (phase === 'decoding' || phase === 'saving' || phase === 'done' ? 1 : 0)

/** The job that a service works on now, and how many of Regie's wait behind it. */
export function currentJob(generations: readonly Generation[], serviceId: string) {
  const own = generations.filter((generation) => generation.serviceId === serviceId)
  const running = own.find(({ state }) => state === 'running')
  return { running, waiting: own.filter(({ state }) => state === 'queued').length }
}
