import type { Service, TimelineActor, TimelineEntry, TimelineKind } from '../../shared/contract'
import type { Reason } from '../../shared/problems'
import type { ContainerEvent } from '../docker/engine'

/** An entry before it is known whose it is and when. */
export interface Happening {
  kind: TimelineKind
  /** Who, if Regie had no hand in it. */
  otherwise: TimelineActor
  /** Nobody could have asked Regie for it: a crash stays the program's, whatever goes on. */
  isOwn: boolean
  exitCode?: number
  signal?: string
  image?: string
  reason?: Reason | TimelineEntry['reason']
}

/** What is remembered of a container between its events. */
export interface ContainerMemory {
  /** The signal that it was sent, and when (Unix ms). */
  signal: { name: string; at: number } | null
  oomAt: number | null
  /** It was made, and has not been started yet. */
  isNew: boolean
}

export const newMemory = (): ContainerMemory => ({ signal: null, oomAt: null, isNew: false })

/** How long after a signal an end is still taken for its effect: longer than any stop waits. */
const signalEffectMs = 10 * 60_000

/** How soon after the kernel's kill the end of the container belongs to it, in ms. */
const oomEffectMs = 30_000

const numberOf = (text: string | undefined) => (text !== undefined && /^-?\d+$/.test(text) ? Number(text) : null)

/** What else must be known to read an event. */
export interface EventContext {
  /** Another container of the same service is there, or was a moment ago. */
  hasSibling: boolean
  /** How often Docker has started it by itself since somebody did; null when that is not known. */
  restarts: number | null
}

/** What an event of a container means, and what is remembered for the next one. */
export function readHappening(
  event: ContainerEvent,
  memory: ContainerMemory,
  context: EventContext,
): { happening: Happening | null; memory: ContainerMemory } {
  const { action, attributes, at } = event
  const image = attributes['image']
  const withImage = image === undefined ? {} : { image }
  const by = (kind: TimelineKind, more: Partial<Happening> = {}) => ({
    happening: { kind, otherwise: 'outside', isOwn: false, ...more } satisfies Happening,
    memory,
  })
  switch (action) {
    case 'create':
      return { ...by(context.hasSibling ? 'recreated' : 'created', withImage), memory: { ...memory, isNew: true } }
    case 'destroy':
      // The old container of one that was made anew.
      return context.hasSibling ? { happening: null, memory } : by('removed', withImage)
    case 'start': {
      // Asked a moment later, when it may have ended and been started again.
      const isDockers = !memory.isNew && context.restarts !== null && context.restarts > 0
      return { ...by('started', isDockers ? { otherwise: 'docker', isOwn: true } : {}), memory: newMemory() }
    }
    case 'kill':
      return { happening: null, memory: { ...memory, signal: { name: attributes['signal'] ?? '', at } } }
    case 'oom':
      return { happening: { kind: 'oom', otherwise: 'system', isOwn: true }, memory: { ...memory, oomAt: at } }
    case 'die':
      return { ...by('ended', readEnd(event, memory)), memory: newMemory() }
    case 'pause':
      return by('paused')
    case 'unpause':
      return by('resumed')
    case 'health_status: healthy':
      return by('check-healthy', { otherwise: 'program', isOwn: true })
    case 'health_status: unhealthy':
      return by('check-unhealthy', { otherwise: 'program', isOwn: true })
    default:
      return { happening: null, memory }
  }
}

function readEnd({ attributes, at }: ContainerEvent, { signal, oomAt }: ContainerMemory): Partial<Happening> {
  const exitCode = numberOf(attributes['exitCode'])
  const withCode = exitCode === null ? {} : { exitCode }
  if (oomAt !== null && at - oomAt < oomEffectMs)
    return { kind: 'crashed', otherwise: 'system', isOwn: true, ...withCode }
  if (signal && at - signal.at < signalEffectMs) return { kind: 'stopped', signal: signal.name, ...withCode }
  return { kind: exitCode === 0 ? 'ended' : 'crashed', otherwise: 'program', isOwn: true, ...withCode }
}

/** What a settled rung of the ladder is called in the timeline. */
function ladderKind({ state }: Service['health']): LadderWord {
  return isLadderWord(state) ? state : null
}

/** Whether what it lives in has ended: then its end is told, and no health of it. */
function hasEnded({ runtime, health, pid, container }: Service): boolean {
  if (health.state === 'absent' || health.state === 'stopped') return true
  switch (runtime) {
    case 'process':
    case 'simulator':
      return health.state === 'unhealthy' && pid === null
    case 'compose':
      return health.state === 'unhealthy' && container?.state !== 'running'
    case 'external':
      return false
  }
}

const reasonOf = ({ health }: Service): TimelineEntry['reason'] => {
  const { problem, params = {}, reason: message, hint = '' } = health
  return problem === undefined || message === undefined ? undefined : { problem, params, message, hint }
}

/** What the ladder told last, so that the same is not told again. */
export type LadderWord = (typeof ladderWords)[number] | null

const ladderWords = ['ready', 'unhealthy', 'locked-out', 'unreachable'] as const

/** Whether a kind of entry, or a state, is one that the ladder tells. */
export const isLadderWord = (kind: string): kind is (typeof ladderWords)[number] =>
  (ladderWords as readonly string[]).includes(kind)

/**
 * What the change of a service means. Starts and ends of containers come from the engine's events; those of programs
 * that Regie runs are seen by their process.
 */
export function readChange(
  before: Service | null,
  now: Service,
  told: LadderWord,
): { happenings: Happening[]; told: LadderWord } {
  const happenings: Happening[] = []
  const why = reasonOf(now)
  const withReason = why === undefined ? {} : { reason: why }
  if (before && (now.runtime === 'process' || now.runtime === 'simulator')) {
    if (before.pid === null && now.pid !== null && !now.adopted)
      happenings.push({ kind: 'started', otherwise: 'unknown', isOwn: false })
    if (before.pid !== null && now.pid === null) {
      const isCrash = now.health.problem?.startsWith('service.exit-') ?? false
      const isClean = now.health.problem === 'service.exit-clean'
      const code = now.health.params?.['code']
      happenings.push(
        isCrash
          ? {
              kind: isClean ? 'ended' : 'crashed',
              otherwise: 'program',
              isOwn: true,
              ...(typeof code === 'number' ? { exitCode: code } : {}),
              ...withReason,
            }
          : { kind: 'stopped', otherwise: 'unknown', isOwn: false },
      )
      return { happenings, told: null }
    }
  }
  if (hasEnded(now)) return { happenings, told: now.health.state === 'unhealthy' ? told : null }
  const kind = ladderKind(now.health)
  if (kind === null || kind === told) return { happenings, told }
  happenings.push({ kind, otherwise: 'program', isOwn: true, ...(kind === 'ready' ? {} : withReason) })
  return { happenings, told: kind }
}
