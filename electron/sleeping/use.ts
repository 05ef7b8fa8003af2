import type { Problem } from '../../shared/problems'
import type { IdleTimes } from '../ledger'
import type { SleepClock } from './clock'

/** What is remembered of one service between two looks. */
interface Use {
  idleMs: number
  /** By the steady clock: until when `idleMs` is counted. */
  countedTo: number
  /** Its time goes on from what the panel before this one had watched until then (Unix ms); null: it does not. */
  goesOnFrom: number | null
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
 * The time of a service goes on where a panel that was away for no longer than this stopped watching, in ms. What others
 * did in that time was not seen; whoever worked with it longer ago than this has not begun again since, as far as is known.
 */
const awayForMs = 5 * 60_000

/** That somebody works with a service is written down again after so long, in ms. */
const notedForMs = 30_000

/** A service as it is seen first: its time goes on from what was kept of it where that is recent enough. */
function beginning(clock: SleepClock, before: ReturnType<IdleTimes['of']>): Use {
  const awayMs = before === null ? -1 : clock.now() - before.at
  const goesOn = before !== null && awayMs >= 0 && awayMs <= awayForMs
  return {
    ...{ idleMs: 0, countedTo: clock.steady(), goesOnFrom: null, isUnloaded: false },
    ...{ isUnseen: false, told: null, going: 0, reading: 0 },
    ...(goesOn && { idleMs: before.idleMs, goesOnFrom: before.at, isUnloaded: before.isUnloaded }),
  }
}

/** What is remembered of each service, here and for the panel after this one. */
function createMemory(clock: SleepClock, kept: IdleTimes) {
  const uses = new Map<string, Use>()
  const of = (id: string): Use => {
    const known = uses.get(id)
    if (known) return known
    const use = beginning(clock, kept.of(id))
    uses.set(id, use)
    return use
  }
  const keep = (id: string, { idleMs, isUnloaded }: Use): void => kept.note(id, { idleMs, isUnloaded, at: clock.now() })

  return {
    of,
    /** Writes down how one stands. */
    keep,
    all: (): [id: string, use: Use][] => [...uses],
    /** Whether it is still what is remembered: one that was removed is not. */
    holds: (id: string, use: Use): boolean => uses.get(id) === use,
    /** Somebody works with it: its time begins anew. */
    used: (id: string): void => {
      const use = of(id)
      Object.assign(use, { idleMs: 0, countedTo: clock.steady(), goesOnFrom: null, isUnloaded: false, told: null })
      // A panel that is killed now must not take what was before for what is. That it was used says the same for a while.
      const noted = kept.of(id)
      const isNoted = noted?.idleMs === 0 && !noted.isUnloaded && Math.abs(clock.now() - noted.at) < notedForMs
      if (!isNoted) keep(id, use)
    },
    forget: (id: string): void => {
      uses.delete(id)
      kept.forget(id)
    },
  }
}

/**
 * For how long nobody has worked with each service. Only what was watched counts: of a time in which the machine slept
 * or the panel stood still no more than `longestMs` is added, and the wall's clock, which may be set, says nothing. Of
 * the time between two panels nothing is added, and where it was long, or cannot be told, all counts anew.
 */
export function createUses({ clock, longestMs, kept }: { clock: SleepClock; longestMs: number; kept: IdleTimes }) {
  const { of, keep, all, holds, used, forget } = createMemory(clock, kept)

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
        if (holds(id, use)) used(id)
      }
    },
    /** Something is read from it, which is no work; returns the function that ends that, to be called once. */
    read(id: string): () => void {
      const use = of(id)
      use.reading += 1
      return () => void (use.reading -= 1)
    },
    /** Its models were taken out of memory. */
    unloaded(id: string): void {
      const use = of(id)
      use.isUnloaded = true
      keep(id, use)
    },
    /** Counts what has passed since the last look. */
    pass(id: string): Use {
      const use = of(id)
      if (use.going > 0) used(id)
      else use.idleMs = idleMs(id)
      use.countedTo = clock.steady()
      keep(id, use)
      return use
    },
    /** Writes down how they stand now. */
    keepAll(): void {
      for (const [id, use] of all()) {
        if (use.going > 0) used(id)
        keep(id, { ...use, idleMs: idleMs(id) })
      }
    },
    forget,
  }
}

export type Uses = ReturnType<typeof createUses>
