import type { Clock } from '../async/clock'
import type { Ledger } from '../ledger'
import { addMonths, type Calendar } from './calendar'

/** Whole months whose days are kept; older ones are sums. */
const monthsOfDays = 13

/** No timer of node's goes further than 24 days. */
const furthestMs = 20 * 86_400_000

/** Keeps sums alone of months that are long past, now and whenever another month has gone by. Returns how to stop it. */
export function keepTidy(ledger: Pick<Ledger, 'figures' | 'waits'>, calendar: Calendar, clock: Clock): () => void {
  let stop = () => {}
  function tidy() {
    const day = calendar.dayOf(clock.now())
    const oldest = addMonths(day, -monthsOfDays)
    ledger.figures.dropDaysBefore(oldest)
    ledger.waits.dropBefore(oldest)
    const next = calendar.startOf(addMonths(day, 1))
    stop = clock.after(Math.min(next - clock.now(), furthestMs), tidy)
  }
  tidy()
  return () => stop()
}
