import type { Clock } from '../async/clock'
import type { Serial } from '../async/serial'
import type { Shelf } from './shelf'

const dayMs = 24 * 60 * 60_000
/** So long a removal can be undone. */
const keptMs = 30 * dayMs

interface PurgeParts {
  shelf: Shelf
  clock: Clock
  inTurn: Serial
  erase: (id: string) => Promise<void>
  reportBug: (error: unknown) => void
}

/** Deletes what has been removed for its time, when it is due. */
export function createPurge({ shelf, clock, inTurn, erase, reportBug }: PurgeParts) {
  let cancelSleep: (() => void) | undefined
  let isClosed = false

  const removed = () =>
    [...shelf.all].flatMap(([id, { removedAt }]) => (removedAt === null ? [] : [{ id, goesAt: removedAt + keptMs }]))
  const look = async (): Promise<void> => {
    await inTurn(async () => {
      for (const { id, goesAt } of removed()) {
        if (isClosed || goesAt > clock.now()) continue
        shelf.all.delete(id)
        // One that another program holds open keeps nothing else waiting, the panel's start least: the next start ends it.
        await erase(id).catch(reportBug)
      }
    })
    sleep()
  }
  /** A machine that slept, or a clock that was set, is noticed within a day. */
  const sleep = (): void => {
    cancelSleep?.()
    const goesAt = removed().map((one) => one.goesAt)
    if (goesAt.length === 0 || isClosed) return
    const wait = Math.max(0, Math.min(...goesAt) - clock.now())
    cancelSleep = clock.after(Math.min(wait, dayMs), () => void look().catch(reportBug))
  }
  return {
    look,
    sleep,
    async close(): Promise<void> {
      isClosed = true
      cancelSleep?.()
      await inTurn.settled()
    },
  }
}
