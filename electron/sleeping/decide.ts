import type { ServiceIdle } from '../../shared/contract'
import { awakeAt } from '../../shared/week-windows'

const minuteMs = 60_000

/** What is known of one service at a moment. Times are in ms. */
export interface Sleeper {
  idle: ServiceIdle
  /** It runs, whatever it answers. */
  isUp: boolean
  /** For how long nobody has worked with it, as far as that was watched. */
  idleMs: number
  /** Its models were unloaded, and nobody has worked with it since. */
  isUnloaded: boolean
  /** When it was last started or stopped, or when that failed, whoever did it (Unix ms); null when that is not known. */
  touchedAt: number | null
}

export type Decision =
  /** Nothing to do for so many ms; null: not before something changes. */
  | { do: 'wait'; forMs: number | null }
  /** Its time without work is up, after so many minutes. */
  | { do: 'unload' | 'stop'; minutes: number }
  /** Its hours have begun, and nobody has started or stopped it since. */
  | { do: 'start' }

/** What is to be done about a service at one moment. A pure function: the same question has the same answer. */
export function decide(now: number, sleeper: Sleeper): Decision {
  const { idle, isUp } = sleeper
  const awake = idle.schedule ? awakeAt(now, idle.schedule.windows) : null
  if (isUp) return decideUp(now, sleeper, awake)
  if (!awake || !idle.schedule?.start) return { do: 'wait', forMs: null }
  const { touchedAt } = sleeper
  // What a person has stopped meanwhile stays so, and what failed is not tried all day.
  if (awake.isAwake && (touchedAt ?? -1) < (awake.since ?? 0)) return { do: 'start' }
  return { do: 'wait', forMs: awake.until === null ? null : awake.until - now }
}

function decideUp(
  now: number,
  { idle, idleMs, isUnloaded }: Sleeper,
  awake: ReturnType<typeof awakeAt> | null,
): Decision {
  const left = (minutes: number) => minutes * minuteMs - idleMs
  const { stopAfterMin, unloadAfterMin } = idle
  const waits: number[] = []
  if (stopAfterMin !== null) {
    const heldMs = awake?.isAwake ? (awake.until ?? Infinity) - now : 0
    const wait = Math.max(left(stopAfterMin), heldMs)
    if (wait <= 0) return { do: 'stop', minutes: stopAfterMin }
    waits.push(wait)
  }
  if (unloadAfterMin !== null && !isUnloaded) {
    const wait = left(unloadAfterMin)
    if (wait <= 0) return { do: 'unload', minutes: unloadAfterMin }
    waits.push(wait)
  }
  const next = Math.min(...waits)
  return { do: 'wait', forMs: Number.isFinite(next) ? next : null }
}
