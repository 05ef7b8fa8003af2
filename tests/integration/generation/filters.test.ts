import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openGallery, type Gallery } from '../../../electron/generation'
import { migrations } from '../../../electron/generation/migrations'
import { newGeneration } from '../../../electron/generation/record'
import type { PageQuery } from '../../../electron/generation/store'
import { openDatabase } from '../../../electron/storage/database'
import type { GalleryOrder, Generation } from '../../../shared/contract'
import { temporaryFolder } from '../../support/programs'

const about = { by: 'admin', kind: 'comfyui', simulated: true } as const
const params = { steps: 4, cfg: 1, width: 64, height: 64, sampler: 'euler', scheduler: 'simple', batch: 1 }

/** Number `n` of the gallery: created at n seconds, n kB large, and the earlier the longer. */
function sample(n: number, more: Partial<Generation> = {}): Generation {
  const id = `g${n}`
  const made = newGeneration({
    ...about,
    ...{ id, serviceId: n % 2 ? 'odd' : 'even', now: n * 1000 },
    params: { ...params, prompt: `fox ${n}`, seed: n, checkpoint: n > 5 ? 'new' : 'old' },
  })
  const image = { id: `${id}-0`, width: 64, height: 64, bytes: n * 1000, mime: 'image/png' }
  const timings = { ...made.timings, totalMs: 100 - n }
  return { ...made, state: 'succeeded', images: [image], timings, ...more }
}

let gallery: Gallery
let close: () => Promise<void>
beforeAll(async () => {
  const folder = await temporaryFolder()
  gallery = await openGallery(`${folder.path}/regie.db`)
  for (let n = 1; n <= 10; n += 1) gallery.store.add(sample(n))
  gallery.store.add(sample(11, { state: 'failed', images: [] }))
  gallery.store.add(sample(12, { state: 'cancelled', images: [] }))
  gallery.store.add(sample(13, { state: 'failed', by: 'user' }))
  for (const n of [2, 3, 9]) gallery.notes.setFavourite(`g${n}`, 'user', true)
  gallery.notes.setFavourite('g4', 'admin', true)
  for (const n of [3, 8, 9]) gallery.notes.addTag(`g${n}`, gallery.notes.spelling(n === 3 ? 'Print' : 'pRINT', null))
  close = async () => {
    gallery.close()
    await folder[Symbol.asyncDispose]()
  }
})
afterAll(() => close())

