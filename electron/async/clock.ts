/** The time, and a way to be woken. Tests give one that they move by hand. */
export interface Clock {
  now(): number
  /** Calls back after so many ms, unless the returned function is called before. Keeps no process alive. */
  after(ms: number, wake: () => void): () => void
}

export const systemClock: Clock = {
  now: Date.now,
  after(ms, wake) {
    const timer = setTimeout(wake, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
