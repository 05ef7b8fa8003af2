import { beforeEach, expect, test } from 'vitest'
import { dueIn, emptyOutbox, gatherMs, hurry, notTaken, put, take, taken } from '../../../electron/alerts/outbox'
import type { Notice, Outbox } from '../../../electron/alerts/kept'
import { reason } from '../../../shared/problems'

const minuteMs = 60_000
const start = 1_700_000_000_000
const notice = (alertId: string): Notice => ({ alertId, phase: 'firing' })
const all = () => true
const why = reason('alerts.silent', { host: 'h', seconds: 15 })

let box: Outbox
let ids: number
beforeEach(() => {
  box = emptyOutbox()
  ids = 0
})
const takeAt = (now: number, mayPass: (notice: Notice) => boolean = all) =>
  take(box, { now, newId: () => `m${(ids += 1)}`, mayPass })

test('a storm of 200 alerts is one message', () => {
  for (let i = 0; i < 200; i++) put(box, notice(`a${i}`), start + i * 10)
  expect(dueIn(box, start + 2000, all)).toBe(gatherMs - 2000)
  expect(takeAt(start + gatherMs).notices).toHaveLength(200)
  expect(box.waiting).toEqual([])
})

test('what comes shortly after a message waits for the next one', () => {
  put(box, notice('a'), start)
  takeAt(start + gatherMs)
  expect(taken(box, start + gatherMs, 12)).toEqual([notice('a')])
  put(box, notice('b'), start + gatherMs + 1000)
  expect(dueIn(box, start + gatherMs + 1000, all)).toBe(29_000)
})

test('what was not taken is the same message at each try, and waits longer each time', () => {
  put(box, notice('a'), start)
  const waits: (number | null)[] = []
  let now = start + gatherMs
  const first = takeAt(now)
  for (let i = 0; i < 9; i++) {
    expect(notTaken(box, { now, why, afterMs: null })).toEqual([])
    const left = dueIn(box, now, all)
    waits.push(left)
    now += left ?? 0
    expect(takeAt(now)).toMatchObject({ id: first.id, notices: first.notices, tries: i + 2 })
  }
  expect(waits).toEqual([30_000, ...[1, 2, 5, 10, 20, 30, 60, 60].map((minutes) => minutes * minuteMs)])
  expect(box.failing).toMatchObject({ since: start + gatherMs, tries: 9 })
})

test('the other side may ask for a longer wait, but not for one of days', () => {
  put(box, notice('a'), start)
  takeAt(start)
  notTaken(box, { now: start, why, afterMs: 10 * minuteMs })
  expect(dueIn(box, start, all)).toBe(10 * minuteMs)
  notTaken(box, { now: start, why, afterMs: 1000 * 24 * 3600_000 })
  expect(dueIn(box, start, all)).toBe(6 * 60 * minuteMs)
})

test('after a day nobody has taken it, and it is given up; what came later is not', () => {
  put(box, notice('a'), start)
  let now = start
  for (let i = 0; i < 8; i++) {
    takeAt(now)
    expect(notTaken(box, { now, why, afterMs: null })).toEqual([])
  }
  put(box, notice('b'), now)
  now += 25 * 60 * minuteMs
  takeAt(now)
  expect(notTaken(box, { now, why, afterMs: null })).toEqual([notice('a')])
  expect(takeAt(now).notices).toEqual([notice('b')])
})

test('a clock that is set back by years keeps nothing waiting', () => {
  put(box, notice('a'), start)
  expect(dueIn(box, start - 365 * 24 * 3600_000, all)).toBe(0)
})

test('in quiet hours only what may pass is sent, and the rest is kept', () => {
  put(box, notice('a'), start)
  put(box, notice('b'), start)
  const isB = ({ alertId }: Notice) => alertId === 'b'
  expect(takeAt(start + gatherMs, isB).notices).toEqual([notice('b')])
  taken(box, start + gatherMs, 1)
  expect(dueIn(box, start + 60 * minuteMs, isB)).toBeNull()
  expect(takeAt(start + 60 * minuteMs).notices).toEqual([notice('a')])
})

test('what waited for the vault goes as soon as it is open', () => {
  put(box, notice('a'), start)
  takeAt(start)
  notTaken(box, { now: start, why, afterMs: null })
  hurry(box)
  expect(dueIn(box, start, all)).toBe(0)
})