/** The numbers of all pages of a query. */
function numbers(query: Partial<PageQuery>): number[] {
  const found: number[] = []
  let cursor: string | undefined
  do {
    const page = gallery.store.page({ limit: 2, ...query, cursor })
    found.push(...page.items.map(({ id }) => Number(id.slice(1))))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return found
}

describe('what is listed', () => {
  it.each<[string, Partial<PageQuery>, number[]]>([
    ['images: a failed one that left some is one of them', { show: 'images' }, [13, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
    ['what ended without one', { show: 'ended' }, [12, 11]],
    ['one reader’s favourites', { favourite: true, reader: 'user' }, [9, 3, 2]],
    ['nobody’s favourites', { favourite: true }, []],
    ['a tag, whatever its capitals', { tag: 'PRINT' }, [9, 8, 3]],
    ['favourites with a tag', { tag: 'print', favourite: true, reader: 'user' }, [9, 3]],
    [
      'favourites with a tag that a search finds',
      { tag: 'print', favourite: true, reader: 'user', search: 'fox 9' },
      [9],
    ],
    ['a model', { model: 'old', serviceId: 'odd' }, [5, 3, 1]],
    ['one person’s', { by: 'user' }, [13]],
    ['another’s than whoever asks may know of', { by: 'user', sees: 'admin' }, []],
    ['days: from on, and before', { from: 3000, to: 6000 }, [5, 4, 3]],
    ['a day without any', { from: 30_000 }, []],
    ['days of a search', { from: 3000, to: 6000, search: 'fox' }, [5, 4, 3]],
  ])('%s', (_what, query, expected) => {
    expect(numbers(query)).toEqual(expected)
  })

  it.each<[GalleryOrder, number[]]>([
    ['oldest', [1, 2, 3, 4, 5]],
    ['largest', [5, 4, 3, 2, 1]],
    ['longest', [1, 2, 3, 4, 5]],
  ])('the %s first, page by page', (order, expected) => {
    expect(numbers({ order, model: 'old' })).toEqual(expected)
    expect(numbers({ order, model: 'old', search: 'fox' })).toEqual(expected)
  })

  it('keeps its order among equals, and each once', () => {
    gallery.store.add(sample(50, { images: sample(4).images, state: 'queued' }))
    expect(
      numbers({ order: 'largest', to: 51_000, from: 4000, show: 'images' }).filter((n) => n === 4 || n === 50),
    ).toEqual([50, 4])
    gallery.store.purge('g50')
  })

  it('tells what was noted: tags in the spelling that was first, and the reader’s own mark', () => {
    const [nine] = gallery.store.page({ limit: 1, search: 'fox 9', reader: 'user' }).items
    expect(nine).toMatchObject({ tags: ['Print'], favourite: true })
    expect(gallery.store.find('g9', { reader: 'admin' })?.favourite).toBeUndefined()
    expect(gallery.store.find('g1')).not.toHaveProperty('tags')
    expect(gallery.notes.tags()).toEqual([{ tag: 'Print', count: 3 }])
    expect(gallery.notes.models()).toEqual(['new', 'old'])
    expect(gallery.notes.people()).toEqual([
      { account: 'admin', count: 10 },
      { account: 'user', count: 1 },
    ])
    expect(gallery.notes.people('user')).toEqual([{ account: 'user', count: 1 }])
  })

  it('is counted, with its images and bytes', () => {
    expect(gallery.store.totals({ show: 'images' })).toEqual({ generations: 11, images: 11, bytes: 68_000 })
    expect(gallery.store.totals({ tag: 'print' })).toEqual({ generations: 3, images: 3, bytes: 20_000 })
    expect(gallery.store.totals({ search: 'nothing' })).toEqual({ generations: 0, images: 0, bytes: 0 })
    expect(gallery.store.ids({ tag: 'print' }, 2)).toEqual(['g9', 'g8'])
  })
})

describe('the database of an earlier version', () => {
  it('learns what it is filtered by, and its timings add up', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/regie.db`
    const old = await openDatabase(file, migrations.slice(0, 3))
    const add = (seq: number, record: object) => {
      old.database
        .prepare('INSERT INTO generations (seq, id, service_id, state, prompt) VALUES (?, ?, ?, ?, ?)')
        .run(seq, `g${seq}`, 'odd', 'state' in record ? record.state : '', 'fox')
      old.database
        .prepare('INSERT INTO generation_records (seq, record) VALUES (?, ?)')
        .run(seq, JSON.stringify(record))
    }
    const ran = { queueMs: 500, loadMs: null, sampleMs: null, decodeMs: null, totalMs: 1500 }
    add(1, sample(1, { timings: ran, startedAt: 1500, finishedAt: 3000 }))
    const none = { queueMs: null, loadMs: null, sampleMs: null, decodeMs: null, totalMs: null }
    add(2, sample(2, { state: 'cancelled', images: [], timings: none, finishedAt: 2700 }))
    add(3, sample(3, { state: 'queued', images: [], timings: none }))
    old.database.close()

    const opened = await openGallery(file)
    expect(opened.store.page({ limit: 5, show: 'ended' }).items.map(({ id }) => id)).toEqual(['g2'])
    expect(opened.store.page({ limit: 5, model: 'old', from: 1000, to: 2000 }).items).toMatchObject([{ id: 'g1' }])
    expect(opened.store.totals({})).toEqual({ generations: 3, images: 1, bytes: 1000 })
    expect(opened.store.find('g1')?.timings).toEqual({ ...ran, loadMs: 1500, totalMs: 2000 })
    expect(opened.store.find('g2')?.timings).toEqual({ ...none, queueMs: 700, totalMs: 700 })
    expect(opened.store.find('g3')?.timings).toEqual(none)
    opened.close()
  })
})
