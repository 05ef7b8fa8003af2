import type { Health, HealthCheck, HealthState, Rung, RungId } from '../../shared/contract'
import { isProblemId, reason, type ProblemId, type Reason } from '../../shared/problems'
import type { BackendProbe, ProbeEvidence } from '../kinds/backend'
import { isConnectionRefused } from '../kinds/http'
import type { ContainerLook, Ending } from './container'
import type { Timed } from './timed'
import { whyUnreachable, withLastAnswers } from './unreachable'

/** What is known of the program behind a service. */
export type Running =
  /** Regie runs none; something may still answer at the address. */
  | { state: 'none' }
  | { state: 'launching' }
  | { state: 'alive'; pid: number | null; at: number }
  | { state: 'ended'; evidence: string; reason: Reason; at: number }

export interface Evidence {
  id: string
  url: string
  now: number
  presence: (Timed & { asked: string; answered: string; reason: Reason | null; unknown?: boolean }) | null
  running: Running
  /** Why the last start failed although the program may still run. */
  failure: Reason | null
  /** Why Regie cannot start it; null where it can. */
  unmanaged: Reason | null
  /** The last climb, and the last one that was no miss. */
  probe: (BackendProbe & Timed) | null
  lastClear: (BackendProbe & Timed) | null
  /** The last climb in which it answered as itself. */
  answered?: (BackendProbe & Timed) | null
  /** Misses one after the other since the last clear answer. */
  misses: number
  /** The last look at the container behind it; `null` where there is none. */
  container?: ContainerLook | null
  /** Findings beside the ladder. */
  checks?: HealthCheck[]
  /** Why a start that was asked for has not begun yet. */
  waiting?: Reason | null
  /** It is known to run without having been started by this panel. */
  adopted?: boolean
}

/** So many failed climbs in a row make a ready service unhealthy: one slow answer means that it is busy. */
export const missesUntilUnhealthy = 2

/** Whether nobody listens at the address: whoever is busy still accepts connections. */
export const isPortClosed = (probe: BackendProbe): boolean => {
  const why = found(probe, 'listening')?.reason
  return why !== undefined && isConnectionRefused(why)
}

/** The failed climbs in a row after one more climb. A closed port is a definite answer, which needs no second one. */
export function missesAfter(misses: number, probe: BackendProbe): number {
  if (!isMiss(probe)) return 0
  return isPortClosed(probe) ? Math.max(misses + 1, missesUntilUnhealthy) : misses + 1
}

const rungIds = ['present', 'running', 'listening', 'authenticated', 'ready'] as const satisfies RungId[]

interface Verdict {
  state: HealthState
  reason: Reason | null
  rungs: Rung[]
}

const rung = (id: RungId, state: Rung['state'], seen: Partial<Rung> = {}): Rung => ({
  id,
  state,
  asked: '',
  answered: '',
  at: null,
  tookMs: null,
  ...seen,
})

/** Completes a ladder with the rungs that were not reached. */
const rest = (rungs: Rung[], state: Rung['state'] = 'waiting'): Rung[] => [
  ...rungs,
  ...rungIds.slice(rungs.length).map((id, index) => rung(id, index === 0 ? state : 'waiting')),
]

const found = (probe: BackendProbe | null, id: ProbeEvidence['rung']) =>
  probe?.evidence.find((evidence) => evidence.rung === id)

/** Whether something answers at the address. */
export const answers = (probe: BackendProbe | null) => found(probe, 'listening')?.outcome === 'proven'

/** Failures that say nothing of the service but that it could not answer just now. */
const unclear = new Set<ProblemId>([
  'backend.unreachable',
  'backend.timeout',
  'backend.disconnected',
  'backend.server-error',
])

/** Whether a climb failed for want of an answer. Anything else, a refusal included, tells how the service is. */
export const isMiss = (probe: BackendProbe) =>
  probe.evidence.some((seen) => seen.outcome === 'failed' && seen.reason && unclear.has(seen.reason.problem))

/** Failures that only a service of the right kind shows: it is open, or was not asked because the vault is locked. */
const familiar = new Set<ProblemId>([
  'vault.locked',
  'backend.open',
  'backend.empty-token',
  'backend.ui-only-protected',
])

/**
 * Whether what answers is a service of the expected kind: it let Regie in, or refused it in the protocol's own way.
 * Any gateway answers 403 or leads to its sign-in, so that such a refusal alone shows no kind.
 */
export function isItsKind(probe: BackendProbe): boolean {
  const seen = found(probe, 'authenticated')
  switch (seen?.outcome) {
    case undefined:
      return false
    case 'proven':
      return true
    case 'refused':
      return seen.reason?.params['status'] === 401
    case 'failed':
      return seen.reason !== undefined && familiar.has(seen.reason.problem)
  }
}

/** Whether somebody else runs it: then nothing but its answers can be observed. */
const isExternal = ({ unmanaged }: Pick<Evidence, 'unmanaged'>) => unmanaged?.problem === 'service.external'

