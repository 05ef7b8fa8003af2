import type { LoadTest } from '../../../shared/contract'
import type { StatusKey } from '../../ui/Status'

/** How a test looks in lists: one with errors is a warning, however it ended. */
export function statusOfTest({ state, figures }: Pick<LoadTest, 'state' | 'figures'>): StatusKey {
  switch (state) {
    case 'waiting':
      return 'waiting'
    case 'running':
      return 'running'
    case 'completed':
      return figures.errors > 0 ? 'warning' : 'succeeded'
    case 'failed':
      return 'failed'
    case 'cancelled':
      return 'cancelled'
    case 'interrupted':
      return 'warning'
  }
}

/** How far into the test, as a clock counts: "5:18". */
export function formatInto(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
