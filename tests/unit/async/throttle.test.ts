import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createThrottle } from '../../../electron/async/throttle'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const throttled = () => {
  const passed: number[] = []
  return { passed, ...createThrottle<number>(100, (value) => passed.push(value)) }
}

it('passes the first on at once, then the newest of each period', () => {
  const { passed, push } = throttled()
  for (let value = 1; value <= 25; value++) {
    push(value)
    vi.advanceTimersByTime(10)
  }
  expect(passed).toEqual([1, 10, 20])
  vi.advanceTimersByTime(100)
  expect(passed).toEqual([1, 10, 20, 25])
  vi.advanceTimersByTime(1000)
  push(26)
  expect(passed.at(-1)).toBe(26)
})

it('keeps its distance also after what waited', () => {
  const { passed, push } = throttled()
  push(1)
  push(2)
  vi.advanceTimersByTime(100)
  push(3)
  expect(passed).toEqual([1, 2])
})

it('passes on what waits when it is flushed, once', () => {
  const { passed, push, flush } = throttled()
  push(1)
  push(2)
  flush()
  flush()
  vi.advanceTimersByTime(1000)
  expect(passed).toEqual([1, 2])
  expect(vi.getTimerCount()).toBe(0)
})

it('forgets what waits when it is dropped, and leaves no timer', () => {
  const { passed, push, drop } = throttled()
  push(1)
  push(2)
  drop()
  expect(vi.getTimerCount()).toBe(0)
  vi.advanceTimersByTime(1000)
  expect(passed).toEqual([1])
  push(3)
  expect(passed).toEqual([1, 3])
})
