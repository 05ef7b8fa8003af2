/** A clock that stands still until it is moved; what was to be woken by then is woken, in order. */
export function handClock(start: number) {
  let now = start
  const timers = new Set<{ at: number; wake: () => void }>()
  return {
    now: () => now,
    after(ms: number, wake: () => void) {
      const timer = { at: now + ms, wake }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    moveTo(time: number) {
      now = time
      for (const timer of [...timers].sort((a, b) => a.at - b.at)) {
        if (timer.at > time || !timers.delete(timer)) continue
        timer.wake()
      }
    },
    /** When the next sleeper wants to be woken. */
    next: () => Math.min(...[...timers].map(({ at }) => at)),
  }
}

/** The machine's two clocks, ahead by as much as a test says; nobody is woken by them, it is looked when the test says so. */
export function clockAhead() {
  let aheadMs = 0
  return {
    now: () => Date.now() + aheadMs,
    steady: () => performance.now() + aheadMs,
    after: () => () => undefined,
    goAhead: (ms: number) => void (aheadMs += ms),
  }
}
