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

/** Runs one piece of work after the other. */
export type Lane = <T>(work: () => Promise<T>) => Promise<T>

export function createLane(): Lane {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
}
