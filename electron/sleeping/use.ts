import type { Problem } from '../../shared/problems'
import type { SleepClock } from './clock'

/** What is remembered of one service between two looks. */
interface Use {
  idleMs: number
  /** By the steady clock: until when `idleMs` is counted. */
  countedTo: number
  /** By the wall's clock: when somebody was last seen to work with it. */
  usedAt: number
  isUnloaded: boolean
  /** It could not be seen whether something runs. */
  isUnseen: boolean
  /** What was told last of why it is not stopped or unloaded. */
  told: { word: string; why: Problem } | null
  /** What goes on there now, by ways that Regie sees. */
  going: number
  /** What is being read from it now: no work, but not to be cut either. */
  reading: number
}

/**
 * For how long nobody has worked with each service. Only what was watched counts: of a time in which the machine slept
 * or the panel stood still no more than `longestMs` is added, and the wall's clock, which may be set, says nothing. What
 * was before this panel's start is not known and not counted.
 */
export function createUses(clock: SleepClock, longestMs: number) {
  const uses = new Map<string, Use>()
  const of = (id: string): Use => {
    const known = uses.get(id)
    if (known) return known
    const use: Use = {
      ...{ idleMs: 0, countedTo: clock.steady(), usedAt: clock.now() },
      ...{ isUnloaded: false, isUnseen: false, told: null, going: 0, reading: 0 },
    }
    uses.set(id, use)
    return use
  }
  const used = (id: string): void => {
    const now = { idleMs: 0, countedTo: clock.steady(), usedAt: clock.now() }
    Object.assign(of(id), now, { isUnloaded: false, told: null })
  }

  /** For how long nobody has worked with it until now, in ms. */
  const idleMs = (id: string): number => {
    const { idleMs: counted, countedTo } = of(id)
    return counted + Math.min(longestMs, Math.max(0, clock.steady() - countedTo))
  }

  return {
    of,
    idleMs,
    /** Somebody works with it, or has a moment ago. */
    used,
    /** Somebody begins to work with it; returns the function that ends that, to be called once. */
    begin(id: string): () => void {
      used(id)
      const use = of(id)
      use.going += 1
      return () => {
        use.going -= 1
        // One that was removed meanwhile is not remembered again.
        if (uses.get(id) === use) used(id)
      }
    },
    /** Something is read from it, which is no work; returns the function that ends that, to be called once. */
    read(id: string): () => void {
      const use = of(id)
      use.reading += 1
      return () => void (use.reading -= 1)
    },
    /** Counts what has passed since the last look. */
    pass(id: string): Use {
      const use = of(id)
      if (use.going > 0) used(id)
      else use.idleMs = idleMs(id)
      use.countedTo = clock.steady()
      return use
    },
    forget: (id: string): void => void uses.delete(id),
  }
}

export type Uses = ReturnType<typeof createUses>
