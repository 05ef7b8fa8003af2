/** An instant on two clocks: the wall's, which may be set, and a steady one, which may stand still while a machine sleeps. */
export interface Instant {
  wall: number
  steady: number
}

export interface Clock {
  now(): Instant
  /** Milliseconds since then, by the clock that says more: setting the wall clock back wins nobody time. */
  since(then: Instant): number
}

export function createClock(wall: () => number = Date.now, steady: () => number = () => performance.now()): Clock {
  const now = () => ({ wall: wall(), steady: steady() })
  return {
    now,
    since(then) {
      const { wall, steady } = now()
      return Math.max(wall - then.wall, steady - then.steady)
    },
  }
}
