import { describe, expect, onTestFinished, test } from 'vitest'
import { createListeners } from '../../../electron/async/listeners'
import { migrations } from '../../../electron/generation/migrations'
import type { ImageBackend, ResolvedParams } from '../../../electron/kinds/backend'
import { createLoadTestStore, LoadTestPart, type LoadTestOptions } from '../../../electron/load-test'
import { closeDatabase, openDatabase } from '../../../electron/storage/database'
import type { LoadTest, LoadTestOrder, PanelEvent, Service, ServiceLoad } from '../../../shared/contract'
import { figuresOf } from '../../../shared/load-report'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

const order: LoadTestOrder = { count: 10, concurrency: 2, limitS: 60, params: {} }
const made = { prompt: 'a lighthouse', width: 64, height: 64, steps: 4, family: null }
const resolved = { ...made, checkpoint: 'one.safetensors', seed: 1, batch: 1 } as unknown as ResolvedParams // all that is read

/** One service on which nothing stands against a load test, but for what is changed. */
async function world(
  changed: Partial<LoadTestOptions> & { state?: ServiceLoad['state']; params?: ResolvedParams } = {},
) {
  const { state = 'idle', params = resolved, ...others } = changed
  const folder = await temporaryFolder('regie-load')
  const { database } = await openDatabase(`${folder.path}/regie.db`, migrations)
  onTestFinished(async () => {
    closeDatabase(database)
    await folder[Symbol.asyncDispose]()
  })
  const events = createListeners<[PanelEvent]>((error) => {
    throw error
  })
  const service = { id: 's', operation: null, health: { state: 'ready' } } as unknown as Service // all that is read
  const load = { serviceId: 's', state, own: 0, running: null, waiting: null } satisfies ServiceLoad
  const audited: string[] = []
  const store = createLoadTestStore(database)
  const part = new LoadTestPart({
    store,
    service: () => service,
    services: () => [service],
    backendOf: () => ({ resolve: () => Promise.resolve(params) }) as unknown as ImageBackend, // all that is asked before a start
    cards: { turn: () => new Promise(() => undefined), countOn: () => 0, beside: () => ({ all: 0, waiting: 0 }) },
    gpus: async function* () {},
    cardOf: () => null,
    trials: { on: () => [], begin: () => () => undefined },
    loadOf: () => Promise.resolve(load),
    underWay: () => null,
    isAsleep: () => false,
    wake: () => Promise.resolve(),
    goldenMs: () => null,
    audit: { appendFirst: (entry) => Promise.resolve(void audited.push(entry.action)) },
    publish: () => undefined,
    listen: events.on,
    reportBug(error) {
      throw error
    },
    ...others,
  })
  const start = (anyway = false) => part.start('s', order, { by: 'admin', who: 'Admin', anyway })
  return { part, store, audited, start, service }
}

/** A test as it is kept. */
function kept(changed: Partial<LoadTest> = {}): LoadTest {
  return {
    ...{ id: '0b7b6f0e-0000-4000-8000-000000000001', serviceId: 's', by: 'admin', state: 'completed', startedAt: 1000 },
    ...{ finishedAt: 61_000, order, made, conditions: { model: 'one.safetensors', version: null, gpu: null } },
    figures: figuresOf(measured),
    ...changed,
  }
}
const measured = {
  images: Array.from({ length: 10 }, (_, n) => ({ n, startedMs: 0, tookMs: 1000, queueMs: 0, error: null })),
  ...{ vram: [], vramTotalMiB: null, elapsedMs: 60_000 },
}

