import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createRecent } from '../../../electron/async/recent'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

const { signal } = new AbortController()

it('gives what it has for so long, and then asks again', async () => {
  let asked = 0
  const recent = createRecent(100, () => Promise.resolve(++asked))
  expect(await Promise.all([recent(signal), recent(signal)])).toEqual([1, 1])
  vi.advanceTimersByTime(99)
  expect(await recent(signal)).toBe(1)
  vi.advanceTimersByTime(1)
  expect(await recent(signal)).toBe(2)
})

it('asks again after a failure, which all who asked meanwhile are told', async () => {
  let asked = 0
  const recent = createRecent(100, () => (++asked === 1 ? Promise.reject(new Error('down')) : Promise.resolve(asked)))
  const both = await Promise.allSettled([recent(signal), recent(signal)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await recent(signal)).toBe(2)
})

it('asks anew for all who come after, and tells whether something is kept', async () => {
  let asked = 0
  const recent = createRecent(100, () => Promise.resolve(++asked))
  expect(recent.isKept()).toBe(false)
  expect(await recent(signal)).toBe(1)
  expect(recent.isKept()).toBe(true)
  expect([await recent.anew(signal), await recent(signal)]).toEqual([2, 2])
  vi.advanceTimersByTime(100)
  expect(recent.isKept()).toBe(false)
})
