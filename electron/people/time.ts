import * as z from 'zod'
import { Timestamp } from '../../shared/contract'

/** Unix time in ms that no turning back of the machine's clock takes back while this process runs, nor before `latest`. */
export function createForwardTime({
  wall = Date.now,
  steady = () => performance.now(),
  latest = 0,
}: {
  wall?: (() => number) | undefined
  steady?: (() => number) | undefined
  latest?: number | undefined
} = {}): () => number {
  const begin = { wall: Math.max(wall(), latest), steady: steady() }
  // A steady clock may stand still while a machine sleeps: whichever says more is believed.
  return () => Math.floor(Math.max(wall(), begin.wall + steady() - begin.steady))
}

/** The note of the latest time at which the panel is known to have run. */
export const LatestTime = z.object({ at: Timestamp })

/** How that note is kept; without one a clock that is set back between two runs is believed. */
export interface KeptTime {
  /** When the panel ran last (Unix ms); 0 where nobody knows. */
  latest: number
  /** Throws the file system's error. */
  note: (at: number) => Promise<void>
}

/** What a clock may be behind without anybody being told, in ms: it is set by others now and then. */
export const unnoticedMs = 60_000
