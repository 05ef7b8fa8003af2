import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLongPress, longPressMs } from '../../../renderer/features/gallery/long-press'
import { moveTo } from '../../../renderer/features/service-page/unreachable/move'
import { oneByOne } from '../../../renderer/features/services/list/bulk'
import { isNotifying, startNotifying, stopNotifying, tellDone } from '../../../renderer/features/studio/done-elsewhere'
import { notRecalled, recallStep, type WrittenPrompt } from '../../../renderer/features/studio/recall'
import type { Generation } from '../../../shared/contract'

const prompt = (text: string): WrittenPrompt => ({ prompt: text, negativePrompt: `no ${text}` })

describe('the prompts that were used', () => {
  const used = ['newest', 'older', 'oldest'].map(prompt)
  /** Presses keys, one after the other, and tells what stands there after each. */
  const press = (from: WrittenPrompt, ...keys: ('older' | 'newer')[]) => {
    let [recall, now] = [notRecalled, from]
    return keys.map((key) => {
      const step = recallStep(recall, used, now, key)
      if (step) [recall, now] = [step.recall, step.prompt]
      return now.prompt
    })
  }

  it('come back one by one, end at the oldest, and lead to what was being written', () => {
    expect(press(prompt('mine'), 'older', 'older', 'older', 'older')).toEqual(['newest', 'older', 'oldest', 'oldest'])
    expect(press(prompt('mine'), 'older', 'older', 'newer', 'newer', 'newer')).toEqual([
      ...['newest', 'older', 'newest'],
      ...['mine', 'mine'],
    ])
  })

  it('bring what they should avoid along, and what was written has its own back', () => {
    const first = recallStep(notRecalled, used, prompt('mine'), 'older')
    expect(first?.prompt).toEqual(prompt('newest'))
    expect(recallStep(first?.recall ?? notRecalled, used, prompt('newest'), 'newer')?.prompt).toEqual(prompt('mine'))
  })

  it('begin anew where the text was changed meanwhile, which is then what was being written', () => {
    const first = recallStep(notRecalled, used, prompt('mine'), 'older')
    const after = recallStep(first?.recall ?? notRecalled, used, prompt('newest, and more'), 'older')
    expect(after?.prompt.prompt).toBe('newest')
    expect(recallStep(after?.recall ?? notRecalled, used, prompt('newest'), 'newer')?.prompt.prompt).toBe(
      'newest, and more',
    )
  })

  it('are none where none was used', () => {
    expect(recallStep(notRecalled, [], prompt('mine'), 'older')).toBeNull()
    expect(recallStep(notRecalled, used, prompt('mine'), 'newer')).toBeNull()
  })
})

describe('a long press', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  const touch = { pointerType: 'touch' }

  it('chooses once, and the click that ends it opens nothing', () => {
    const [press, rested] = [createLongPress(), vi.fn()]
    press.down(touch, rested)
    vi.advanceTimersByTime(longPressMs - 1)
    press.move({ movementX: 2, movementY: -2 })
    expect(rested).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(rested).toHaveBeenCalledOnce()
    expect(press.hasRested()).toBe(true)
    press.end()
    expect([press.takeClick(), press.takeClick()]).toEqual([true, false])
  })

  it('is none where the finger scrolls, is lifted before, or is a mouse', () => {
    const rested = vi.fn()
    const ends: ((press: ReturnType<typeof createLongPress>) => void)[] = [
      (press) => press.move({ movementX: 0, movementY: 9 }),
      (press) => press.end(),
    ]
    for (const end of ends) {
      const press = createLongPress()
      press.down(touch, rested)
      vi.advanceTimersByTime(100)
      end(press)
      vi.advanceTimersByTime(longPressMs)
      expect(press.takeClick()).toBe(false)
    }
    createLongPress().down({ pointerType: 'mouse' }, rested)
    vi.advanceTimersByTime(longPressMs)
    expect(rested).not.toHaveBeenCalled()
  })
})

describe('generations that wait for a service that cannot be reached', () => {
  const waiting = ['a', 'b', 'c'].map((id) => ({ id, params: { prompt: id, seed: 1 } }))

  it('are given up here only when they were taken there, in their order', async () => {
    const done: string[] = []
    await moveTo('other', waiting, {
      create: ({ serviceId, params }) => Promise.resolve(done.push(`${serviceId} ${params.prompt}`)),
      cancel: ({ id }) => Promise.resolve(done.push(`cancel ${id}`)),
    })
    expect(done).toEqual(['other a', 'cancel a', 'other b', 'cancel b', 'other c', 'cancel c'])
  })

  it('stay where they are from the first that is refused on', async () => {
    const cancelled: string[] = []
    const moved = moveTo('other', waiting, {
      create: ({ params }) =>
        params.prompt === 'b' ? Promise.reject(new Error('the queue is full')) : Promise.resolve(),
      cancel: ({ id }) => Promise.resolve(cancelled.push(id)),
    })
    await expect(moved).rejects.toThrow('the queue is full')
    expect(cancelled).toEqual(['a'])
  })
})

