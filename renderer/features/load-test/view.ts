import type { LoadTest } from '../../../shared/contract'
import { formatDuration } from '../../i18n/format'
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

/** Tests that are shorter are told in seconds and their parts: a clock would show one time several times. */
const briefMs = 20_000

/** How far into a test of so many ms, as a clock counts: "5:18"; of a brief one: "3.3 s". */
export function formatInto(ms: number, ofMs: number): string {
  if (ofMs < briefMs) return formatDuration(ms)
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
