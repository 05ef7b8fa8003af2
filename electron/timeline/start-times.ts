import type { TimelineEntry } from '../../shared/contract'

/** More than a start takes: nobody looked in between. In ms. */
const longestMs = 30 * 60_000

const begins: readonly TimelineEntry['kind'][] = ['started', 'created', 'recreated']
const ends: readonly TimelineEntry['kind'][] = ['stopped', 'ended', 'crashed', 'removed', 'failed']

/** How long the last starts of a service took until it was ready, in ms, newest first; `entries` as listed. */
export function startTimes(entries: readonly Pick<TimelineEntry, 'kind' | 'at'>[], most: number): number[] {
  const times: number[] = []
  let startedAt: number | null = null
  for (const { kind, at } of entries.toReversed()) {
    if (begins.includes(kind)) startedAt ??= at
    else if (ends.includes(kind)) startedAt = null
    else if (kind === 'ready' && startedAt !== null) {
      if (at - startedAt <= longestMs) times.push(at - startedAt)
      startedAt = null
    }
  }
  return times.reverse().slice(0, most)
}
