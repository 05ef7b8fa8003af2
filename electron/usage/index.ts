import type { Problem } from '../../shared/problems'
import { systemClock, type Clock } from '../async/clock'
import type { CountedTo, Figures, Ledger, OpenJob } from '../ledger'
import type { JobMemory } from '../kinds'
import { addDays, createCalendar, type Calendar } from './calendar'
import { countJob, createOpenJobsOfPeople, endUnknown, type JobEnd } from './jobs'
import { createLeases, type Lease } from './leases'
import { limitProblem, passedLimit, retryAfterS, type Limits, type PassedLimit, type Standing } from './limits'
import { keepTidy } from './tidy'
import { createToday } from './today'
import { createWatch } from './watch'

export { createCalendar, type Calendar } from './calendar'
export { csvOf } from './csv'
export type { JobEnd } from './jobs'
export type { Lease } from './leases'
export type { Limits, Standing } from './limits'
export { createReport, type UsageReport } from './report'
export { createStudioUsage, type StudioUsage } from './studio'

export interface UsageNeeds {
  ledger: Ledger
  /** Jobs of the Studio's that somebody has in line or at work, with the time of their order (Unix ms). */
  studioJobs: (account: string) => readonly { createdAt: number }[]
  /** What a service remembers of its jobs; null: it remembers none. */
  memoryOf: (service: string) => JobMemory | null
  /** Whether nothing runs behind a service, or there is no such service. */
  hasEnded: (service: string) => boolean
  failed: (error: unknown) => void
  /** Told when somebody is refused by a limit, once a day for each limit: the ledger counts all of it. */
  reached?: (account: string, passed: PassedLimit) => void
  clock?: Clock
  calendar?: Calendar
}

/** Why nobody gets another job just now. */
export interface LimitPassed {
  refused: Problem
  retryAfterS: number
}

/** Who wants a job, of which service. */
export interface Asking extends CountedTo {
  limits: Limits
}

/** Counting of what people use, and their limits. */
export interface Usage {
  /**
   * A place for one more job, held from the request until the job is begun (or is known to be none); or the limit that
   * keeps somebody from it, which is counted.
   */
  take(asking: Asking): Lease | LimitPassed
  /** A service has a job, and tells by itself when it has ended, or somebody calls `ended`. `begunAt` is now if left out. */
  begun(job: Omit<OpenJob, 'begunAt' | 'cards'> & { begunAt?: number; cards?: number }): void
  ended(service: string, id: string, end: JobEnd): void
  /** Counts what belongs to no job: requests and bytes. */
  count(to: CountedTo, what: Partial<Pick<Figures, 'requests' | 'bytesIn' | 'bytesOut'>>): void
  /** Counts a job whose begin was told nowhere (the Studio's). */
  countEnded(job: CountedTo & { begunAt: number }, end: JobEnd): void
  /** Whether a service remembers its jobs, so that these end by themselves. */
  remembers(service: string): boolean
  /** Jobs that people have on a service now, in the order in which they began. */
  on(service: string): readonly OpenJob[]
  /** Calls back whenever a service has one job more, or one less. Returns how to stop it. */
  onJobs(listener: (service: string) => void): () => void
  standing(account: string): Standing
  calendar: Calendar
  now(): number
  close(): void
}

/** Begins with the jobs that an earlier run of the panel left: they are looked for on their services. */
export function createUsage(needs: UsageNeeds): Usage {
  const { ledger, studioJobs, memoryOf, hasEnded, failed, clock = systemClock } = needs
  const calendar = needs.calendar ?? createCalendar()
  const now = () => clock.now()
  const today = createToday(ledger, calendar, now)
  const listeners = new Set<(service: string) => void>()
  const jobs = createOpenJobsOfPeople({ ledger, today, calendar, now, changed })
  const watch = createWatch({ jobs, memoryOf, hasEnded, clock, failed })
  const leases = createLeases()

  function changed(service: string) {
    watch.look(service)
    for (const listener of listeners) listener(service)
  }

  function standing(account: string): Standing {
    const own = jobs.of(account)
    const day = calendar.dayOf(now())
    const studio = studioJobs(account)
    const held = leases.of(account)
    const used = today.of(account)
    const studioToday = studio.filter(({ createdAt }) => calendar.dayOf(createdAt) === day).length
    return {
      openJobs: own.open + studio.length + held,
      jobsToday: used.jobs + own.today + studioToday + held,
      gpuMsToday: used.gpuMs,
    }
  }

  const noteReached = onceADay(needs.reached)
  const stopTidying = keepTidy(ledger, calendar, clock)

  for (const service of jobs.services()) {
    if (memoryOf(service) === null) for (const { id } of jobs.on(service)) jobs.end(service, id, endUnknown)
    else watch.look(service)
  }

  return {
    take({ limits, ...to }) {
      const at = now()
      const day = calendar.dayOf(at)
      const passed = passedLimit(limits, standing(to.account), calendar.startOf(addDays(day, 1)))
      if (!passed) return leases.take(to.account)
      today.add(day, to, { refused: 1 })
      noteReached(day, to.account, passed)
      return { refused: limitProblem(passed, at, calendar.timeZone), retryAfterS: retryAfterS(passed, at) }
    },
    begun: ({ begunAt = now(), cards = 1, ...job }) => jobs.begin({ ...job, begunAt, cards }),
    ended: (service, id, end) => jobs.end(service, id, end),
    count: (to, what) => today.add(calendar.dayOf(now()), to, what),
    countEnded({ begunAt, ...to }, end) {
      countJob(to, { begunAt, cards: 1, end, day: calendar.dayOf(begunAt) }, { calendar, today, waits: ledger.waits })
    },
    remembers: (service) => memoryOf(service) !== null,
    on: (service) => jobs.on(service),
    onJobs(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    standing,
    calendar,
    now,
    close() {
      stopTidying()
      watch.close()
    },
  }
}

/** Tells of each limit of each person once a day. */
function onceADay(told: UsageNeeds['reached']) {
  const known = new Set<string>()
  let of = ''
  return (day: string, account: string, passed: PassedLimit) => {
    if (day !== of) known.clear()
    of = day
    const name = JSON.stringify([account, passed.limit])
    if (known.has(name)) return
    known.add(name)
    told?.(account, passed)
  }
}
