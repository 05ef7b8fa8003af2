export interface Throttle<T> {
  push: (value: T) => void
  /** Passes on at once what waits. */
  flush: () => void
  /** Forgets what waits. */
  drop: () => void
}

/** Passes values on with at least `everyMs` between them, the first at once; of those that come faster only the newest. */
export function createThrottle<T>(everyMs: number, pass: (value: T) => void): Throttle<T> {
  let timer: NodeJS.Timeout | null = null
  let waiting: { value: T } | null = null
  const open = () => {
    timer = null
    if (!waiting) return
    const { value } = waiting
    waiting = null
    timer = setTimeout(open, everyMs)
    pass(value)
  }
  const drop = () => {
    waiting = null
    if (timer) clearTimeout(timer)
    timer = null
  }
  return {
    push(value) {
      waiting = { value }
      if (timer === null) open()
    },
    flush() {
      const left = waiting
      drop()
      if (left) pass(left.value)
    },
    drop,
  }
}
