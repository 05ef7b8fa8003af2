import type { GatewayJob } from '../../shared/contract'
import type { Problem } from '../../shared/problems'
import type { Clock } from '../async/clock'
import type { JobMemory } from '../kinds'
import type { CountedTo, Figures, Ledger, OpenJob } from '../ledger'
import type { Calendar } from './calendar'
import type { JobEnd } from './jobs'
import type { CancelOutcome, CancelWanted } from './cancelling'
import type { HeldJob, Place } from './leases'
import type { KeyStanding, Limits, PassedLimit, Standing } from './limits'

/** A key with limits of its own. `keys`: those that it took the place of, and itself: they are counted as one. */
export interface LimitedKey {
  id: string
  name: string
  limits: Limits
  keys: readonly string[]
}

export interface UsageNeeds {
  ledger: Ledger
  /** Jobs of the Studio's that somebody has in line or at work, with the time of their order (Unix ms). */
  studioJobs: (account: string) => readonly { createdAt: number }[]
  /** What a service remembers of its jobs; null: it remembers none. */
  memoryOf: (service: string) => JobMemory | null
  /** Whether nothing runs behind a service, or there is no such service. */
  hasEnded: (service: string) => boolean
  failed: (error: unknown) => void
  /** Told when somebody is refused by a limit, once a day for each limit: the ledger counts all of it. */
  reached?: (account: string, passed: PassedLimit) => void
  /** How many cards a service works on; null: nobody knows. Left out: one each. */
  cardsOf?: (service: string) => number | null
  /** A key, if it has limits of its own; null: it has none, or is none. */
  limitedKey?: (id: string) => LimitedKey | null
  /** What a key is called; null: not known. */
  keyName?: (id: string) => string | null
  /** Why a job that no service has yet waits; null: that is not known. */
  whyHeld?: (job: Pick<HeldJob, 'id' | 'service'>) => GatewayJob['reason']
  /**
   * Takes a job off its service, by the name that it has there, and touches no other. False: the service does not tell
   * which job is this one. Left out: none can be.
   */
  takeOff?: (service: string, name: string, signal: AbortSignal) => Promise<boolean>
  clock?: Clock
  calendar?: Calendar
}

/** Why nobody gets another job just now. */
export interface LimitPassed {
  refused: Problem
  retryAfterS: number
}

/** Who wants a job, of which service. */
export interface Asking extends CountedTo {
  limits: Limits
  /** Refuses whoever waits with this job, with these words; left out where nobody does. */
  giveUp?: (why: Problem) => void
}

/** A job that a service has. `begunAt` is now if left out. */
export interface Begun extends Omit<OpenJob, 'begunAt' | 'cards'> {
  begunAt?: number
  /** As the service itself calls it, where that is not its id; null: it has no name there, or none yet. */
  nameThere?: () => string | null
}

/** Counting of what people use, and their limits. */
export interface Usage {
  /**
   * A place for one more job, held from the request until the job is begun (or is known to be none); or the limit that
   * keeps somebody from it, which is counted.
   */
  take(asking: Asking): Place | LimitPassed
  /** A service has a job, and tells by itself when it has ended, or somebody calls `ended`. */
  begun(job: Begun): void
  ended(service: string, id: string, end: JobEnd): void
  /** Counts what belongs to no job: requests and bytes. */
  count(to: CountedTo, what: Partial<Pick<Figures, 'requests' | 'bytesIn' | 'bytesOut'>>): void
  /** Counts a job whose begin was told nowhere (the Studio's). */
  countEnded(job: CountedTo & { begunAt: number }, end: JobEnd): void
  /** Somebody's jobs through the gateway, those under way first. */
  ownJobs(account: string): Promise<GatewayJob[]>
  /** Jobs that wait for a service, in the order in which they came: none has them yet. */
  held(): readonly HeldJob[]
  /** Ends a job before its time. Throws `job.not-found`, `job.untold`, and what its service says. */
  cancelJob(wanted: CancelWanted): Promise<CancelOutcome>
  /** Whether a service remembers its jobs, so that these end by themselves. */
  remembers(service: string): boolean
  /** Jobs that people have on a service now, in the order in which they began. */
  on(service: string): readonly OpenJob[]
  /** Whether one of an id is among them. */
  isOn(service: string, id: string): boolean
  /** Calls back whenever a service has one job more, or one less. Returns how to stop it. */
  onJobs(listener: (service: string) => void): () => void
  /** Calls back with all that is counted to a service. Returns how to stop it. */
  onCounted: (listener: (service: string, what: Partial<Figures>) => void) => () => void
  standing(account: string): Standing
  keyStanding(key: LimitedKey): KeyStanding
  calendar: Calendar
  now(): number
  close(): void
}
