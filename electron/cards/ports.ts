import type { Clock } from '../async/clock'
import type { Patience } from './plan'
import type { Memory, Tenant } from './room'

/** A service as the lines know it. */
export interface Sharing {
  id: string
  /** The card that it loads its models on, by its uuid; null: none, or not known, and then it shares with nobody. */
  card: string | null
  /** What it may take, set by hand, in MiB; null: what was seen. */
  limitMiB: number | null
  /** Whether it may be stopped for others: it is started again when it is asked for. */
  mayStop: boolean
}

/** What was measured of a card now, in MiB. */
export interface Measured extends Memory {
  usedMiB: number | null
  /** By services; one that is not in it: not to be seen. */
  held: ReadonlyMap<string, number>
}

/** What the lines need of the world. */
export interface CardsPorts {
  services: () => readonly Sharing[]
  /** What runs and waits on a service, whoever asked for it. Never rejects: what cannot be told is unknown. */
  standing: (serviceId: string) => Promise<Pick<Tenant, 'work' | 'isUp'>>
  /** What it takes with its models loaded, as was seen, in MiB; null: never seen. */
  took: (serviceId: string) => Promise<number | null>
  /** Unloads its models. Rejects where it cannot. */
  unload: (serviceId: string) => Promise<void>
  /** Stops it; resolves when it has ended. Rejects where it cannot. */
  stop: (serviceId: string) => Promise<void>
  /** Measures the card anew; null where it cannot be. Never rejects. */
  measure: (card: string) => Promise<Measured | null>
  /** Whether a service takes no new jobs now, because its secret is being rotated; left out: it always takes them. */
  isHeld?: (serviceId: string) => boolean
  /** Something has changed on a card. */
  changed?: (card: string) => void
  /** Told of what is a bug; a service that refuses is none. */
  reportBug: (error: unknown) => void
  clock?: Clock
  patience?: Patience
  timing?: Partial<Timing>
}

/** All in ms. */
export interface Timing {
  /** For so long what was seen of a service is good enough to begin beside it; never to take its room. */
  freshMs: number
  /** The same for what the card has. */
  measuredMs: number
  /** How often those are asked for whom somebody waits. */
  pollMs: number
  /** How long unloading may take to show on the card, and how often that is looked at. */
  settleMs: number
  settleEveryMs: number
  /** After a service refused to be unloaded or stopped, how long it is left alone. */
  leaveAloneMs: number
}

export const usualTiming: Timing = {
  freshMs: 500,
  measuredMs: 5_000,
  pollMs: 1_000,
  settleMs: 3_000,
  settleEveryMs: 100,
  leaveAloneMs: 10_000,
}
