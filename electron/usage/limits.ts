import { Problem } from '../../shared/problems'

/** What somebody may use at most; null: as much as they like. GPU time in whole seconds. */
export interface Limits {
  concurrentJobs: number | null
  jobsPerDay: number | null
  gpuSecondsPerDay: number | null
}

/** How somebody stands now. `openJobs` wait or run; `jobsToday` are those that began today, open ones included. */
export interface Standing {
  openJobs: number
  jobsToday: number
  gpuMsToday: number
}

/** Which limit keeps somebody from another job, and when it opens (Unix ms); null: when one of their jobs ends. */
export type PassedLimit =
  | { limit: 'gpuSecondsPerDay' | 'jobsPerDay'; allowed: number; used: number; opensAt: number }
  | { limit: 'concurrentJobs'; allowed: number; used: number; opensAt: null }

/** The limit that one more job would pass, or null. Where several would be passed: one of those that open last. */
export function passedLimit(limits: Limits, standing: Standing, nextDayAt: number): PassedLimit | null {
  const { concurrentJobs, jobsPerDay, gpuSecondsPerDay } = limits
  const { openJobs, jobsToday, gpuMsToday } = standing
  if (gpuSecondsPerDay !== null && gpuMsToday >= gpuSecondsPerDay * 1000)
    return {
      limit: 'gpuSecondsPerDay',
      allowed: gpuSecondsPerDay,
      used: Math.floor(gpuMsToday / 1000),
      opensAt: nextDayAt,
    }
  if (jobsPerDay !== null && jobsToday >= jobsPerDay)
    return { limit: 'jobsPerDay', allowed: jobsPerDay, used: jobsToday, opensAt: nextDayAt }
  if (concurrentJobs !== null && openJobs >= concurrentJobs)
    return { limit: 'concurrentJobs', allowed: concurrentJobs, used: openJobs, opensAt: null }
  return null
}

/** When somebody who may have no more jobs at once is told to ask again, in seconds. */
const jobEndS = 10

/** In how many whole seconds it is worth asking again. */
export const retryAfterS = ({ opensAt }: PassedLimit, now: number): number =>
  opensAt === null ? jobEndS : Math.max(1, Math.ceil((opensAt - now) / 1000))

/** The words for who has passed a limit. `timeZone`: the machine's, in which days are counted. */
export function limitProblem(passed: PassedLimit, now: number, timeZone: string): Problem {
  const { limit, allowed, used } = passed
  const seconds = retryAfterS(passed, now)
  if (limit === 'concurrentJobs') return new Problem('limit.concurrent-jobs', { allowed, used, seconds })
  const minutes = Math.ceil(seconds / 60)
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })
  const opens = {
    time: clock.format(passed.opensAt),
    hours: Math.floor(minutes / 60),
    minutes: minutes % 60,
    seconds,
    opensAt: passed.opensAt,
  }
  return limit === 'jobsPerDay'
    ? new Problem('limit.jobs-per-day', { allowed, used, ...opens })
    : new Problem('limit.gpu-seconds-per-day', { allowed, used, ...opens })
}
