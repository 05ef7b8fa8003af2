/** The first time after `from` at which this machine's clock shows `daily`, in Unix ms. */
export function nextAt(daily: string, from: number): number {
  const [hours = 0, minutes = 0] = daily.split(':').map(Number)
  const next = new Date(from)
  // Setting the hours anew each day, and not adding 24 of them: days differ where the clock is changed.
  next.setHours(hours, minutes, 0, 0)
  if (next.getTime() <= from) {
    next.setDate(next.getDate() + 1)
    next.setHours(hours, minutes, 0, 0)
  }
  return next.getTime()
}

/** The last time, up to `now`, at which it showed it. */
export function lastAt(daily: string, now: number): number {
  const [hours = 0, minutes = 0] = daily.split(':').map(Number)
  const last = new Date(now)
  last.setHours(hours, minutes, 0, 0)
  if (last.getTime() > now) {
    last.setDate(last.getDate() - 1)
    last.setHours(hours, minutes, 0, 0)
  }
  return last.getTime()
}

/** After a failure it is tried again in so long, in ms: a disk may be plugged in, a vault be opened. */
export const retryMs = 3_600_000

interface Standing {
  daily: string | null
  lastMade: number | null
  failedAt: number | null
}

/**
 * When the next one is to be made by itself; a time that has passed means now. Null where none is. What is told of later
 * than now was noted while the clock was ahead, and counts for nothing: no backup would be made until then.
 */
export function dueAt({ daily, lastMade, failedAt }: Standing, now: number): number | null {
  if (daily === null) return null
  const wanted = lastAt(daily, now)
  const isSince = (at: number | null) => at !== null && at >= wanted && at <= now
  if (isSince(lastMade)) return nextAt(daily, now)
  return failedAt !== null && isSince(failedAt) ? failedAt + retryMs : wanted
}
