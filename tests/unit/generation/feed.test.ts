import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFeed, type Preview } from '../../../electron/generation/feed'
import { newGeneration } from '../../../electron/generation/record'
import type { Generation, GenerationEvent } from '../../../shared/contract'

const params = {
  prompt: 'a fox',
  seed: 1,
  steps: 4,
  cfg: 1,
  width: 512,
  height: 512,
  sampler: 'euler',
  scheduler: 'simple',
  batch: 1,
}
const queued = newGeneration({ id: 'g', by: 'admin', serviceId: 's', kind: 'comfyui', simulated: true, params, now: 1 })
const at = (step: number): Generation => ({ ...queued, state: 'running', progress: { ...queued.progress, step } })
const done: Generation = { ...queued, state: 'succeeded' }
const preview = (text: string): Preview => ({ type: 'preview', mime: 'image/png', base64: text, step: null })
const stepOf = (event: GenerationEvent | undefined) =>
  event?.type === 'update' ? event.generation.progress.step : event

describe('feed', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('tells progress at most ten times a second, the newest last', () => {
    const told: (number | null)[] = []
    const feed = createFeed((generation) => told.push(generation.progress.step))
    for (let step = 1; step <= 50; step += 1) {
      feed.tellProgress(at(step))
      vi.advanceTimersByTime(10)
    }
    vi.advanceTimersByTime(200)
    expect(told.length).toBeLessThanOrEqual(7)
    expect(told[0]).toBe(1)
    expect(told.at(-1)).toBe(50)
  })

  it('tells an end at once, and no older progress after it', () => {
    const told: string[] = []
    const feed = createFeed((generation) => told.push(generation.state))
    feed.tellProgress(at(1))
    feed.tellProgress(at(2))
    feed.tell(done)
    vi.advanceTimersByTime(1000)
    expect(told).toEqual(['running', 'succeeded'])
  })

  it('shows at most four previews a second', async () => {
    const feed = createFeed(() => undefined)
    const events = feed.watch(() => at(1))
    await events.next()
    feed.show('g', preview('a'))
    expect((await events.next()).value).toEqual(preview('a'))
    feed.show('g', preview('b'))
    feed.show('g', preview('c'))
    const next = events.next()
    vi.advanceTimersByTime(250)
    expect((await next).value).toEqual(preview('c'))
    await events.return()
  })

  it('keeps for a page that does not read only the newest of each kind', async () => {
    const feed = createFeed(() => undefined)
    const events = feed.watch(() => queued)
    await events.next()
    for (let step = 1; step <= 10_000; step += 1) feed.tell(at(step))
    feed.show('g', preview('x'))
    expect(stepOf((await events.next()).value ?? undefined)).toBe(10_000)
    expect((await events.next()).value).toEqual(preview('x'))
    await events.return()
  })

  it('begins with the record as it is when reading begins, and ends after the last update', async () => {
    let now = queued
    const feed = createFeed(() => undefined)
    const events = feed.watch(() => now)
    now = done
    expect((await events.next()).value).toEqual({ type: 'update', generation: done })
    expect((await events.next()).done).toBe(true)
    expect(feed.subscriberCount()).toBe(0)
  })

  it('gives a page that comes late the last preview', async () => {
    const feed = createFeed(() => undefined)
    feed.show('g', preview('a'))
    const events = feed.watch(() => at(3))
    await events.next()
    expect((await events.next()).value).toEqual(preview('a'))
    await events.return()
  })

  it('forgets a page whose signal is aborted while it waits', async () => {
    const feed = createFeed(() => undefined)
    const page = new AbortController()
    const events = feed.watch(() => queued, page.signal)
    await events.next()
    const waiting = events.next()
    expect(feed.subscriberCount()).toBe(1)
    page.abort()
    expect((await waiting).done).toBe(true)
    expect(feed.subscriberCount()).toBe(0)
  })

  it('forgets a page that returns while it waits', async () => {
    const feed = createFeed(() => undefined)
    const events = feed.watch(() => queued)
    await events.next()
    const waiting = events.next()
    await events.return()
    expect((await waiting).done).toBe(true)
    expect(feed.subscriberCount()).toBe(0)
  })
})