describe('a load test is not begun', () => {
  const notReady = { id: 's', operation: null, health: { state: 'stopped' } } as unknown as Service // all that is read
  const starting = { id: 's', operation: 'restart', health: { state: 'ready' } } as unknown as Service // all that is read
  const hindered: [problem: string, how: Partial<LoadTestOptions>][] = [
    ['load-test.rotating', { underWay: () => 'rotation' }],
    ['load-test.updating', { underWay: () => 'update' }],
    ['load-test.not-ready', { service: () => notReady }],
    ['load-test.not-ready', { service: () => starting }],
  ]
  test.each(hindered)('for %s, not even where it is confirmed, and leaves no trace', async (id, how) => {
    const { part, store, audited, start } = await world(how)
    expect((await part.plan('s', order)).blocked?.problem).toBe(id)
    await expect(start(true)).rejects.toMatchObject({ id })
    expect(audited).toEqual([])
    expect(store.tests('s')).toEqual([])
  })

  test('where nobody can tell whether others work, unless that is confirmed', async () => {
    const { part, audited, start } = await world({ state: 'unknown' })
    expect((await part.plan('s', order)).confirm?.problem).toBe('load-test.load-unknown')
    await expect(start()).rejects.toMatchObject({ id: 'load-test.load-unknown' })
    expect(audited).toEqual([])
  })

  test('on a service that sleeps, unless it is confirmed that it is woken', async () => {
    const woken: string[] = []
    const { part, audited, start, store } = await world({
      service: () => notReady,
      isAsleep: () => woken.length === 0,
      wake: (id, by) => Promise.resolve(void woken.push(`${id} ${by}`)),
    })
    expect(await part.plan('s', order)).toMatchObject({ made: null, confirm: { problem: 'load-test.asleep' } })
    await expect(start()).rejects.toMatchObject({ id: 'load-test.asleep' })
    expect([audited, woken]).toEqual([[], []])
    const { id } = await start(true)
    await until('it has ended', () => store.find('s', id)?.finishedAt !== null)
    // One that does not get ready is no service to measure.
    expect(store.find('s', id)).toMatchObject({ state: 'failed', reason: { problem: 'load-test.not-ready' } })
    expect(woken).toEqual(['s admin'])
  })

  test('any longer when it is cancelled while its service wakes', async () => {
    const { part, start } = await world({
      ...{ service: () => notReady, isAsleep: () => true },
      wake: () => new Promise(() => undefined),
    })
    await start(true)
    expect(await part.cancel('s')).toMatchObject({ state: 'cancelled', figures: { done: 0 } })
  })

  test('of an imported workflow, which has no prompt and size of its own', async () => {
    const { part } = await world({ params: { ...resolved, workflowVersion: {} } as unknown as ResolvedParams }) // all that is read
    expect((await part.plan('s', order)).blocked?.problem).toBe('load-test.family-only')
  })
})

describe('how long it should take is told', () => {
  test('by one of the same model and as many at a time, and else by a golden check of that model', async () => {
    const { part, store } = await world({
      goldenMs: (_id, _made, model) => (model === 'one.safetensors' ? 2000 : null),
    })
    expect(await part.plan('s', order)).toMatchObject({ estimateMs: 20_000, from: 'golden' })
    store.put(kept(), measured)
    expect(await part.plan('s', order)).toMatchObject({ estimateMs: 60_000, from: 'load-test' })
    expect(await part.plan('s', { ...order, concurrency: 3 })).toMatchObject({ estimateMs: 20_000, from: 'golden' })
  })

  test('by none of another model', async () => {
    const { part, store } = await world()
    store.put(kept({ conditions: { model: 'two.safetensors', version: null, gpu: null } }), measured)
    expect(await part.plan('s', order)).toMatchObject({ estimateMs: null, from: null })
  })
})

test('one that a killed panel has left open is interrupted at the next start, with what it had measured', async () => {
  const { part, store } = await world()
  const test = kept({ state: 'running', finishedAt: null })
  store.put(test, measured)
  part.begin()
  expect(part.list('s')).toMatchObject({
    running: null,
    tests: [{ state: 'interrupted', finishedAt: 61_000, reason: { problem: 'load-test.interrupted' } }],
  })
  expect(part.read('s', test.id)).toMatchObject({ figures: { done: 10, perMinute: 10 } })
  expect(store.open()).toEqual([])
  await part.close()
})
