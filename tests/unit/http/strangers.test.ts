import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createStrangers } from '../../../electron/http/strangers'

const connection = () => {
  const events = new EventEmitter()
  const closed: number[] = []
  return Object.assign(events, {
    closed,
    close: (code: number) => {
      closed.push(code)
      events.emit('close')
    },
  })
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('a stranger’s connection is closed after its time, and one that is gone is not', () => {
  const strangers = createStrangers({ lastsMs: 1000 })
  const [stays, leaves] = [connection(), connection()]
  strangers.admit(stays)
  strangers.admit(leaves)
  leaves.emit('close')

  vi.advanceTimersByTime(999)
  expect(stays.closed).toEqual([])
  vi.advanceTimersByTime(1)
  expect(stays.closed).toEqual([4401])
  expect(leaves.closed).toEqual([])
})

it('the oldest connection goes when there are too many, and only then', () => {
  const strangers = createStrangers({ most: 2 })
  const all = [connection(), connection(), connection()]
  for (const one of all) strangers.admit(one)
  expect(all.map(({ closed }) => closed)).toEqual([[4429], [], []])
  strangers.admit(connection())
  expect(all.map(({ closed }) => closed)).toEqual([[4429], [4429], []])
})
