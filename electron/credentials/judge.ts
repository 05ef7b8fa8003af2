import type { Place, Requirement, RuntimeKind } from '../../shared/contract'
import { reason, type Reason } from '../../shared/problems'
import type { ContainerPlace } from './control'

// How the places of the fingerprint map hang together: pure functions of what was read.

/** The states of a sink on this machine. */
export type SinkState = Extract<Place['state'], 'same' | 'drifted' | 'missing' | 'unreadable'>

export interface Verdict {
  state: Place['state']
  /** What puts the place right. */
  requires: Requirement
  why: Reason | null
}

interface HostFile {
  path: string
  state: SinkState
  service: string
}

const same: Verdict = { state: 'same', requires: 'nothing', why: null }

/** A mounted file as the container sees it. */
export function judgeFile(seen: ContainerPlace, { path, state, service }: HostFile): Verdict {
  const { found, reason: unread, isMountedByItself } = seen
  if (found?.isSame) return same
  // The file on this machine is right, so the container holds another one.
  if (state === 'same' && found) {
    return isMountedByItself
      ? { state: 'needs-restart', requires: 'restart', why: reason('place.stale-mount', { path, service }) }
      : { state: 'drifted', requires: 'restart', why: reason('place.other-file', { path, service }) }
  }
  if (unread?.problem === 'place.not-running') return { state: 'unknown', requires: 'nothing', why: unread }
  if (unread)
    return { state: unread.problem === 'place.no-reader' ? 'unknown' : 'unreadable', requires: 'nothing', why: unread }
  if (!found) return { state: 'missing', requires: 'restart', why: null }
  return { state: 'drifted', requires: 'restart', why: found.reason }
}

/** A variable that the container was made with. */
export function judgeVariable(seen: ContainerPlace, { path, state, service }: HostFile): Verdict {
  if (seen.found?.isSame) return same
  if (state === 'same') {
    const why = seen.reason ?? reason('place.environment-old', { variable: seen.variable ?? '', path, service })
    return { state: 'needs-recreate', requires: 'recreate', why }
  }
  return { state: seen.found ? 'drifted' : 'missing', requires: 'recreate', why: seen.reason }
}

interface Around {
  service: string
  runtime: RuntimeKind
  /** The sinks on this machine, and the places inside the service's container. */
  sinks: readonly Pick<Place, 'field' | 'state' | 'requires'>[]
  inside: readonly Pick<Place, 'kind' | 'field' | 'state'>[]
  /** The part of the secret that opens the service. */
  field: Place['field']
}

/** What a live service answered; and, where it refuses what its own file holds, what would make it read the file. */
export function judgeLive(
  asked: { state: 'accepted' | 'refused' | 'open' | 'unknown'; reason?: Reason },
  { service, runtime, sinks, inside, field }: Around,
): Verdict {
  const why = asked.reason ?? null
  if (asked.state !== 'refused') return { state: asked.state, requires: 'nothing', why }
  const refused: Verdict = { state: 'refused', requires: 'restart', why }
  if (runtime === 'external') return refused
  if (inside.some(({ state }) => state === 'needs-recreate'))
    return { state: 'needs-recreate', requires: 'recreate', why: reason('place.live-recreate', { service }) }
  const files = inside.filter((place) => place.kind === 'container-file' && place.field === field)
  // A native program reads the files of this machine.
  const read =
    runtime === 'compose' ? files : sinks.filter((sink) => sink.field === field && sink.requires === 'restart')
  const isRight = read.length > 0 && read.every(({ state }) => state === 'same' || state === 'needs-restart')
  return isRight
    ? { state: 'needs-restart', requires: 'restart', why: reason('place.live-restart', { service }) }
    : refused
}
