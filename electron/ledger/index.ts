import { reason, type Reason } from '../../shared/problems'
import { systemClock, type Clock } from '../async/clock'
import { closeDatabase, openDatabase } from '../storage/database'
import { createBatch } from './batch'
import { createPastJobs, type PastJobs } from './past-jobs'
import { createFigures, type FigureStore } from './figures'
import { createIdleTimes, type IdleTimes } from './idle-times'
import { createKeyUses, type KeyUses } from './key-use'
import { migrations } from './migrations'
import { createOpenJobs, type OpenJobs } from './open-jobs'
import { createOwners, type Owners } from './owners'
import { createReachMemory, type ReachMemory } from './reach'
import { createWaits, type Waits } from './waits'

export { addFigures, noFigures } from './figures'
export { lastOf } from './periods'
export type { PastJob } from './past-jobs'
export type { CountedTo, Figures, FiguresQuery, FiguresRow, FigureStore, Told } from './figures'
export type { IdleTime, IdleTimes } from './idle-times'
export type { KeyUse, KeyUses } from './key-use'
export type { ReachMemory } from './reach'
export type { OpenJob, OpenJobs } from './open-jobs'
export type { OwnedWhat, Owner, Owners } from './owners'

/**
 * What is kept of people's doing: whose what is, what they used, when a key was used last, and for how long nobody has worked
 * with a service; and whether services that somebody else runs could be reached. Owners and jobs under way are
 * written at once, figures within a second: these are all that a panel which is killed may lose.
 */
export interface Ledger {
  owners: Owners
  figures: FigureStore
  waits: Waits
  keyUse: KeyUses
  idleTimes: IdleTimes
  openJobs: OpenJobs
  pastJobs: PastJobs
  reach: ReachMemory
  /** What to tell the user about its database, e.g. that an unreadable one was moved aside. */
  notice: Reason | null
  /** Writes what waits, and closes the file. */
  close(): void
}

interface LedgerNeeds {
  /** The database, by its absolute path. */
  file: string
  /** Told of a write that failed; it is tried again. */
  failed: (error: unknown) => void
  clock?: Clock
  /** How long figures may wait to be written, in ms. */
  everyMs?: number
}

/** Opens the ledger; makes one where there is none. Throws a Problem when a newer Regie wrote it. */
export async function openLedger({ file, failed, clock = systemClock, everyMs = 1000 }: LedgerNeeds): Promise<Ledger> {
  const { database, kept } = await openDatabase(file, migrations)
  const batch = createBatch({ clock, everyMs, failed }, () => {
    const writeAll = database.transaction(() => parts.map(({ write }) => write()))
    for (const written of writeAll.immediate()) written()
  })
  const touch = () => batch.touch()
  const figures = createFigures(database, touch, () => batch.flush())
  const keyUses = createKeyUses(database, touch)
  const waits = createWaits(database, touch, () => batch.flush())
  const idleTimes = createIdleTimes(database, touch)
  const openJobs = createOpenJobs(database, touch)
  const pastJobs = createPastJobs(database, touch, () => batch.flush())
  const reach = createReachMemory(database, touch)
  const parts: readonly { write: () => () => void }[] = [
    ...[figures, waits, keyUses, idleTimes],
    ...[openJobs, pastJobs, reach],
  ]
  return {
    owners: createOwners(database, () => clock.now()),
    figures: figures.figures,
    waits: waits.waits,
    keyUse: keyUses.newest,
    idleTimes: idleTimes.newest,
    openJobs: openJobs.jobs,
    pastJobs: pastJobs.jobs,
    reach: reach.newest,
    notice: kept === null ? null : reason('ledger.moved-aside', { kept }),
    close() {
      try {
        batch.flush()
      } finally {
        closeDatabase(database)
      }
    },
  }
}
