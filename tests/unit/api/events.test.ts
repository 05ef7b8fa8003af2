import { getEventMeta } from '@orpc/server'
import { expect, it } from 'vitest'
import { createPanelEvents } from '../../../electron/api/events'
import { placeIn } from '../../../electron/api/resuming'
import type { PanelEvent } from '../../../shared/contract'

const removed = (id: string): PanelEvent => ({ type: 'service-removed', id })
const idOf = (event: PanelEvent) => (event.type === 'service-removed' ? event.id : event.type)

/** Reads so many events of a subscription, then leaves it; answers them, and the id of the last. */
async function read(events: ReturnType<typeof createPanelEvents>, count: number, lastEventId?: string) {
  const stream = events.subscribe(undefined, placeIn(lastEventId))
  const told: string[] = []
  let last: string | undefined
  for (let n = 0; n < count; n += 1) {
    const { value } = await stream.next()
    if (!value) throw new Error('the stream ended')
    told.push(idOf(value))
    last = getEventMeta(value)?.id
  }
  await stream.return()
  return { told, last }
}

it('a stream that was cut goes on after the last event that arrived: nothing is lost and nothing told twice', async () => {
  const events = createPanelEvents()
  const first = await read(events, 1)
  for (const id of ['one', 'two', 'three']) events.publish(removed(id))
  const second = await read(events, 2, first.last)
  events.publish(removed('four'))
  const third = await read(events, 2, second.last)

  expect([first.told, second.told, third.told]).toEqual([['hello'], ['one', 'two'], ['three', 'four']])
})

it('a stream begins anew with a hello where the place is not known any more, or is of another run', async () => {
  const events = createPanelEvents()
  const { last = '' } = await read(events, 1)
  for (let n = 0; n < 1001; n += 1) events.publish(removed(String(n)))

  expect((await read(events, 1, last)).told).toEqual(['hello'])
  expect((await read(events, 1, last.replace(/\d+$/, '1'))).told).toEqual(['1'])
  for (const other of ['0123456789ab-1', 'nonsense', '', last.replace(/\d+$/, '999999'), last.replace(/\d+$/, '-1')])
    expect([other, (await read(events, 1, other)).told]).toEqual([other, ['hello']])
})

it('a page that does not keep up is told that it lost events, and where; one that does is not', async () => {
  const events = createPanelEvents()
  const slow = events.subscribe()
  const quick = events.subscribe()
  for (const stream of [slow, quick]) expect((await stream.next()).value).toMatchObject({ type: 'hello' })
  const seen = new Set<string>()
  for (let n = 1; n <= 1003; n += 1) {
    events.publish(removed(String(n)))
    const { value } = await quick.next()
    if (value) seen.add(value.type)
  }

  const gap = (await slow.next()).value
  const next = (await slow.next()).value
  const more = (await slow.next()).value
  await Promise.all([slow.return(), quick.return()])

  expect([gap && idOf(gap), next && idOf(next), more && idOf(more)]).toEqual(['gap', '4', '5'])
  expect(gap && getEventMeta(gap)?.id).toMatch(/-3$/)
  expect([...seen]).toEqual(['service-removed'])
})
