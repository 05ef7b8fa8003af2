import type { Clock } from '../../async/clock'
import type { Serial } from '../../async/serial'
import type { InputRecords, KeptInput } from './records'

/** What no generation names is kept so long, in ms. */
const keptMs = 7 * 24 * 60 * 60_000
/** How often it is looked for what is due, in ms. */
const everyMs = 6 * 60 * 60_000

interface SweepParts {
  records: Pick<InputRecords, 'unused' | 'remove'>
  clock: Clock
  inTurn: Serial
  erase: (input: KeptInput) => Promise<void>
  reportBug: (error: unknown) => void
}

/** Deletes pictures that no generation names, when their time is over. */
export function createSweep({ records, clock, inTurn, erase, reportBug }: SweepParts) {
  let cancelSleep: (() => void) | undefined
  let isClosed = false
  const removeDue = async () => {
    const due = records.unused(clock.now() - keptMs)
    // In one turn: no generation comes to name one between the look and this.
    for (const { id } of due) records.remove(id)
    // One that another program holds open keeps the others, and the panel's start, from nothing.
    for (const input of due) await erase(input).catch(reportBug)
  }
  const sleep = () => {
    cancelSleep?.()
    if (!isClosed) cancelSleep = clock.after(everyMs, () => void look().catch(reportBug))
  }
  const look = async (): Promise<void> => {
    await inTurn(removeDue)
    sleep()
  }
  return {
    /** Deletes what is due now, and from then on what becomes due. Throws what the disk says. */
    look,
    async close(): Promise<void> {
      isClosed = true
      cancelSleep?.()
      await inTurn.settled()
    },
  }
}