describe('the same for several services', () => {
  const all = ['a', 'b', 'c'].map((id) => ({ id }))

  it('goes on after a failure, and tells of each', async () => {
    const begun: number[] = []
    const failed = await oneByOne(all, {
      ...{ signal: new AbortController().signal, begun: (done) => begun.push(done) },
      act: ({ id }) => (id === 'b' ? Promise.reject(new Error('refused')) : Promise.resolve()),
    })
    expect([begun, failed.map(({ id }) => id)]).toEqual([[0, 1, 2], ['b']])
  })

  it('is cancelled by beginning nothing more: what goes on is finished', async () => {
    const [stop, finished] = [new AbortController(), [] as string[]]
    await oneByOne(all, {
      ...{ signal: stop.signal, begun: () => undefined },
      act: async ({ id }) => {
        if (id === 'b') stop.abort()
        await Promise.resolve()
        finished.push(id)
      },
    })
    expect(finished).toEqual(['a', 'b'])
  })
})

describe('an image that is done while nobody looks', () => {
  const told: { title: string; body: string | undefined; tag: string | undefined }[] = []
  let visible: () => void = () => undefined
  const page = {
    hidden: true,
    title: 'Studio · Regie',
    addEventListener: (_type: string, listener: () => void) => (visible = listener),
    removeEventListener: () => (visible = () => undefined),
  }
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
  class Notified {
    static permission: NotificationPermission = 'default'
    static answer: NotificationPermission = 'granted'
    static requestPermission() {
      Notified.permission = Notified.answer
      return Promise.resolve(Notified.answer)
    }
    onclick: (() => void) | null = null
    constructor(title: string, { body, tag }: NotificationOptions) {
      told.push({ title, body, tag })
    }
  }
  // What is told of needs no more than these.
  const ended = (id: string, state: Generation['state']) =>
    ({ id, state, serviceId: 'forge', params: { prompt: 'a lake'.padEnd(300, '!'), seed: 1 } }) as Generation

  beforeEach(() => {
    told.length = 0
    kept.clear()
    Object.assign(page, { hidden: true, title: 'Studio · Regie' })
    Object.assign(Notified, { permission: 'default', answer: 'granted' })
    vi.stubGlobal('document', page)
    vi.stubGlobal('window', { Notification: Notified, focus: () => undefined })
    vi.stubGlobal('Notification', Notified)
    vi.stubGlobal('localStorage', storage)
  })
  afterEach(() => {
    page.hidden = false
    visible()
    vi.unstubAllGlobals()
  })

  it('is counted in the tab’s title until somebody looks', async () => {
    for (const id of ['1', '2']) await tellDone(ended(id, 'succeeded'))
    await tellDone(ended('3', 'failed'))
    expect(page.title).toBe('(3) Studio · Regie')
    visible() // still hidden: another window came to the front
    expect(page.title).toBe('(3) Studio · Regie')
    page.hidden = false
    visible()
    expect(page.title).toBe('Studio · Regie')
    page.hidden = true
    await tellDone(ended('4', 'succeeded'))
    expect(page.title).toBe('(1) Studio · Regie')
    expect(told).toEqual([])
  })

  it('is told by the browser once a person has allowed it, once for each image, with little of the prompt', async () => {
    expect(await startNotifying()).toBe(true)
    expect(isNotifying()).toBe(true)
    await tellDone(ended('1', 'succeeded'))
    expect(told).toMatchObject([{ tag: '1' }])
    expect(told[0]?.body).toHaveLength(120)
    stopNotifying()
    await tellDone(ended('2', 'succeeded'))
    expect(told).toHaveLength(1)
  })

  it('is not told where the browser refuses, was told to stop, or somebody looks', async () => {
    Notified.answer = 'denied'
    expect(await startNotifying()).toBe(false)
    expect(isNotifying()).toBe(false)
    await tellDone(ended('1', 'cancelled'))
    expect(page.title).toBe('Studio · Regie')
    page.hidden = false
    await tellDone(ended('2', 'succeeded'))
    expect([page.title, told]).toEqual(['Studio · Regie', []])
  })
})
