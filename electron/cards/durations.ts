import { median } from '../../shared/median'

/** How long a service takes is reckoned from so many of its last jobs, and how long room takes from so many turns. */
const lastLookedAt = 10

interface Times {
  /** Of the last jobs, in ms. */
  took: number[]
  /** Since when it works on the job that it works on (Unix ms); null: on none. */
  since: number | null
}

/**
 * How long the services of a card take for a job. They work on one after the other, also where they were given several: a
 * job counts from the end of the one before it.
 */
export function createDurations(now: () => number) {
  const services = new Map<string, Times>()
  const of = (serviceId: string): Times => {
    const known = services.get(serviceId) ?? { took: [], since: null }
    services.set(serviceId, known)
    return known
  }

  return {
    /** A job of it begins; its other ones may be at work. */
    begun(serviceId: string): void {
      const times = of(serviceId)
      times.since ??= now()
    },
    /** One of its jobs has ended; `left` are still at work. */
    ended(serviceId: string, left: number): void {
      const times = of(serviceId)
      if (times.since !== null) times.took = [...times.took, now() - times.since].slice(-lastLookedAt)
      times.since = left > 0 ? now() : null
    },
    /** When so many jobs that it has should be done (Unix ms); null where none has ended yet. It may lie behind: they take longer. */
    doneAt(serviceId: string, jobs: number): number | null {
      const { took, since } = of(serviceId)
      const each = median(took)
      return each === null || since === null || jobs === 0 ? null : Math.round(since + jobs * each)
    },
  }
}

export type Durations = ReturnType<typeof createDurations>

/** How long making room takes, in ms, from the last turns for which some was made; 0 where that was never done. */
export const usualRoomMs = (turns: readonly { from: readonly string[]; tookMs: number }[]): number =>
  median(
    turns
      .filter(({ from }) => from.length > 0)
      .slice(0, lastLookedAt)
      .map(({ tookMs }) => tookMs),
  ) ?? 0
