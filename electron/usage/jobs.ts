import type { CountedTo, Ledger, OpenJob } from '../ledger'
import type { Calendar } from './calendar'
import { isOf, type Counted } from './leases'
import type { Today } from './today'

/** How a job ended, as far as that is known. */
export interface JobEnd {
  /** `withdrawn`: it never began, and counts as none. `unknown`: it is no longer there, and nobody told how it ended. */
  outcome: 'succeeded' | 'failed' | 'cancelled' | 'withdrawn' | 'unknown'
  /** When it began and ended on the card (Unix ms); null where that is not known. */
  ran: { from: number; to: number } | null
  /** Answered from a cache: it took no time of a card. */
  cached: boolean
  /** Null: not known, and counted as none. */
  images: number | null
}

export const endUnknown: JobEnd = { outcome: 'unknown', ran: null, cached: false, images: null }

/** Jobs from the moment a service has them until they end, and how they are counted then. */
export interface OpenJobsOfPeople {
  /** `nameThere`: as the service itself calls it, where that is not its id. */
  begin(job: OpenJob, nameThere?: () => string | null): void
  /** Counts it, once: what has ended already, or was never begun, is let be. */
  end(service: string, id: string, end: JobEnd): void
  on(service: string): readonly OpenJob[]
  isOn(service: string, id: string): boolean
  /** As its service calls it; null: it has no name there, or none yet. */
  nameThere(job: OpenJob): string | null
  services(): string[]
  /** How many somebody has, and how many of them began today. */
  of(counted: Counted): { open: number; today: number }
}

interface JobsPorts {
  ledger: Pick<Ledger, 'openJobs' | 'waits'>
  today: Today
  calendar: Calendar
  now: () => number
  /** One has ended. */
  ended: (job: OpenJob, end: JobEnd) => void
  /** A job has ended, or a service has one more or one less. */
  changed: (service: string) => void
}

/** What a job counts as when it has ended. `count` is called for each day that it worked in. */
export function countJob(
  to: CountedTo,
  { begunAt, cards, end, day }: { begunAt: number; cards: number | null; end: JobEnd; day: string },
  { calendar, today, waits }: Pick<JobsPorts, 'calendar' | 'today'> & Pick<Ledger, 'waits'>,
): void {
  if (end.outcome === 'withdrawn') return
  const { ran, cached, outcome, images } = end
  const isTimeKnown = cached || (ran !== null && cards !== null)
  today.add(day, to, {
    jobs: 1,
    failed: outcome === 'failed' || outcome === 'cancelled' ? 1 : 0,
    images: images ?? 0,
    unknownJobs: isTimeKnown ? 0 : 1,
  })
  if (ran === null) return
  waits.add(day, { account: to.account, service: to.service }, Math.max(0, ran.from - begunAt))
  if (cached) return
  // On one at least: a limit holds also where nobody knows on how many.
  for (const part of calendar.split(ran.from, ran.to)) today.add(part.day, to, { gpuMs: part.ms * (cards ?? 1) })
}

export function createOpenJobsOfPeople(ports: JobsPorts): OpenJobsOfPeople {
  const { ledger, calendar, now, changed } = ports
  const open = new Map<string, Map<string, OpenJob>>()
  const names = new WeakMap<OpenJob, () => string | null>()
  const put = (job: OpenJob) => {
    const here = open.get(job.service) ?? new Map<string, OpenJob>()
    open.set(job.service, here.set(job.id, job))
  }
  // What an earlier run of the panel left: still open until somebody says how it ended.
  for (const job of ledger.openJobs.all()) put(job)

  return {
    begin(job, nameThere) {
      if (nameThere) names.set(job, nameThere)
      ledger.openJobs.begin(job)
      put(job)
      changed(job.service)
    },
    end(service, id, end) {
      const here = open.get(service)
      const job = here?.get(id)
      if (!here || !job) return
      here.delete(id)
      if (here.size === 0) open.delete(service)
      const { account, key, machine, begunAt, cards } = job
      const day = calendar.dayOf(begunAt)
      countJob({ account, key, service, machine }, { begunAt, cards, end, day }, { ...ports, waits: ledger.waits })
      ledger.openJobs.end(service, id)
      ports.ended(job, end)
      changed(service)
    },
    on: (service) => [...(open.get(service)?.values() ?? [])],
    isOn: (service, id) => open.get(service)?.has(id) ?? false,
    nameThere(job) {
      const nameThere = names.get(job)
      return nameThere ? nameThere() : job.id
    },
    services: () => [...open.keys()],
    of(counted) {
      const today = calendar.dayOf(now())
      let count = 0
      let begunToday = 0
      for (const here of open.values())
        for (const job of here.values()) {
          if (!isOf(counted, job)) continue
          count += 1
          if (calendar.dayOf(job.begunAt) === today) begunToday += 1
        }
      return { open: count, today: begunToday }
    },
  }
}
