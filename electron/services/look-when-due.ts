import type { ServicesOptions } from './options'

/** How often it is asked which services are due, in ms: while something is about to happen, and while nothing is. */
const soonMs = 500
const idleMs = 5_000

interface Due {
  /** In how long it is to be looked at again, in ms; null while something is being done to it. */
  dueIn(now: number, watched: boolean): number | null
  /** One look; never rejects. */
  look(): Promise<void>
}

/**
 * Looks at every service whenever it is time to. Where none is due soon and nobody watches, it wakes up less often: on an
 * idle machine waking up costs more than all that is done then. `soon` is told what changes that.
 */
export function createLooks(
  all: () => readonly Due[],
  { watched, onWatched }: Pick<ServicesOptions, 'watched' | 'onWatched'>,
) {
  let timer: NodeJS.Timeout | undefined
  /** When it wakes up, by the steady clock. */
  let wakesAt = 0
  let isClosed = false
  const plan = () => {
    if (isClosed) return
    const now = Date.now()
    const isWatched = watched()
    const nextMs = Math.min(...all().map((each) => each.dueIn(now, isWatched) ?? soonMs))
    const at = performance.now() + (isWatched || nextMs < idleMs ? soonMs : idleMs)
    // Many changes in a row never put off what is planned.
    if (timer && wakesAt <= at) return
    clearTimeout(timer)
    wakesAt = at
    timer = setTimeout(wake, at - performance.now())
    timer.unref()
  }
  const wake = () => {
    timer = undefined
    const now = Date.now()
    const isWatched = watched()
    for (const each of all()) {
      const ms = each.dueIn(now, isWatched)
      // What was seen may make the next look due soon.
      if (ms !== null && ms <= 0) void each.look().then(plan)
    }
    plan()
  }
  plan()
  const stopHearing = onWatched?.(plan)
  return {
    /** Something has changed: what was far off may be due soon. */
    soon: plan,
    /** Looks no more. */
    close(): void {
      isClosed = true
      stopHearing?.()
      clearTimeout(timer)
    },
  }
}
