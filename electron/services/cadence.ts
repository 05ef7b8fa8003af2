import type { HealthState } from '../../shared/contract'

/** How long after an operation a service is looked at closely, in ms. */
const closeLookMs = 60_000

/** How long until a service is looked at again, in ms. */
export function pollDelay(of: {
  state: HealthState
  /** Whether its program runs. */
  isUp: boolean
  misses: number
  /** Since its last start, stop or restart, by whomever; null if there was none. */
  sinceOperationMs: number | null
  /** Whether a page is open. */
  watched: boolean
}): number {
  // One more look soon tells a busy service from a dead one.
  if (of.misses === 1) return 1_000
  switch (of.state) {
    case 'starting':
    case 'listening':
    case 'authenticated':
      if (of.sinceOperationMs !== null && of.sinceOperationMs < closeLookMs) return 500
      return of.watched ? 3_000 : 20_000
    case 'unhealthy':
      // It may recover by itself only while it runs.
      if (of.isUp) return of.watched ? 2_000 : 20_000
      return of.watched ? 10_000 : 60_000
    case 'absent':
    case 'stopped':
    case 'ready':
    case 'locked-out':
    case 'unreachable':
      return of.watched ? 10_000 : 60_000
  }
}
