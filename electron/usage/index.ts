import { randomUUID } from 'node:crypto'
import { systemClock } from '../async/clock'
import { createListeners } from '../async/listeners'
import type { Figures, Ledger } from '../ledger'
import { addDays, createCalendar, type Calendar } from './calendar'
import { createJobCancelling } from './cancelling'
import { countJob, createOpenJobsOfPeople, endUnknown, type OpenJobsOfPeople } from './jobs'
import { createOwnJobs } from './own-jobs'
import { createLeases, type Counted, type Leases } from './leases'
import { limitProblem, passedLimit, retryAfterS, type KeyStanding, type PassedLimit, type Standing } from './limits'
import { keepTidy } from './tidy'
import { createToday, type Today } from './today'
import type { LimitedKey, Usage, UsageNeeds } from './usage'
import { createWatch } from './watch'

export type { LimitedKey, Usage, UsageNeeds } from './usage'
export { createCalendar } from './calendar'
export { csvOf } from './csv'
export type { JobEnd } from './jobs'
export type { HeldJob, Lease, Place } from './leases'
export type { KeyStanding, Limits, Standing } from './limits'
export { createReport, type UsageReport } from './report'
export { createStudioUsage, type StudioUsage } from './studio'

/** Begins with the jobs that an earlier run of the panel left: they are looked for on their services. */
export function createUsage(needs: UsageNeeds): Usage {
  const { ledger, studioJobs, memoryOf, hasEnded, failed, clock = systemClock, cardsOf = () => 1 } = needs
  const calendar = needs.calendar ?? createCalendar()
  const now = () => clock.now()
  const counted = createListeners<[string, Partial<Figures>]>(failed)
  const today = createToday({ figures: ledger.figures, calendar, now, counted: counted.tell })
  const listeners = new Set<(service: string) => void>()
  const jobs = createOpenJobsOfPeople({
    ...{ ledger, today, calendar, now, changed },
    ended: (job, end) => ownJobs.ended(job, end, { at: now(), isCancelled: cancelling.ended(job) }),
  })
  const leases = createLeases()
  const cancelling = createJobCancelling({
    ...{ leases, jobs, memoryOf, failed, nameOf: (job) => jobs.nameThere(job) },
    takeOff: needs.takeOff ?? (() => Promise.resolve(false)),
  })
  const ownJobs = createOwnJobs({
    ...{ services: () => jobs.services(), on: (service) => jobs.on(service), held: () => leases.held(), memoryOf },
    ...{ keyName: needs.keyName ?? (() => null), whyHeld: needs.whyHeld ?? (() => null) },
    ...{ cancelling: (job) => cancelling.standing(job), past: ledger.pastJobs },
  })
  const watch = createWatch({ jobs, memoryOf, hasEnded, clock, failed })

  function changed(service: string) {
    watch.look(service)
    for (const listener of listeners) listener(service)
  }

  const standingOf = standingBy({ jobs, studioJobs, leases, today, calendar, now })
  const standing = (account: string) => standingOf({ account })
  const keyStanding = ({ keys, ...key }: LimitedKey): KeyStanding => ({ ...key, standing: standingOf({ keys }) })
  const stopTidying = keepTidy(ledger, calendar, clock)

  takeUp(jobs, memoryOf, (service) => watch.look(service))

  return {
    take: takingBy({ needs, leases, today, calendar, now, standing, keyStanding }),
    ...notingBy({ jobs, ledger, today, calendar, now, cardsOf }),
    ownJobs: (account) => ownJobs.of(account),
    held: () => leases.held(),
    cancelJob: (wanted) => cancelling.cancel(wanted),
    remembers: (service) => memoryOf(service) !== null,
    on: (service) => jobs.on(service),
    isOn: (service, id) => jobs.isOn(service, id),
    onJobs(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    onCounted: counted.on,
    standing,
    keyStanding,
    calendar,
    now,
    close() {
      stopTidying()
      cancelling.close()
      watch.close()
    },
  }
}

interface NotingPorts extends Required<Pick<UsageNeeds, 'cardsOf'>> {
  jobs: Pick<OpenJobsOfPeople, 'begin' | 'end'>
  ledger: Pick<Ledger, 'waits'>
  today: Today
  calendar: Calendar
  now: () => number
}

/** Notes what begins, what ends, and what belongs to no job. */
const notingBy = ({ jobs, ledger, today, calendar, now, cardsOf }: NotingPorts) =>
  ({
    begun: ({ begunAt = now(), nameThere, ...job }) =>
      jobs.begin({ ...job, begunAt, cards: cardsOf(job.service) }, nameThere),
    ended: (service, id, end) => jobs.end(service, id, end),
    count: (to, what) => today.add(calendar.dayOf(now()), to, what),
    countEnded({ begunAt, ...to }, end) {
      const job = { begunAt, cards: cardsOf(to.service), end, day: calendar.dayOf(begunAt) }
      countJob(to, job, { calendar, today, waits: ledger.waits })
    },
  }) satisfies Pick<Usage, 'begun' | 'ended' | 'count' | 'countEnded'>

/** Looks after the jobs that an earlier run of the panel left; those of services that remember none have ended. */
function takeUp(
  jobs: Pick<OpenJobsOfPeople, 'services' | 'on' | 'end'>,
  memoryOf: UsageNeeds['memoryOf'],
  look: (service: string) => void,
): void {
  for (const service of jobs.services()) {
    if (memoryOf(service) === null) for (const { id } of jobs.on(service)) jobs.end(service, id, endUnknown)
    else look(service)
  }
}

interface TakingPorts extends Pick<Usage, 'calendar' | 'now' | 'standing' | 'keyStanding'> {
  needs: Pick<UsageNeeds, 'limitedKey' | 'reached'>
  leases: Pick<Leases, 'take'>
  today: Pick<Today, 'add'>
}

/** Gives places within the limits of a person and of the key that is shown, and counts and tells what is past one. */
function takingBy({ needs, leases, today, calendar, now, standing, keyStanding }: TakingPorts): Usage['take'] {
  const noteReached = onceADay(needs.reached)
  return ({ limits, giveUp, ...to }) => {
    const at = now()
    const day = calendar.dayOf(at)
    const limitedKey = to.key === null ? null : needs.limitedKey?.(to.key)
    const key = limitedKey ? keyStanding(limitedKey) : null
    const passed = passedLimit(limits, standing(to.account), calendar.startOf(addDays(day, 1)), key)
    if (!passed) {
      const { account, key, service } = to
      return leases.take({ id: randomUUID(), account, key, service, since: at, ...(giveUp && { giveUp }) })
    }
    today.add(day, to, { refused: 1 })
    noteReached(day, to.account, passed)
    return { refused: limitProblem(passed, at, calendar.timeZone), retryAfterS: retryAfterS(passed, at) }
  }
}

interface StandingPorts extends Pick<UsageNeeds, 'studioJobs'> {
  jobs: Pick<OpenJobsOfPeople, 'of'>
  leases: Pick<Leases, 'of'>
  today: Pick<Today, 'of'>
  calendar: Calendar
  now: () => number
}

/**
 * How somebody, or a key, stands: what was counted, what goes on at the services and in the Studio (which knows no keys),
 * and what is only asked for.
 */
const standingBy =
  ({ jobs, studioJobs, leases, today, calendar, now }: StandingPorts) =>
  (counted: Counted): Standing => {
    const own = jobs.of(counted)
    const day = calendar.dayOf(now())
    const studio = 'account' in counted ? studioJobs(counted.account) : []
    const held = leases.of(counted)
    const used = today.of(counted)
    const studioToday = studio.filter(({ createdAt }) => calendar.dayOf(createdAt) === day).length
    return {
      openJobs: own.open + studio.length + held,
      jobsToday: used.jobs + own.today + studioToday + held,
      gpuMsToday: used.gpuMs,
    }
  }

/** Tells of each limit of each person and each key once a day. */
function onceADay(told: UsageNeeds['reached']) {
  const known = new Set<string>()
  let of = ''
  return (day: string, account: string, passed: PassedLimit) => {
    if (day !== of) known.clear()
    of = day
    const name = JSON.stringify([account, passed.limit, passed.by === 'key' ? passed.key?.id : null])
    if (known.has(name)) return
    known.add(name)
    told?.(account, passed)
  }
}
