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

it('goes on for others when one leaves, and is given up with the last', async () => {
  const seen: AbortSignal[] = []
  const recent = createRecent(100, (asking) => {
    seen.push(asking)
    return new Promise<number>((resolve, reject) => {
      asking.addEventListener('abort', () => reject(new Error('given up')))
      if (seen.length === 1) setTimeout(() => resolve(7), 5)
    })
  })
  const [first, other, alone] = [new AbortController(), new AbortController(), new AbortController()]
  const both = Promise.allSettled([recent(first.signal), recent(other.signal)])
  first.abort(new Error('left'))
  expect(await both).toMatchObject([{ status: 'rejected', reason: { message: 'left' } }, { value: 7 }])
  expect(seen.map(({ aborted }) => aborted)).toEqual([false])

  const last = recent.anew(alone.signal)
  alone.abort(new Error('left too'))
  await expect(last).rejects.toThrow('left too')
  expect(seen.map(({ aborted }) => aborted)).toEqual([false, true])
  await vi.waitFor(() => expect(recent.isKept()).toBe(false))
})
