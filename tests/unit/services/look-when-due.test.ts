import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createListeners } from '../../../electron/async/listeners'
import { createLooks } from '../../../electron/services/look-when-due'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A service that is due so long after each look, and what was asked of it. */
function service(afterMs: number | null) {
  const seen = { asked: 0, looks: [] as number[], afterMs }
  let lookedAt = Date.now()
  return {
    seen,
    dueIn(now: number) {
      seen.asked += 1
      return seen.afterMs === null ? null : lookedAt + seen.afterMs - now
    },
    look() {
      lookedAt = Date.now()
      seen.looks.push(lookedAt)
      return Promise.resolve()
    },
  }
}

it('wakes up every five seconds where nobody watches and none is due soon, and every half a second else', async () => {
  const begun = Date.now()
  const calm = service(20_000)
  let isWatched = false
  const opened = createListeners<[]>()
  const looks = createLooks(() => [calm], { watched: () => isWatched, onWatched: opened.on })
  await vi.advanceTimersByTimeAsync(18_000)
  // Twice a wake: what is due, and when the next is.
  expect(calm.seen).toMatchObject({ looks: [], asked: 1 + 3 * 2 })
  await vi.advanceTimersByTimeAsync(4_000)
  expect(calm.seen.looks.map((at) => at - begun)).toEqual([20_000])
  isWatched = true
  opened.tell()
  calm.seen.asked = 0
  await vi.advanceTimersByTimeAsync(5_000)
  expect(calm.seen.asked).toBe(10 * 2)
  looks.close()
})

it('looks soon at what has become due by a change, or by what a look has seen', async () => {
  const begun = Date.now()
  const calm = service(60_000)
  const looks = createLooks(() => [calm], { watched: () => false })
  await vi.advanceTimersByTimeAsync(10_100)
  calm.seen.afterMs = 500
  looks.soon()
  await vi.advanceTimersByTimeAsync(1_600)
  expect(calm.seen.looks.map((at) => at - begun)).toEqual([10_600, 11_100, 11_600])
  looks.close()
})

it('is never put off by changes that follow one another', async () => {
  const begun = Date.now()
  const calm = service(1_000)
  const looks = createLooks(() => [calm], { watched: () => false })
  for (let at = 0; at < 3_000; at += 100) {
    await vi.advanceTimersByTimeAsync(100)
    looks.soon()
  }
  expect(calm.seen.looks.map((at) => at - begun)).toEqual([1_000, 2_000, 3_000])
  looks.close()
})

it('leaves a service alone while something is done to it, and looks no more once closed', async () => {
  const busy = service(null)
  const looks = createLooks(() => [busy], { watched: () => true })
  await vi.advanceTimersByTimeAsync(5_000)
  expect(busy.seen.looks).toEqual([])
  busy.seen.afterMs = 0
  looks.close()
  looks.soon()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(busy.seen.looks).toEqual([])
})
