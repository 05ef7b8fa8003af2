import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openGallery } from '../../../electron/generation'
import { newGeneration } from '../../../electron/generation/record'
import { migrations } from '../../../electron/generation/migrations'
import { pageSql } from '../../../electron/generation/query'
import { createStore, type GenerationStore, type PageQuery } from '../../../electron/generation/store'
import { openDatabase, type Database } from '../../../electron/storage/database'
import type { Generation } from '../../../shared/contract'
import { temporaryFolder } from '../../support/programs'

const words =
  'lighthouse dawn watercolour fox snow photo red blue ancient city market portrait forest river castle'.split(' ')

const sample = (n: number, more: Partial<Generation> & { prompt?: string } = {}): Generation => {
  const { prompt, ...rest } = more
  const text = Array.from({ length: 12 }, (_, i) => words[(n * 7 + i * i) % words.length]).join(' ')
  const params = { prompt: prompt ?? `${text} ${n}`, seed: n, steps: 4, cfg: 1, width: 64, height: 64 }
  const about = {
    id: `g${n}`,
    by: 'admin',
    serviceId: n % 2 ? 'comfy' : 'forge',
    kind: 'comfyui',
    simulated: true,
    now: n,
  } as const
  const resolved = { ...params, sampler: 'euler', scheduler: 'simple', batch: 1 }
  return { ...newGeneration({ ...about, params: resolved }), state: n % 10 ? 'succeeded' : 'failed', ...rest }
}

async function openStore() {
  const folder = await temporaryFolder()
  const { database } = await openDatabase(`${folder.path}/regie.db`, migrations)
  return { database, store: createStore(database), folder }
}

function collect(store: GenerationStore, query: PageQuery): string[] {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = store.page({ ...query, cursor })
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return ids
}

describe('the gallery', () => {
  it('tells the last generations of a service, anew after each change of a record', async () => {
    await using folder = await temporaryFolder()
    const gallery = await openGallery(`${folder.path}/regie.db`)
    const last = () => {
      const { succeeded, failed } = gallery.lastOf('comfy')
      return [succeeded?.id, failed?.id]
    }
    expect(last()).toEqual([undefined, undefined])
    gallery.store.add(sample(1))
    gallery.store.add(sample(3))
    gallery.store.add(sample(2, { state: 'failed' }))
    expect(last()).toEqual(['g3', undefined])
    gallery.store.save({ ...sample(3), state: 'failed' })
    expect(last()).toEqual(['g1', 'g3'])
    gallery.store.setRemoved('g3', 1)
    expect(last()).toEqual(['g1', undefined])
    gallery.store.setRemoved('g3', null)
    expect(last()).toEqual(['g1', 'g3'])
    gallery.close()
  })
})

it('what was made before there were accounts belongs to the first, and each account has its own', async () => {
  await using folder = await temporaryFolder()
  const file = `${folder.path}/regie.db`
  const before = await openDatabase(file, migrations.slice(0, 2))
  const recorded = Object.fromEntries(Object.entries(sample(1)).filter(([key]) => key !== 'by'))
  before.database.exec(`
    INSERT INTO generations (id, service_id, state, prompt) VALUES ('g1', 'comfy', 'succeeded', 'an older fox');
    INSERT INTO generation_records SELECT seq, '${JSON.stringify(recorded)}' FROM generations`)
  before.database.close()

  const { database } = await openDatabase(file, migrations)
  const store = createStore(database)
  store.add(sample(2, { by: 'user', prompt: 'a newer fox' }))
  store.save({ ...sample(2, { by: 'admin' }), state: 'failed' }) // whose it is never changes

  expect(store.find('g1')?.by).toBe('admin')
  expect(store.page({ limit: 9 }).items.map(({ id, by }) => [id, by])).toEqual([
    ['g2', 'user'],
    ['g1', 'admin'],
  ])
  expect([collect(store, { limit: 9, by: 'user' }), collect(store, { limit: 9, by: 'admin' })]).toEqual([
    ['g2'],
    ['g1'],
  ])
  expect(collect(store, { limit: 9, by: 'user', search: 'fox' })).toEqual(['g2'])
  database.close()
})

