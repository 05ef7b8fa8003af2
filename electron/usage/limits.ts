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

/** A key that has limits of its own, and how it stands to them. */
export interface KeyStanding {
  id: string
  name: string
  limits: Limits
  standing: Standing
}

/**
 * Which limit keeps somebody from another job, and when it opens (Unix ms); null: when one of their jobs ends. `by`: whose
 * limit it is. `allowed` and `used` are the person's, `allowed` null where only the key has such a limit; `key` is told
 * wherever it has one.
 */
export interface PassedLimit {
  limit: keyof Limits
  by: 'person' | 'key'
  allowed: number | null
  used: number
  key: { id: string; name: string; allowed: number; used: number } | null
  opensAt: number | null
}

/** Those that open last come first. */
const measures = ['gpuSecondsPerDay', 'jobsPerDay', 'concurrentJobs'] as const

const usedOf = (limit: keyof Limits, { openJobs, jobsToday, gpuMsToday }: Standing): number =>
  ({ concurrentJobs: openJobs, jobsPerDay: jobsToday, gpuSecondsPerDay: Math.floor(gpuMsToday / 1000) })[limit]

/**
 * The limit that one more job would pass, of the person or of the key that is shown, whichever is stricter; or null.
 * Where several would be passed: one of those that open last.
 */
export function passedLimit(
  limits: Limits,
  standing: Standing,
  nextDayAt: number,
  shown: KeyStanding | null = null,
): PassedLimit | null {
  for (const limit of measures) {
    const allowed = limits[limit]
    const used = usedOf(limit, standing)
    const most = shown?.limits[limit] ?? null
    const key =
      shown && most !== null
        ? { id: shown.id, name: shown.name, allowed: most, used: usedOf(limit, shown.standing) }
        : null
    const isPersons = allowed !== null && used >= allowed
    if (!isPersons && !(key && key.used >= key.allowed)) continue
    const opensAt = limit === 'concurrentJobs' ? null : nextDayAt
    return { limit, by: isPersons ? 'person' : 'key', allowed, used, key, opensAt }
  }
  return null
}

/** When somebody who may have no more jobs at once is told to ask again, in seconds. */
const jobEndS = 10

/** In how many whole seconds it is worth asking again. */
export const retryAfterS = ({ opensAt }: Pick<PassedLimit, 'opensAt'>, now: number): number =>
  opensAt === null ? jobEndS : Math.max(1, Math.ceil((opensAt - now) / 1000))

/** What stands where there is no limit, in every language. */
const without = '∞'

/** The words for who has passed a limit. `timeZone`: the machine's, in which days are counted. */
export function limitProblem(passed: PassedLimit, now: number, timeZone: string): Problem {
  const { limit, used, key, opensAt } = passed
  const seconds = retryAfterS(passed, now)
  const own = { used, allowed: passed.allowed ?? without, seconds }
  const both = key && { ...own, key: key.name, keyUsed: key.used, keyAllowed: key.allowed }
  if (opensAt === null)
    return both ? new Problem('limit.key-concurrent-jobs', both) : new Problem('limit.concurrent-jobs', own)
  const minutes = Math.ceil(seconds / 60)
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })
  const opens = { time: clock.format(opensAt), hours: Math.floor(minutes / 60), minutes: minutes % 60, opensAt }
  const isJobs = limit === 'jobsPerDay'
  return both
    ? new Problem(isJobs ? 'limit.key-jobs-per-day' : 'limit.key-gpu-seconds-per-day', { ...both, ...opens })
    : new Problem(isJobs ? 'limit.jobs-per-day' : 'limit.gpu-seconds-per-day', { ...own, ...opens })
}