/** What a climb met where the service should be and is not: silence, or another program. */
export function absenceIn(probe: BackendProbe): ProbeEvidence | null {
  const last = probe.evidence.at(-1)
  if (!answers(probe)) return last ?? null
  const isOther = last?.outcome === 'failed' && last.reason?.problem === 'backend.unexpected-answer' && !last.settling
  return isOther && !isItsKind(probe) ? last : null
}

/** What answered instead, in protocol terms. */
export const strangeAnswer = (probe: BackendProbe) => probe.evidence.at(-1)?.answered ?? ''

function present(e: Evidence): Rung {
  const { presence } = e
  if (!presence) return rung('present', 'probing')
  const { asked, answered, at, tookMs } = presence
  return rung('present', presence.reason ? 'failed' : 'proven', { asked, answered, at, tookMs })
}

/** The look at the container, unless the program's own state is newer. */
function containerOf({ container, running }: Evidence): ContainerLook | null {
  if (!container || running.state === 'launching') return null
  return running.state !== 'none' && running.at > container.at ? null : container
}

/** What Docker says of the container; it alone does not prove that what answers is the service. */
function containerRung({ answered, ending, at, tookMs, facts }: ContainerLook): Rung {
  const state = ending === null ? 'proven' : ending.kind === 'failed' ? 'failed' : 'waiting'
  return rung('running', state, { asked: `docker inspect ${facts.name}`, answered, at, tookMs })
}

function runningRung(e: Evidence): Rung {
  const { running } = e
  const container = containerOf(e)
  if (container) return containerRung(container)
  switch (running.state) {
    case 'launching':
      return rung('running', 'probing')
    case 'alive':
      return rung('running', 'proven', {
        answered: running.pid === null ? 'running' : `pid ${running.pid}`,
        at: running.at,
      })
    case 'ended':
      return rung('running', 'failed', { answered: running.evidence, at: running.at })
    case 'none':
      return answers(e.probe)
        ? rung('running', 'proven', { answered: e.url, at: e.probe?.at ?? null })
        : rung('running', 'waiting')
  }
}

const fromEvidence = (seen: ProbeEvidence, at: number, state: Rung['state']): Rung =>
  rung(seen.rung, state, { asked: seen.asked, answered: seen.answered, tookMs: seen.tookMs, at })

/** The rungs that the backend itself proves, and what they amount to. `below` are the two rungs under them. */
function climb(e: Evidence, probe: BackendProbe & Timed, below: Rung[]): Verdict {
  const rungs = [...below]
  let state: HealthState = 'starting'
  for (const seen of probe.evidence) {
    const why = seen.reason ?? reason('service.climbing', { id: e.id })
    switch (seen.outcome) {
      case 'proven':
        state = seen.rung
        rungs.push(fromEvidence(seen, probe.at, seen.rung === 'ready' ? 'current' : 'proven'))
        continue
      case 'refused':
        rungs.push(fromEvidence(seen, probe.at, 'refused'))
        return { state: 'locked-out', reason: why, rungs: rest(rungs) }
      case 'failed': {
        const locked = why.problem === 'vault.locked'
        rungs.push(fromEvidence(seen, probe.at, locked ? 'waiting' : 'failed'))
        return { state, reason: why, rungs: rest(rungs) }
      }
    }
  }
  const climbing = state === 'ready' ? null : reason('service.climbing', { id: e.id })
  return { state, reason: climbing, rungs: rest(rungs, 'probing') }
}

/** Why it is caught in a restart loop; `null` when it is not. */
function loopOf({ checks = [] }: Evidence): Reason | null {
  const why = checks.find(({ id, state }) => id === 'restarts' && state === 'failed')?.reason
  return why && isProblemId(why.problem) ? { ...why, problem: why.problem } : null
}

/** A program that runs and does not answer: still loading, failing, or silent after it had been up. */
function silent(e: Evidence, below: Rung[]): Verdict {
  const seen = found(e.probe, 'listening')
  const listening = seen && e.probe ? fromEvidence(seen, e.probe.at, 'probing') : rung('listening', 'probing')
  const starting = reason('service.starting', { id: e.id, url: e.url })
  const loop = loopOf(e)
  if (e.lastClear === null && e.failure === null && !loop)
    return { state: 'starting', reason: starting, rungs: rest([...below, listening]) }
  const why = e.failure ?? loop ?? seen?.reason ?? starting
  return { state: 'unhealthy', reason: why, rungs: rest([...below, { ...listening, state: 'failed' }]) }
}

/** A container that does not run: put to sleep, or it failed and Docker knows how. */
function standingStill(e: Evidence, ending: Ending, below: Rung[]): Verdict {
  // A start that failed with more to say than the container that it left.
  const failure = ending.kind === 'failed' ? null : e.failure
  if (failure) return { state: 'unhealthy', reason: failure, rungs: rest(below) }
  const state = ending.kind === 'failed' ? 'unhealthy' : 'stopped'
  return { state, reason: ending.reason, rungs: rest(below) }
}