describe('the store', () => {
  let database: Database
  let store: GenerationStore
  let dispose: () => Promise<void>
  beforeAll(async () => {
    const opened = await openStore()
    ;({ database, store } = opened)
    dispose = async () => {
      database.close()
      await opened.folder[Symbol.asyncDispose]()
    }
    for (let n = 1; n <= 25; n += 1) store.add(sample(n))
    for (const [n, prompt] of [
      'Ein Löwe im Café, 50% grau',
      '雪の中の灯台、夜明け',
      'שלום לעולם 🦊🦊🦊',
      `long ${'a '.repeat(5000)} needle-at-the-end`,
      'quote " and NEAR(x) OR *',
    ].entries())
      store.add(sample(100 + n, { prompt }))
  })
  afterAll(() => dispose())

  const search = (text: string) => collect(store, { limit: 50, search: text })

  it('pages newest first, each generation once', () => {
    const ids = collect(store, { limit: 7 })
    expect(ids).toHaveLength(30)
    expect(new Set(ids).size).toBe(30)
    expect(ids.slice(0, 2)).toEqual(['g104', 'g103'])
    expect(ids.at(-1)).toBe('g1')
  })

  it('does not repeat or skip when new ones arrive between two pages', () => {
    const first = store.page({ limit: 3 })
    store.add(sample(200))
    const second = store.page({ limit: 3, cursor: first.nextCursor ?? '' })
    store.purge('g200')
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([
      'g104',
      'g103',
      'g102',
      'g101',
      'g100',
      'g25',
    ])
  })

  it('filters by service and by state, also while searching', () => {
    expect(collect(store, { limit: 4, serviceId: 'forge', state: 'failed' })).toEqual(['g100', 'g20', 'g10'])
    expect(collect(store, { limit: 4, search: 'lighthouse', state: 'failed' })).toEqual(
      ['g20', 'g10'].filter((id) => search('lighthouse').includes(id)),
    )
  })

  it('finds any part of a word, without regard to case and accents', () => {
    expect(search('LOWE cafe')).toEqual(['g100'])
    expect(search('öwe')).toEqual(['g100'])
    expect(search('needle-at')).toEqual(['g103'])
  })

  it('finds scripts without spaces, right-to-left text and emoji', () => {
    expect(search('灯台、夜')).toEqual(['g101'])
    expect(search('灯台')).toEqual(['g101'])
    expect(search('לעולם')).toEqual(['g102'])
    expect(search('🦊')).toEqual(['g102'])
  })

  it('takes everything that a person types as text', () => {
    expect(search('50%')).toEqual(['g100'])
    expect(search('"')).toEqual(['g104'])
    expect(search('NEAR(x) OR *')).toEqual(['g104'])
    expect(search("'; DROP TABLE generations; --")).toEqual([])
    expect(search('%')).toEqual(['g100'])
  })

  it('does not find what was removed, and finds it again after the undo', () => {
    store.setRemoved('g101', 1)
    expect(search('灯台、夜')).toEqual([])
    expect(store.find('g101')).toBeNull()
    store.setRemoved('g101', null)
    expect(search('灯台、夜')).toEqual(['g101'])
  })

  it('forgets a purged generation in the search too', () => {
    store.add(sample(300, { prompt: 'unmistakable' }))
    expect(search('unmistakable')).toEqual(['g300'])
    store.purge('g300')
    expect(search('unmistakable')).toEqual([])
  })

  it('asks the indices, so that a large gallery stays quick', () => {
    const planOf = (query: Partial<PageQuery>) => {
      const { sql, values } = pageSql({ limit: 50, ...query })
      const rows = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values)
      return rows.map((row) => JSON.stringify(row)).join(' ')
    }
    const cursor = 'g9'
    expect(planOf({ cursor })).toContain('SEARCH g USING INTEGER PRIMARY KEY')
    expect(planOf({ serviceId: 'a', cursor })).toContain('generations_by_service ')
    expect(planOf({ serviceId: 'a', state: 'failed', cursor })).toContain('generations_by_service_and_state')
    expect(planOf({ state: 'failed' })).toContain('generations_by_state')
    expect(planOf({ by: 'user', cursor })).toContain('generations_by_account ')
    expect(planOf({ order: 'largest', cursor: 'v9.9' })).toContain('generations_by_size')
    expect(planOf({ order: 'longest' })).toContain('generations_by_time')
    expect(planOf({ model: 'm' })).toContain('generations_by_model')
    for (const query of [
      { order: 'oldest' },
      { order: 'largest' },
      { order: 'longest', cursor: 'v9.9' },
      { show: 'images' },
      { show: 'ended' },
      { favourite: true, reader: 'user', cursor },
      { tag: 'print', favourite: true, reader: 'user' },
      { model: 'm' },
      { from: 1, to: 2, show: 'images' },
      {},
      { serviceId: 'a' },
      { by: 'user' },
      { state: 'failed' },
      { search: 'fox', cursor },
    ] as const)
      expect(planOf(query), JSON.stringify(query)).not.toContain('TEMP B-TREE')
  })
})
