import { systemClock, type Clock } from '../async/clock'

/** The wall's clock, which may be set, and a steady one, by which it is measured for how long nobody has worked. */
export interface SleepClock extends Clock {
  /** In ms, from any beginning; it never jumps, but may go on or stand still while the machine sleeps. */
  steady(): number
}

export const sleepClock: SleepClock = { ...systemClock, steady: () => performance.now() }
