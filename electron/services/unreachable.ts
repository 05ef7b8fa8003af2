import type { LastReach, Rung } from '../../shared/contract'
import { reason, type Reason } from '../../shared/problems'
import type { BackendProbe, ProbeEvidence } from '../kinds/backend'
import type { Timed } from './timed'

/** What is remembered of whether an external service answers. */
export interface Reach {
  /** Failed climbs one after the other. */
  failures: number
  failingSince: number
  /** The last climb in which the service answered as itself. */
  answered: (BackendProbe & Timed) | null
}

export const newReach = (): Reach => ({ failures: 0, failingSince: 0, answered: null })

/** What is remembered after one more climb; `isThere`: the service answered as itself. */
export function reachAfter(before: Reach, probe: BackendProbe & Timed, isThere: boolean): Reach {
  if (isThere) return { failures: 0, failingSince: 0, answered: probe }
  const failingSince = before.failures === 0 ? probe.at : before.failingSince
  return { ...before, failures: before.failures + 1, failingSince }
}

/** The same as everybody sees it. */
export const describeReach = ({ failures, failingSince, answered }: Reach): LastReach => ({
  failures: Math.max(1, failures),
  failingSince,
  answeredAt: answered?.at ?? null,
  model: answered?.model ?? null,
})

const noRoute = /^E(HOST|NET)UNREACH$|^EADDRNOTAVAIL$/
const noTls = /^(EPROTO$|ERR_SSL)/
const noHttp = /^HPE_/

const secondsOf = (tookMs: number) => Math.max(1, Math.round(tookMs / 1000))

/** Why an external service cannot be reached, by what its climb met. */
export function whyUnreachable(id: string, url: string, seen: ProbeEvidence | undefined): Reason {
  const { host, hostname } = new URL(url)
  const silent = reason('service.silent', { id, url })
  if (!seen) return silent
  const detail = String(seen.reason?.params['detail'] ?? '')
  switch (seen.reason?.problem) {
    case 'backend.timeout':
      return reason('service.timed-out', { id, host, seconds: secondsOf(seen.tookMs) })
    case 'backend.host-unknown':
      return reason('service.host-unknown', { id, host: hostname })
    case 'backend.tls':
      return reason('service.tls', { id, host, detail })
    case 'backend.unexpected-answer':
      return reason('service.other-program', { id, host, answer: seen.answered })
    default:
  }
  if (detail === 'ECONNREFUSED') return reason('service.connection-refused', { id, host })
  if (detail === 'ETIMEDOUT' || seen.answered === 'timeout')
    return reason('service.timed-out', { id, host, seconds: secondsOf(seen.tookMs) })
  if (noRoute.test(detail)) return reason('service.no-route', { id, host, detail })
  if (noTls.test(detail)) return reason('service.tls', { id, host, detail })
  if (noHttp.test(detail)) return reason('service.other-program', { id, host, answer: 'no HTTP' })
  return silent
}

/**
 * What came back last on the rungs that were not reached now: the two lowest of somebody else's program are never
 * observed. `ladder` is all five, with the failed one.
 */
export function withLastAnswers(ladder: readonly Rung[], answered: (BackendProbe & Timed) | null): Rung[] {
  return ladder.map((rung) => {
    const last = answered?.evidence.find((evidence) => evidence.rung === rung.id)
    if (rung.state !== 'waiting' || !last || !answered) return rung
    return { ...rung, asked: last.asked, answered: last.answered, at: answered.at, tookMs: null }
  })
}
