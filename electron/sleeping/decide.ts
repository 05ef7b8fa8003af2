import type { ServiceIdle, WeekWindow } from '../../shared/contract'
import { awakeAt, type Awake } from '../../shared/week-windows'

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

/** What is to be done in so many ms, if nothing changes until then. */
export interface NextStep {
  step: 'unload' | 'stop' | 'start'
  inMs: number
}

export type Decision =
  /** Nothing to do yet; null: not before something changes. */
  | { do: 'wait'; next: NextStep | null }
  /** Its time without work is up, after so many minutes. */
  | { do: 'unload' | 'stop'; minutes: number }
  /** Its hours have begun, and nobody has started or stopped it since. */
  | { do: 'start' }

/** What is to be done about a service at one moment. A pure function: the same question has the same answer. */
export function decide(now: number, sleeper: Sleeper): Decision {
  const { idle, isUp } = sleeper
  const awake = idle.schedule ? awakeAt(now, idle.schedule.windows) : null
  if (isUp) return decideUp(now, sleeper, awake)
  if (!awake || !idle.schedule?.start) return { do: 'wait', next: null }
  const { touchedAt } = sleeper
  // What a person has stopped meanwhile stays so, and what failed is not tried all day.
  if (awake.isAwake && (touchedAt ?? -1) < (awake.since ?? 0)) return { do: 'start' }
  return { do: 'wait', next: nextStart(now, awake, idle.schedule.windows) }
}

/** When its hours begin next. */
function nextStart(now: number, awake: Awake, windows: readonly WeekWindow[]): NextStep | null {
  const { isAwake, until } = awake
  if (until === null) return null
  // What stands still within its hours does so because somebody wants it, until they begin anew.
  const at = isAwake ? awakeAt(until, windows).until : until
  return at === null ? null : { step: 'start', inMs: at - now }
}

function decideUp(now: number, { idle, idleMs, isUnloaded }: Sleeper, awake: Awake | null): Decision {
  const left = (minutes: number) => minutes * minuteMs - idleMs
  const { stopAfterMin, unloadAfterMin } = idle
  const steps: NextStep[] = []
  if (stopAfterMin !== null) {
    const heldMs = awake?.isAwake ? (awake.until ?? Infinity) - now : 0
    const wait = Math.max(left(stopAfterMin), heldMs)
    if (wait <= 0) return { do: 'stop', minutes: stopAfterMin }
    steps.push({ step: 'stop', inMs: wait })
  }
  if (unloadAfterMin !== null && !isUnloaded) {
    const wait = left(unloadAfterMin)
    if (wait <= 0) return { do: 'unload', minutes: unloadAfterMin }
    steps.push({ step: 'unload', inMs: wait })
  }
  const [next] = steps.filter(({ inMs }) => Number.isFinite(inMs)).toSorted((a, b) => a.inMs - b.inMs)
  return { do: 'wait', next: next ?? null }
}
