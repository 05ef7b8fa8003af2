import type { Generation, Service } from '../../../shared/contract'
import { isPaused, isUnseen, isUp } from '../../../shared/service-state'
import type { StatusKey } from '../../ui/Status'

/** Since when what `statusOf` shows holds. */
export const sinceOf = ({ operation, progress, health }: Service): number =>
  operation !== null && progress ? progress.startedAt : health.since

/** Whether Regie starts and stops it; others are only watched. */
export const isManaged = ({ runtime }: Service): boolean => runtime !== 'external'

/** Whether it was stopped on purpose, by an idle monitor or by hand, outside Regie. */
export const isAsleep = ({ health }: Service): boolean =>
  health.state === 'stopped' && health.problem === 'ending.asleep'

/** Whether Start is what can be done next. */
export const canStart = (service: Service): boolean =>
  isManaged(service) && !isUp(service) && !isUnseen(service) && service.operation === null

/** Whether Restart can be asked for now. */
export const canRestart = (service: Service): boolean =>
  isManaged(service) && isUp(service) && service.operation === null

/** Whether Stop can. A program's start is cancelled by stopping it; a container's operation has a cancel of its own. */
export const canStop = (service: Service): boolean =>
  isManaged(service) &&
  (service.operation === null ? isUp(service) : service.operation === 'start' && service.runtime !== 'compose')

const isOpen = ({ state }: Generation): boolean => state === 'running' || state === 'queued'

/** How many jobs stopping it now would lose: its own count is some seconds old, and holds others' jobs too. */
export const jobsOf = ({ id, queue }: Service, generations: readonly Generation[]): number =>
  Math.max(
    queue ? queue.running + (queue.waiting ?? 0) : 0,
    generations.filter((generation) => generation.serviceId === id && isOpen(generation)).length,
  )

/** The health reason in the form that all reasons have; null when nothing is amiss. */
export function reasonOf({ health }: Service) {
  const { reason, hint, problem, params } = health
  if (reason === undefined) return null
  return { problem: problem ?? '', params: params ?? {}, message: reason, hint: hint ?? '' }
}

/** How far a job is, 0 to 1: what comes after the last step counts as done, what is not known as not begun. */
export const fractionOf = ({ fraction, phase }: Generation['progress']): number =>
  fraction ?? (phase === 'decoding' || phase === 'saving' || phase === 'done' ? 1 : 0)

const answering: readonly Service['health']['state'][] = ['ready', 'authenticated', 'listening']

/** The job that a service works on now, and how many of Regie's wait behind it. One that does not answer shows no job as alive. */
export function currentJob(generations: readonly Generation[], { id, health }: Service) {
  const own = generations.filter((generation) => generation.serviceId === id)
  const running = answering.includes(health.state) ? own.find(({ state }) => state === 'running') : undefined
  return { running, waiting: own.filter(({ state }) => state === 'queued').length }
}

/** A job of Regie's own that began or ended so near a look at the queue may be in it or not, in ms. */
const looseMs = 1500

/** Whether it works for another client: of the jobs that its queue held when it was looked at, some were not Regie's. */
export function runsOthersJob({ id, health, queue }: Service, generations: readonly Generation[]): boolean {
  const at = health.checkedAt
  if (health.state !== 'ready' || !queue || at === null) return false
  const own = generations.filter(
    ({ serviceId, startedAt, finishedAt }) =>
      serviceId === id && startedAt !== null && startedAt <= at + looseMs && (finishedAt ?? at) >= at - looseMs,
  )
  return queue.running > own.length
}

/** Whether it makes an image now, for whomever. */
export const isWorking = (service: Service, generations: readonly Generation[]): boolean =>
  currentJob(generations, service).running !== undefined || runsOthersJob(service, generations)

const operationStatus = {
  start: 'starting',
  stop: 'stopping',
  restart: 'restarting',
  unpause: 'unpausing',
  recreate: 'recreating',
  rebuild: 'rebuilding',
  pull: 'pulling',
  down: 'removing',
} as const

/** What a service shows: the operation that is under way, else its health as far as it can be seen. */
export function statusOf(service: Service): StatusKey {
  if (service.operation) return operationStatus[service.operation]
  if (isUnseen(service)) return 'unknown'
  if (isPaused(service)) return 'paused'
  return isAsleep(service) ? 'asleep' : service.health.state
}
