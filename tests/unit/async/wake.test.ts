import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { onAbort, orAborted } from '../../../electron/async/abort'
import { createLatest } from '../../../electron/async/latest'
import { pause } from '../../../electron/async/pause'
import { createWake } from '../../../electron/async/wake'

const abortListeners = ({ signal }: AbortController) => getEventListeners(signal, 'abort').length

/** Whether a promise has settled by now. */
async function isOver(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol('open')
  return (await Promise.race([promise, new Promise((resolve) => setImmediate(() => resolve(open)))])) !== open
}

describe('a wake', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  it('wakes all who wait, and nobody who comes later', async () => {
    const { wake, next } = createWake()
    const both = [next(), next()]
    wake()
    await Promise.all(both)
    expect(await isOver(next())).toBe(false)
  })

  it('does not wake again in the same call who waits anew', async () => {
    const { wake, next } = createWake()
    let woken = 0
    const again = (): Promise<void> => next().then(() => ((woken += 1) < 3 ? again() : undefined))
    const done = again()
    wake()
    expect(await isOver(done)).toBe(false)
    expect(woken).toBe(1)
  })

  it('ends with the signal, were it before, and with the time; nothing is left of either', async () => {
    const { wake, next } = createWake()
    const leaving = new AbortController()
    for (let wait = 0; wait < 12; wait++) {
      const told = next(leaving.signal, 1000)
      expect(abortListeners(leaving)).toBe(1)
      wake()
      await told
      const late = next(leaving.signal, 1000)
      vi.advanceTimersByTime(1000)
      await late
    }
    expect(abortListeners(leaving)).toBe(0)
    expect(vi.getTimerCount()).toBe(0)

    const last = next(leaving.signal, 1000)
    leaving.abort()
    await last
    await next(leaving.signal, 1000)
    expect(abortListeners(leaving)).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('misses nothing for a reader that looks before it waits', async () => {
    const { wake, reader } = createWake()
    const [one, other] = [reader(), reader()]
    wake()
    wake()
    await one()
    const waits = one()
    expect(await isOver(waits)).toBe(false)
    await other()
    wake()
    await waits
  })
})

describe('the latest', () => {
  it('is handed out once; what it replaced is not', async () => {
    const news = createLatest<{ n: number }>()
    news.put({ n: 1 })
    news.put({ n: 2 })
    expect(await news.next()).toEqual({ n: 2 })
    const later = news.next()
    expect(await isOver(later)).toBe(false)
    news.put({ n: 3 })
    expect(await later).toEqual({ n: 3 })
  })

  it('is still handed out at the end, and then nothing any more', async () => {
    const news = createLatest<{ n: number }>()
    news.put({ n: 1 })
    news.end()
    expect(await news.next()).toEqual({ n: 1 })
    expect(await news.next()).toBeNull()
    const waiting = createLatest<{ n: number }>()
    const last = waiting.next()
    waiting.end()
    expect(await last).toBeNull()
  })

  it('is not waited for once the signal aborts, and leaves nothing on it', async () => {
    const news = createLatest<{ n: number }>()
    const leaving = new AbortController()
    const waiting = news.next(leaving.signal)
    expect(abortListeners(leaving)).toBe(1)
    leaving.abort()
    expect(await waiting).toBeNull()
    news.put({ n: 1 })
    expect(await news.next(leaving.signal)).toBeNull()
    expect(abortListeners(leaving)).toBe(0)
  })
})

describe('a pause', () => {
  it('ends with its signal, were it before, and leaves nothing on it', async () => {
    const leaving = new AbortController()
    await pause(1, leaving.signal)
    expect(abortListeners(leaving)).toBe(0)
    const long = pause(60_000, leaving.signal)
    leaving.abort()
    await long
    await pause(60_000, leaving.signal)
    expect(abortListeners(leaving)).toBe(0)
  })
})

describe('what is done when a signal aborts', () => {
  it('is done once, at once where it has, and not after it was taken back', () => {
    const leaving = new AbortController()
    const done: string[] = []
    const act = () => void done.push('done')
    // The same one twice is two.
    const [leave, other] = [onAbort(leaving.signal, act), onAbort(leaving.signal, act)]
    expect(abortListeners(leaving)).toBe(2)
    leave()
    expect(abortListeners(leaving)).toBe(1)
    leaving.abort()
    expect(done).toEqual(['done'])
    onAbort(leaving.signal, act)()
    expect(done).toEqual(['done', 'done'])
    other()
    expect(abortListeners(leaving)).toBe(0)
  })
})

describe('what is waited for until a signal aborts', () => {
  it('settles as it does, and leaves nothing on the signal', async () => {
    const { signal } = new AbortController()
    expect(await orAborted(Promise.resolve('yes'), signal)).toBe('yes')
    await expect(orAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no')
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('is given up with the signal’s reason; what is no error becomes one', async () => {
    const never = new Promise<void>(() => undefined)
    const leaving = new AbortController()
    const given = orAborted(never, leaving.signal)
    leaving.abort(new Error('cancelled'))
    await expect(given).rejects.toThrow('cancelled')
    await expect(orAborted(never, AbortSignal.abort('words'))).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    )
    expect(abortListeners(leaving)).toBe(0)
  })
})
