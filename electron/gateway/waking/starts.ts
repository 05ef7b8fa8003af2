import type { Service } from '../../../shared/contract'
import { Problem, type Reason } from '../../../shared/problems'

export interface StartsOptions {
  start: (serviceId: string) => Promise<Service>
  during: <T>(
    asked: { serviceId: string; operation: 'start'; name: string; reason: Reason },
    work: () => Promise<T>,
  ) => Promise<T>
  /** Told when a start has ended, either way. */
  ended: (serviceId: string) => void
  /** Unix ms. */
  now: () => number
  reportBug: (error: unknown) => void
}

/** After a start that failed the next waits so long, in ms: twice as long each time, up to the second. */
const firstPauseMs = 10_000
const longestPauseMs = 300_000

export interface FailedStart {
  problem: Problem
  /** When a request may try again (Unix ms). */
  againAt: number
}

/** Starts services for requests: one start, however many ask for it, and a pause after one that failed. */
export function createStarts({ start, during, ended, now, reportBug }: StartsOptions) {
  const going = new Map<string, { since: number }>()
  /** What we have started and what has not been ready since, with when that was (Unix ms). */
  const unproven = new Map<string, number>()
  const failures = new Map<string, FailedStart & { count: number }>()
  /** Starts that are being cut short because nobody waits any more: that one of them ends so is no failure. */
  const abandoned = new Set<string>()

  const fail = (serviceId: string, error: unknown) => {
    const problem = error instanceof Problem ? error : new Problem('waking.failed', { id: serviceId, again: 0 })
    if (!(error instanceof Problem)) reportBug(error)
    // Somebody was faster, and does it himself: it is not our start. Or nobody wanted it any more.
    if (problem.id === 'service.busy' || abandoned.has(serviceId)) return void unproven.delete(serviceId)
    const count = (failures.get(serviceId)?.count ?? 0) + 1
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (count - 1))
    failures.set(serviceId, { problem, count, againAt: now() + pauseMs })
  }

  return {
    /** Since when a start of ours goes on (Unix ms); null when none does. */
    since: (serviceId: string): number | null => going.get(serviceId)?.since ?? null,
    /** Since when a service of ours is on its way, until it is ready or has failed (Unix ms); null when none is. */
    unprovenSince: (serviceId: string): number | null => unproven.get(serviceId) ?? null,
    /** The start that failed last, while a request may not try again; null when it may. */
    failed(serviceId: string): FailedStart | null {
      const failure = failures.get(serviceId)
      return failure && now() < failure.againAt ? failure : null
    },
    /** It is ready: what failed before is over. */
    succeeded(serviceId: string): void {
      unproven.delete(serviceId)
      failures.delete(serviceId)
    },
    /** It has crashed: of one that we started and that was never ready, that is a start that failed. */
    crashed(serviceId: string): void {
      if (unproven.delete(serviceId)) fail(serviceId, new Problem('waking.failed', { id: serviceId, again: 0 }))
    },
    /** Nobody waits any more for the start of ours that goes on; whoever comes meanwhile has one of their own. */
    abandon(serviceId: string): void {
      if (going.has(serviceId)) abandoned.add(serviceId)
    },
    /** Starts a service for somebody, unless that goes on. Never throws. */
    begin(serviceId: string, who: string): void {
      if (going.has(serviceId)) return
      going.set(serviceId, { since: now() })
      unproven.set(serviceId, now())
      const asked = { serviceId, operation: 'start' as const, name: 'gateway' }
      const { reason } = new Problem('waking.request', { who })
      void during({ ...asked, reason }, () => start(serviceId))
        .catch((error: unknown) => fail(serviceId, error))
        .finally(() => {
          going.delete(serviceId)
          abandoned.delete(serviceId)
          ended(serviceId)
        })
    },
  }
}

export type Starts = ReturnType<typeof createStarts>
