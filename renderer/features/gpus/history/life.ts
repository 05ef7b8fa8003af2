import type { GpuHistory } from '../../../../shared/contract'

type Event = GpuHistory['events'][number]

/** What a mark on a service's lane tells. */
export type Mark = 'started' | 'asleep' | 'stopped' | 'crashed'

/** Who stops a service only until it is needed again. */
const sleepers: ReadonlySet<string | null | undefined> = new Set(['idle', 'schedule', 'card'])

/** The mark of an event; null where it has none. */
export function markOf({ kind, name }: Pick<Event, 'kind' | 'name'>): Mark | null {
  switch (kind) {
    case 'started':
      return 'started'
    case 'stopped':
      return sleepers.has(name) ? 'asleep' : 'stopped'
    case 'ended':
    case 'removed':
      return 'stopped'
    case 'crashed':
    case 'oom':
      return 'crashed'
    default:
      return null
  }
}

/** Stretches in which a service ran, as its events tell; what lies before the first of them is told by that one. */
export function lifeOf(
  events: readonly Event[],
  { from, to }: { from: number; to: number },
): { from: number; to: number }[] {
  const life: { from: number; to: number }[] = []
  let since: number | null = null
  let isFirst = true
  for (const event of events) {
    const mark = markOf(event)
    if (mark === 'started') since ??= event.at
    else if (mark === null) since ??= isFirst ? from : event.at
    else {
      const began = since ?? (isFirst ? from : null)
      if (began !== null) life.push({ from: began, to: event.at })
      since = null
    }
    isFirst = false
  }
  if (since !== null) life.push({ from: since, to })
  return life
}

/** The marks of a lane, of those that would lie upon each other the gravest: `apart` of its whole length is room for one. */
export function marksOf(
  events: readonly Event[],
  { from, to }: { from: number; to: number },
  apart = 0.025,
): { at: number; mark: Mark; count: number }[] {
  const marks: { at: number; mark: Mark; count: number }[] = []
  for (const event of events) {
    const mark = markOf(event)
    if (mark === null) continue
    const last = marks.at(-1)
    if (!last || (event.at - last.at) / (to - from) >= apart) marks.push({ at: event.at, mark, count: 1 })
    else {
      last.count++
      if (mark === 'crashed' || last.mark !== 'crashed') last.mark = mark
    }
  }
  return marks
}
