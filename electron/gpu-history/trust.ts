/** A clock that is off by so much may be wrong, and is believed once it has gone on for as long, in ms. */
const doubtMs = 86_400_000

/**
 * Whether the clock can be believed when it says what is too old. A machine whose battery is empty starts years back until the
 * network tells it the time, and all that was kept would be dropped for that.
 */
export function createTrust(newest: number | null, now: number, uptimeMs: () => number) {
  let last = { at: now, up: uptimeMs() }
  let sureFrom = newest !== null && Math.abs(now - newest) > doubtMs ? last.up + doubtMs : -Infinity
  return (at: number): boolean => {
    const up = uptimeMs()
    if (Math.abs(at - last.at - (up - last.up)) > doubtMs) sureFrom = up + doubtMs
    last = { at, up }
    return up >= sureFrom
  }
}