/** Nothing can be seen of it, for Docker does not answer: what is known to stand still keeps its state. */
function unseen(e: Evidence, why: Reason, previous: Health | null): Verdict {
  const stoodStill =
    (previous?.state === 'stopped' || previous?.state === 'absent') && previous.problem !== 'service.not-checked'
  return { state: stoodStill ? previous.state : 'unhealthy', reason: why, rungs: rest([present(e)]) }
}

function notRunning(e: Evidence, below: Rung[]): Verdict {
  if (e.waiting) return { state: 'stopped', reason: e.waiting, rungs: rest(below) }
  const failure = e.running.state === 'ended' ? e.running.reason : e.failure
  if (failure) return { state: 'unhealthy', reason: failure, rungs: rest(below) }
  if (e.presence === null && e.probe === null)
    return { state: 'stopped', reason: reason('service.not-checked', { id: e.id }), rungs: rest(below) }
  if (!e.unmanaged) return { state: 'stopped', reason: reason('service.stopped', { id: e.id }), rungs: rest(below) }
  const seen = found(e.probe, 'listening')
  const listening = seen && e.probe ? [fromEvidence(seen, e.probe.at, 'waiting')] : []
  return { state: 'stopped', reason: e.unmanaged, rungs: rest([...below, ...listening]) }
}

/** Somebody else's service that does not answer: nothing is claimed of it but what came back, now and last. */
function unreachable(e: Evidence, probe: BackendProbe & Timed, seen: ProbeEvidence): Verdict {
  const before = probe.evidence.filter(({ outcome }) => outcome === 'proven')
  const rungs = rest([
    ...(before.length > 0 ? [rung('present', 'proven'), rung('running', 'proven')] : [rung('present', 'waiting')]),
    ...(before.length > 0 ? before.map((one) => fromEvidence(one, probe.at, 'proven')) : [rung('running', 'waiting')]),
    fromEvidence(seen, probe.at, 'failed'),
  ])
  const why = whyUnreachable(e.id, e.url, seen)
  return { state: 'unreachable', reason: why, rungs: withLastAnswers(rungs, e.answered ?? null) }
}

function judge(e: Evidence, previous: Health | null): Verdict {
  const first = present(e)
  const second = runningRung(e)
  const below = [first, second]
  const container = containerOf(e)
  const runs = container !== null && container.ending === null
  const isUp = e.running.state === 'alive' || e.running.state === 'launching' || runs || e.adopted === true
  // One miss of a service that was up: it is busy. The last clear climb still stands.
  const steady = e.misses > 0 && e.misses < missesUntilUnhealthy && e.lastClear !== null && e.running.state !== 'ended'
  const probe = steady ? e.lastClear : e.probe
  const absence = probe && isExternal(e) ? absenceIn(probe) : null
  if (probe && absence) return unreachable(e, probe, absence)
  const isStranger = e.running.state === 'none' && !e.unmanaged && probe !== null && !isItsKind(probe)
  if (probe && answers(probe) && isStranger) {
    const why = reason('service.port-taken', { id: e.id, url: e.url, answer: strangeAnswer(probe) })
    return { state: 'stopped', reason: why, rungs: rest([first, rung('running', 'waiting')]) }
  }
  if (probe && answers(probe) && e.running.state !== 'ended') {
    // What answers is there and runs, whatever the other looks said.
    const served = container?.ending ? rung('running', 'proven', { answered: e.url, at: probe.at }) : second
    const verdict = climb(e, probe, [
      { ...first, state: 'proven' },
      { ...served, state: 'proven' },
    ])
    // Its pages may still answer: what is gone will not come back in this life.
    if (e.failure?.problem === 'service.web-thread-ended') return { ...verdict, state: 'unhealthy', reason: e.failure }
    // It answered before, and now keeps failing on the way in. (Still let in, it stands on that rung.)
    const fell = e.misses >= missesUntilUnhealthy && e.lastClear !== null && verdict.state === 'listening'
    return fell ? { ...verdict, state: 'unhealthy' } : verdict
  }
  if (e.presence?.unknown === true && e.presence.reason) return unseen(e, e.presence.reason, previous)
  // A start that failed has more to say than that there is nothing.
  if (e.presence?.reason && !isUp)
    return { state: 'absent', reason: e.failure ?? e.presence.reason, rungs: rest([first]) }
  if (container?.ending && !e.waiting) return standingStill(e, container.ending, below)
  return isUp ? silent(e, below) : notRunning(e, below)
}

/**
 * Climbs the ladder on what was seen: how far a service got, and below ready why not further and what to do. A pure
 * function; `previous` only tells since when the state holds.
 */
export function judgeHealth(e: Evidence, previous: Health | null): Health {
  const { state, reason: why, rungs } = judge(e, previous)
  return {
    state,
    since: previous?.state === state ? previous.since : e.now,
    checkedAt: e.probe?.at ?? e.presence?.at ?? null,
    ...(why ? { reason: why.message, hint: why.hint, problem: why.problem, params: why.params } : {}),
    rungs,
    checks: e.checks ?? [],
  }
}
