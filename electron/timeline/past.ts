import * as z from 'zod'
import type { TimelineEntry } from '../../shared/contract'
import type { Container, ContainerEvent } from '../docker/engine'
import type { Happening } from './happenings'

/** What of `inspect` tells when a container last started and ended. */
const Inspected = z.object({
  RestartCount: z.number().catch(0),
  State: z.object({
    StartedAt: z.string().catch(''),
    FinishedAt: z.string().catch(''),
    ExitCode: z.number().catch(0),
    OOMKilled: z.boolean().catch(false),
  }),
})

export interface ContainerTimes {
  restarts: number
  /** Unix ms; null: never. */
  startedAt: number | null
  finishedAt: number | null
  exitCode: number
  oomKilled: boolean
}

/** The engine's "never" is the year 1. */
const timeOf = (text: string) => {
  const time = Date.parse(text)
  return Number.isFinite(time) && time > 0 ? time : null
}

export function readTimes(answer: unknown): ContainerTimes | null {
  const parsed = Inspected.safeParse(answer)
  if (!parsed.success) return null
  const { RestartCount, State } = parsed.data
  return {
    restarts: RestartCount,
    startedAt: timeOf(State.StartedAt),
    finishedAt: timeOf(State.FinishedAt),
    exitCode: State.ExitCode,
    oomKilled: State.OOMKilled,
  }
}

/** Ends that somebody asked for leave these codes. */
const askedCodes = [0, 130, 137, 143]

/** Two clocks, or two roundings of one, may differ by this, in ms. */
const toleranceMs = 2000

/**
 * What must have happened while nobody listened: from what the timeline told last of a container's starts and ends,
 * and how the container is now. `null` when they agree.
 */
export function missedHappening(
  last: Pick<TimelineEntry, 'kind' | 'at'> | null,
  state: Container['state'],
  times: ContainerTimes,
): (Happening & { at: number }) | null {
  const isUp = state === 'running' || state === 'paused' || state === 'restarting'
  if (isUp) {
    if (times.startedAt === null) return null
    const isTold = last?.kind === 'started' && last.at >= times.startedAt - toleranceMs
    if (isTold) return null
    const isDockers = times.restarts > 0
    return { kind: 'started', otherwise: isDockers ? 'docker' : 'unknown', isOwn: true, at: times.startedAt }
  }
  if (state !== 'exited' && state !== 'dead') return null
  const isTold = last !== null && last.kind !== 'started' && last.kind !== 'created' && last.kind !== 'recreated'
  if (isTold || times.finishedAt === null) return null
  const end = { isOwn: true, exitCode: times.exitCode, at: times.finishedAt }
  if (times.oomKilled) return { ...end, kind: 'crashed', otherwise: 'system' }
  return askedCodes.includes(times.exitCode)
    ? { ...end, kind: times.exitCode === 0 ? 'ended' : 'stopped', otherwise: 'unknown' }
    : { ...end, kind: 'crashed', otherwise: 'program' }
}

/** The kinds that say whether a container runs. */
export const lifecycleKinds: readonly TimelineEntry['kind'][] = [
  ...(['created', 'recreated', 'removed', 'started', 'stopped', 'ended', 'crashed'] as const),
]

/** One event is told once, though the past is read again. */
export const eventKey = ({ containerId, action, at }: ContainerEvent) => `${at} ${action} ${containerId}`
