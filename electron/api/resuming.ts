import { withEventMeta } from '@orpc/server'
import { randomBytes } from 'node:crypto'

/** Places count from the start of the panel: an id of an earlier run means nothing in this one. */
const run = randomBytes(6).toString('hex')

/** An event with the id after which a stream that was cut goes on; `place` grows within the stream. */
export const placed = <T extends object>(event: T, place: number): T => withEventMeta(event, { id: `${run}-${place}` })

/** The place that a `Last-Event-ID` names; undefined for none, and for one that is not of this run. */
export function placeIn(lastEventId: string | undefined): number | undefined {
  const [of, place = ''] = (lastEventId ?? '').split('-')
  return of === run && /^\d{1,15}$/.test(place) ? Number(place) : undefined
}

/** A stream whose events have the places that `place` tells; one that is told less than before keeps the former. */
export async function* withPlaces<T extends object>(
  stream: AsyncIterable<T>,
  place: (event: T) => number | undefined,
): AsyncGenerator<T, void, undefined> {
  let reached = 0
  for await (const event of stream) {
    reached = Math.max(reached, place(event) ?? 0)
    yield placed(event, reached)
  }
}
